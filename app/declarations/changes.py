"""The difference of two versions in words: place by place, old beside new, for the trader and for the officers alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from lxml import etree

from app.declarations import places
from app.declarations.codec import to_package
from app.declarations.comparing import ADDED, MOVED, REMOVED, Change, compare
from app.declarations.form_lists import Lists
from app.declarations.masking import WHOLE, Sight, bare, hidden_paths, mask
from app.declarations.models import Version
from app.declarations.package import Package
from app.declarations.pointers import pointer, steps
from app.declarations.structure import find_node
from app.errors import NotFound
from app.markup import HIDDEN

MOST = 300
"""Differences that a page shows; the rest are counted."""
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})\b")
_DOCUMENT = re.compile(r".*?/AdditionalDocument(?:\[\d+\])?")


@dataclass(frozen=True, slots=True)
class Row:
    """One value: its words, where it stands, what stood there and what stands there now ("" for nothing).

    ``english``: the form has no box for it, and its words are those of the schema, in English.
    """

    label: str
    kind: str
    before: str
    after: str
    pointer: str
    path: str
    english: bool = False


@dataclass(slots=True)
class Block:
    """Values that belong together: a document, or the goods item (or package) itself. ``kind`` added or removed: as a whole."""

    title: str
    kind: str
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """A goods item, or the package as a whole (item None). ``kind``: added, removed, moved (then ``was``) or changed."""

    item: int | None
    title: str
    kind: str
    was: int | None = None
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs: the sections, how many differences there are, and how many of them are not shown."""

    sections: Sequence[Section]
    count: int
    more: int


def between(
    old: etree._Element, new: etree._Element, lists: Lists, sight: Sight = WHOLE, after: Sight | None = None
) -> Changes:
    """Return the difference of two packages in the reader's words (``lists`` knows the language). That a value the reader does
    not see has changed is told; what it was and is, is not. ``after``: what is seen of the newer one, where that differs."""
    coding = lists.edition.document_code
    pair = ((old, sight), (new, after or sight))
    gone, come = (hidden_paths(tree, seen, coding) for tree, seen in pair)
    found = [_veiled(change, gone, come) for change in compare(old, new)]
    older, newer = (to_package(mask(tree, seen, coding)) for tree, seen in pair)
    return lay_out(found, older, newer, lists)


def _veiled(change: Change, gone: frozenset[str], come: frozenset[str]) -> Change:
    if change.kind == MOVED or not (bare(change.was) in gone or bare(change.path) in come):
        return change
    return replace(change, before=change.before and HIDDEN, after=change.after and HIDDEN)


def lay_out(changes: Sequence[Change], old: Package, new: Package, lists: Lists) -> Changes:
    """Put differences into words; ``old`` and ``new`` are the packages they were found between."""
    talker = _Talker(old, new, lists)
    sections: dict[tuple[int | None, bool], Section] = {}
    shown = [change for change in changes if change.kind == MOVED]
    shown += [change for change in changes if change.kind != MOVED][:MOST]
    for change in shown:
        gone = change.kind == REMOVED and not change.path and _is_item(change.block)
        key = (change.item, gone)
        if key not in sections:
            sections[key] = talker.section(change, gone)
        if change.kind == MOVED:
            sections[key].kind, sections[key].was = MOVED, int(change.before)
        else:
            talker.put(sections[key], change)
    ordered = sorted(sections.values(), key=lambda one: (one.item is not None, one.item or 0, one.kind == REMOVED))
    count = sum(1 for change in changes)
    return Changes(ordered, count, max(len(changes) - len(shown), 0))


def _is_item(block: str) -> bool:
    return bool(block) and steps(block)[-1][0] == places.GOODS


class _Talker:
    """Says places and values of two packages in one reader's words."""

    def __init__(self, old: Package, new: Package, lists: Lists) -> None:
        self.old, self.new, self.lists = old, new, lists

    def section(self, change: Change, gone: bool) -> Section:
        """Begin the section a difference stands in."""
        if change.item is None:
            return Section(None, _("The package as a whole"), "changed")
        package = self.old if gone or not change.path else self.new
        lines = {line.number: line for line in package.lines}
        said = lines[change.item].description if change.item in lines else ""
        kind = change.kind if _is_item(change.block) else "changed"
        return Section(change.item, said, kind)

    def put(self, section: Section, change: Change) -> None:
        """Add a difference to its section, under the document it belongs to."""
        title, kind = self._block(change)
        found = next((one for one in section.blocks if (one.title, one.kind) == (title, kind)), None)
        if found is None:
            found = Block(title, kind)
            section.blocks.append(found)
        found.rows.append(self._row(change))

    def _package(self, change: Change) -> Package:
        return self.new if change.path else self.old

    def _block(self, change: Change) -> tuple[str, str]:
        within = _DOCUMENT.match(change.place)
        whole = change.kind if change.block and not _is_item(change.block) else ""
        if within is None:
            return "", ""
        title = places.words(within[0], self._package(change), self.lists)
        return title, whole

    def _row(self, change: Change) -> Row:
        package = self._package(change)
        box = places.box_of(change.place, package)
        words = str(box.label) if box is not None else _file_words(change.place)
        return Row(
            label=words or _title(change.place),
            kind=change.kind,
            before=self._value(change.before, change.place, box),
            after=self._value(change.after, change.place, box),
            pointer=pointer(change.place),
            path=change.place,
            english=not words,
        )

    def _value(self, value: str, path: str, box: Any) -> str:
        node = find_node(path)
        if node is not None and node.is_date:
            return _DAY.sub(r"\3.\2.\1", value, count=1)
        if box is not None and box.codes and value:
            words = self.lists.words(box.codes, value)
            return words if words == value or value in words else f"{words} ({value})"
        return value


def _file_words(path: str) -> str:
    """The words for what a document says of its file; "" for any other place."""
    if "/Attachment/" not in path:
        return ""
    words = {
        "FileName": _("Name of the file"),
        "SHA256": _("The file itself (SHA-256)"),
        "MediaType": _("Kind of file"),
    }
    return str(words.get(path.rpartition("/")[2], ""))


def _title(path: str) -> str:
    node = find_node(path)
    return (node.title or node.name) if node is not None else path.rpartition("/")[2]


# --- the list of versions -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a package: when and why it came, which approvals it kept, who looked again, who was asked no more."""

    number: int
    at: Any
    cause: str
    digest: str
    carried: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def version_lines(versions: Iterable[Version], entries: Iterable[Any]) -> list[VersionLine]:
    """Return the versions of a package, newest first, with what the ledger says about each (``declaration.amended``)."""
    told = {one.payload["version"]: one.payload for one in entries if one.event == "declaration.amended"}
    made = []
    for version in sorted(versions, key=lambda one: one.number, reverse=True):
        said = told.get(version.number, {})
        kept = (tuple(said.get(name, ())) for name in ("carried", "reopened", "closed"))
        made.append(VersionLine(version.number, version.created_at, version.cause, version.digest, *kept))
    return made


def versions_named(named: Mapping[str, str], newest: int) -> tuple[int, int]:
    """Return the two versions that an address names (``from``, ``to``), older first; by default the last two.

    Raises NotFound for others than this package has.
    """
    try:
        after = int(named.get("to") or newest)
        before = int(named.get("from") or after - 1)
    except ValueError:
        raise NotFound() from None
    if not 1 <= before < after <= newest:
        raise NotFound()
    return before, after


KINDS = {ADDED: "ok", REMOVED: "stop", MOVED: "blue", "changed": "due"}
"""The tone of the tag of each kind of difference."""
