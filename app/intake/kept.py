"""Whether everything a sender said is kept: the loss report of a filed version, from the bytes as they arrived."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app import markup
from app.declarations import codec, losses, parsing
from app.declarations.models import Version
from app.documents import serving
from app.errors import Invalid
from app.intake.container import is_zip, unpack
from app.intake.opening import open_bytes
from app.requirements.outcome import Outcome


def report_of(version: Version) -> losses.Report:
    """Return the loss report of a version that was read with its XML and outcome (``finders.get_version``)."""
    tree = markup.read(version.canonical)
    body = serving.reread(version.received_sha256) if version.received_sha256 else None
    received = _xml(body) if body is not None else None
    root = parsing.plain(received).tree if received is not None else None
    return losses.report(root, tree, codec.to_package(tree), Outcome.from_dict(version.outcome))


def report_of_file(body: bytes) -> losses.Report:
    """Return what would become of a file that is not filed. Raises Invalid with its faults where it cannot be read."""
    opened = open_bytes(body)
    if opened.tree is None:
        raise Invalid(opened.faults)
    return losses.report(parsing.plain(opened.xml).tree, opened.tree, codec.to_package(opened.tree))


def _xml(body: bytes) -> bytes | None:
    """The declaration in what arrived: the file itself, or the one in its ZIP."""
    if not is_zip(body):
        return body
    container, _faults = unpack(body)
    return container.declaration if container is not None else None


@dataclass(frozen=True, slots=True)
class Counts:
    """A loss report in figures."""

    values: int
    lost: int
    unnamed: int


_COUNTED: dict[uuid.UUID, Counts] = {}
_MOST_COUNTED = 1000
"""Versions whose figures are remembered by a process: a version never changes, and its page is opened often."""


MOST_ITEMS = 100
"""Goods items of a package whose figures stand on its page; those of a larger one are made when its values are asked for."""


def counts_of(version: Version, items: int) -> Counts | None:
    """Return the figures of a version's loss report; None for a package of too many items to count them for every page."""
    if items > MOST_ITEMS:
        return None
    found = _COUNTED.get(version.id)
    if found is None:
        report = report_of(version)
        found = Counts(report.values, len(report.lost), len(report.unnamed))
        if len(_COUNTED) >= _MOST_COUNTED:
            _COUNTED.clear()
        _COUNTED[version.id] = found
    return found
