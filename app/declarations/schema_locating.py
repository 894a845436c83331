"""Where in the file each schema fault stands.

libxml2's streaming validator gives neither line nor path, and ``XMLSchema.validate`` is quadratic in the faults and
leaks between threads (trust.md findings 1 and 2). So the file is read once more with the schema and a target that
counts elements: a fault that appears in the parser's log belongs to the element event just before it.
"""

from __future__ import annotations

from collections.abc import Callable
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
    data: bytes, known: SchemaSet, tree: etree._Element, make: MakeParser, most: int
) -> tuple[list[Finding], int]:
    """Return at most ``most`` findings with their elements in ``tree``, and how many more there are.

    ``tree`` is the same bytes read without the schema, so that the n-th element here is the n-th there.
    """
    watcher = _Watcher(most)
    watcher.parser = make(known, watcher)
    try:
        etree.fromstring(data, watcher.parser)
    except (_Enough, etree.LxmlError, ValueError):
        watcher.most = most + len(watcher.parser.error_log) + 1
        watcher.look()
    elements = list(tree.iter(etree.Element))
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
