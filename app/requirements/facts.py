"""The facts of a package that measures can read: plain values, made by whoever holds the package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.traders.advantages import Held


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One supporting document, its ``type`` already our code (``CompiledEdition.document_code``).

    ``attached``: a file stands with it. ``registered``: its number was found in a registry the window holds.
    ``fingerprint``: a digest of the file, so that a changed file changes the digest of the reviews that read it.
    """

    type: str
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    attached: bool = False
    registered: bool = False
    path: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One goods item. ``code`` has digits only, ``origin`` is alpha-2, ``answers`` map a flag or measure id to yes or
    no.

    ``data_flags`` are proved by the data and ``settled`` are known to be untrue from it; neither is asked again.
    ``evidence`` says for a flag which pointer and value proved it. ``fingerprint``: a digest of everything in the item.
    """

    number: int
    code: str
    origin: str = ""
    origin_region: str = ""
    procedure: str = ""
    answers: Mapping[str, bool] = field(default_factory=dict)
    data_flags: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    evidence: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    documents: tuple[DocumentFacts, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """A whole package on its filing day ``on``. ``direction`` is import, export, transit or empty when not known.

    ``answers``, ``data_flags``, ``settled``, ``evidence`` and ``documents`` are those of the header and hold for
    every item. ``held``: the accreditations of the package's owner, which may spare it a document.
    """

    direction: str
    on: date
    items: tuple[ItemFacts, ...]
    destination: str = ""
    answers: Mapping[str, bool] = field(default_factory=dict)
    data_flags: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    evidence: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    documents: tuple[DocumentFacts, ...] = ()
    held: tuple[Held, ...] = ()
