"""The gate before a stranger's bytes: nothing is routed, shown, pictured or handed out before a scanner called it clean.

It stands wherever a scanner is set or the window is no demonstration: with no scanner to open it, everything is held
(trust.md P5, ASVS 5.4.3). What the window made itself needs no look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app, has_app_context
from flask_babel import lazy_gettext as _l

from app.documents.models import Blob
from app.errors import Conflict, NotAllowed

NOT_SCANNED, CLEAN, INFECTED = "not scanned", "clean", "infected"
STATES = (NOT_SCANNED, CLEAN, INFECTED)


def stands() -> bool:
    """Whether files wait for a scanner here. False without an application: nothing is served there."""
    if not has_app_context():
        return False
    settings = current_app.extensions["akno.settings"]
    return settings.scanner != "none" or not settings.demonstration


def passes(blob: Blob) -> bool:
    """Whether bytes may be shown, drawn, handed out, or leave with a package."""
    if blob.scan == INFECTED:
        return False
    return blob.ours or blob.scan == CLEAN or not stands()


def passing() -> sa.ColumnElement[bool]:
    """The same as a condition on rows of blobs."""
    if not stands():
        return Blob.scan != INFECTED
    return sa.and_(Blob.scan != INFECTED, sa.or_(Blob.ours, Blob.scan == CLEAN))


def must_pass(blob: Blob) -> None:
    """Raise NotAllowed for bytes in which something was found, Conflict for those that wait for the scanner."""
    if blob.scan == INFECTED:
        raise NotAllowed(_l("A scanner found malicious software in this file. Nobody can fetch it."))
    if not passes(blob):
        raise Conflict(held_words(blob), {"code": "not-scanned", "scan": blob.scan})


@dataclass(frozen=True, slots=True)
class Told:
    """The scan of some bytes for a page: in words, the tone of its tag, and whether they may be opened."""

    words: Any
    tone: str
    open: bool


def told(blob: Blob) -> Told:
    """Say how far the scan of some bytes is; never "clean" without a scanner."""
    if blob.scan == INFECTED:
        return Told(_l("malicious software found"), "stop", False)
    if blob.scan == CLEAN:
        return Told(_l("scanned, nothing found"), "ok", True)
    if passes(blob):
        return Told(_l("not scanned (no scanner configured)"), "due", True)
    if blob.scan_problem == "oversize":
        return Told(_l("too large to be scanned"), "stop", False)
    return Told(_l("being scanned"), "blue", False)


def held_words(blob: Blob) -> Any:
    """Why a file waits and what its reader can do."""
    if blob.scan_problem == "oversize":
        return _l(
            "This file is too large for the virus scanner, so it stays closed. Split the document into smaller files "
            "and bring them again."
        )
    return _l(
        "This file is being scanned for malicious software. Nobody can open it before that. Try again in a minute."
    )
