"""Where in the file each schema fault stands.

libxml2's streaming validator gives neither line nor path, and ``XMLSchema.validate`` is quadratic in the faults and
leaks between threads (trust.md findings 1 and 2). So the file is read once more with the schema and a target that
counts elements: a fault that appears in the parser's log belongs to the element event just before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from app.declarations.schema import SchemaSet

MakeParser = Callable[[SchemaSet | None, object], etree.XMLParser]


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry of the validator's log: its type, its message, the element, and whether that was ending."""

    type: int
    message: str
    element: etree._Element
    ending: bool


class _Enough(Exception):
    """The target has seen as many faults as are shown."""


class _Watcher:
    """A parser target that ties log entries to elements by counting them in document order."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.parser: etree.XMLParser | None = None
        self.found: list[tuple[int, str, int, bool]] = []
        self._count, self._logged = -1, 0
        self._open: list[int] = []
        self._last = (0, False)

    def start(self, tag: str, attrib: object) -> None:
        """An element begins; what was logged since the last event belongs to that one."""
        self.look()
        self._count += 1
        self._open.append(self._count)
        self._last = (self._count, False)

    def end(self, tag: str) -> None:
        """An element ends; its own value is judged after this call."""
        self.look()
        self._last = (self._open.pop(), True)

    def data(self, text: str) -> None:
        """Text is of no interest here."""

    def close(self) -> None:
        """The document is over."""
        self.look()

    def look(self) -> None:
        """Attribute new entries of the log to the last event."""
        log = self.parser.error_log if self.parser is not None else ()
        if len(log) == self._logged:
            return
        for entry in list(log)[self._logged :]:
            self.found.append((entry.type, entry.message, *self._last))
        self._logged = len(log)
        if len(self.found) >= self.most:
            raise _Enough


def locate(
    data: bytes, known: SchemaSet, elements: Sequence[etree._Element], make: MakeParser, most: int
) -> tuple[list[Finding], int]:
    """Return at most ``most`` findings with their elements, and how many more there are.

    ``elements`` are those of the same bytes in document order: the n-th to begin there is the n-th here.
    """
    watcher = _Watcher(most)
    watcher.parser = make(known, watcher)
    try:
        etree.fromstring(data, watcher.parser)
    except (_Enough, etree.LxmlError, ValueError):
        watcher.most = most + len(watcher.parser.error_log) + 1
        watcher.look()
    findings = [Finding(kind, text, elements[index], ending) for kind, text, index, ending in watcher.found[:most]]
    more = _total(data, make(known, None)) - len(findings) if len(watcher.found) >= most else 0
    return findings, max(more, 0)


def _total(data: bytes, parser: etree.XMLParser) -> int:
    """Count all schema faults of a file, fast: one streaming pass without a target."""
    try:
        etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return len(parser.error_log)
    return 0


class Mended:
    """A copy of a faulty tree in which what stopped the validator is mended, to find what stood behind it.

    After one element out of place libxml2 judges none of its later siblings; a trader would send five times to learn of
    five faults. Each element of the copy remembers the one it was copied from; one put in remembers its parent's.
    """

    def __init__(self, tree: etree._Element) -> None:
        self.tree = deepcopy(tree)
        self._pairs = list(zip(self.tree.iter(etree.Element), tree.iter(etree.Element), strict=True))
        self._source = {id(copied): source for copied, source in self._pairs}
        self._copied = {id(source): copied for copied, source in self._pairs}

    def elements(self) -> list[etree._Element]:
        """Return the originals of the copy's elements in document order."""
        return [self._source[id(element)] for element in self.tree.iter(etree.Element)]

    def remove(self, source: etree._Element) -> None:
        """Leave out the copy of an element that stands where nothing like it may."""
        copied = self._copied[id(source)]
        parent = copied.getparent()
        if parent is not None:
            parent.remove(copied)

    def put_before(self, source: etree._Element, tag: str, text: str) -> None:
        """Put in a required element that is missing before the copy of another."""
        copied = self._copied[id(source)]
        parent = copied.getparent()
        if parent is not None:
            made = etree.Element(tag)
            made.text = text
            parent.insert(parent.index(copied), made)
            self._pairs.append((made, self._source[id(parent)]))
            self._source[id(made)] = self._source[id(parent)]
