"""The whole ledger, examined from its raw rows: what ``flask ledger verify`` does (trust.md R20).

Nothing that is stored is believed: each leaf is hashed from the bytes of its entry, each column of the entry is compared with
what the bytes say, each subtree and root is made anew, and the roots are compared with the checkpoints that were signed, in the
database and outside of it. Rows are read as the driver gives them, so that no bent value hides behind a conversion. In batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.database import session
from app.ledger import merkle, raw, tree
from app.ledger.log_models import Node
from app.ledger.signed import Signed

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was recorded: the index in the log (None: not of one leaf), what, and where exactly."""

    index: int | None
    what: str
    where: str = ""

    def __str__(self) -> str:
        place = "" if self.index is None else f"index {self.index}: "
        return f"{place}{self.what}{' (' + self.where + ')' if self.where else ''}"


@dataclass(slots=True)
class Report:
    """What an examination saw; ``leaves`` and ``waiting`` count sealed entries and those not sealed yet."""

    leaves: int = 0
    waiting: int = 0
    checkpoints: int = 0
    copies: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def first_bad(self) -> int | None:
        """The lowest index at which something is wrong; None when nothing is, or nothing that has a place."""
        return min((one.index for one in self.findings if one.index is not None), default=None)

    @property
    def good(self) -> bool:
        """Whether everything is as it was recorded."""
        return not self.findings


Progress = Callable[[int], None]


def examine(signed: Signed, *, since: int = 0, progress: Progress = lambda done: None) -> Report:
    """Examine every sealed entry from index ``since``, the tree above them, and what was signed; then what waits to be sealed.

    ``since`` must be the size of a checkpoint: the tree before it is taken as that checkpoint says. Reads only.
    """
    report = Report(findings=list(signed.findings_as(Finding)))
    walk = _Walk(report, signed, since)
    try:
        walk.edge = tree.frontier(since)
    except tree.TreeBroken as broken:
        report.findings.append(Finding(since, "the stored tree has a hole", str(broken)))
        walk.edge = merkle.Frontier()
    walk.compare_root()
    for rows in raw.sealed(since, BATCH):
        walk.take_in(rows)
        progress(walk.edge.size)
    walk.end()
    return report


class _Walk:
    """One walk along the leaves."""

    def __init__(self, report: Report, signed: Signed, since: int) -> None:
        self.report, self.signed, self.since = report, signed, since
        self.edge = merkle.Frontier()
        self.before: tuple[Any, Any] = (-1, -1)
        self.seen: set[bytes] = set()
        self.agreed = since

    def take_in(self, rows: list[raw.Row]) -> None:
        """Examine a batch of rows, then the subtrees that it completes."""
        made: dict[merkle.Node, bytes] = {}
        for row in rows:
            self._examine(row)
            made |= {(level, number): one for level, number, one in self.edge.append(row.made or row.held)}
            self.compare_root()
        self._compare_nodes(made)

    def _examine(self, row: raw.Row) -> None:
        at = self.edge.size
        if row.index != at:
            self._say(at, "a leaf of the log is missing" if row.index > at else "two leaves have one place")
        for what, where in row.faults():
            self._say(row.index, what, where)
        place = (row.transaction_id, row.position)
        if not _before(self.before, place):
            self._say(row.index, "an entry is not in its order")
        self.before = place
        if row.made is not None and row.made in self.seen:
            self._say(row.index, "an entry stands in the log twice")
        self.seen.add(row.made or b"")

    def compare_root(self) -> None:
        """Compare the root so far with every checkpoint of this size, and say the first that differs."""
        for said in self.signed.at(self.edge.size):
            self._count(said)
            if self._sound and said.root != self.edge.root():
                self._say(self.agreed, f"the first {self.edge.size} entries are not those that were signed", said.where)
        if self.signed.at(self.edge.size) and self._sound:
            self.agreed = self.edge.size

    def _count(self, said: Any) -> None:
        self.report.checkpoints += not said.outside
        self.report.copies += said.outside

    def _compare_nodes(self, made: dict[merkle.Node, bytes]) -> None:
        for level, number in tree.differing(made):
            if self._sound:
                self._say(number << level, "a stored hash of the tree is wrong", f"level {level}, number {number}")

    @property
    def _sound(self) -> bool:
        """Whether no leaf was wrong so far: behind a wrong one every hash above differs and says nothing more."""
        return self.report.first_bad is None

    def end(self) -> None:
        """Look at what lies beyond the last leaf: checkpoints of more entries, entries that were never sealed."""
        size = self.edge.size
        self.report.leaves = size
        beyond = self.signed.beyond(size)
        for said in beyond:
            self._count(said)
        if beyond:
            largest = max(beyond, key=lambda said: said.size)
            self._say(size, f"the log ends here, but {largest.size} entries were signed", largest.where)
        stored = session().scalar(sa.select(sa.func.count()).select_from(Node)) or 0
        if self._sound and stored != sum(size >> level for level in range(1, size.bit_length())):
            self._say(None, "the stored tree has more hashes than its leaves make")
        for row in raw.waiting():
            self.report.waiting += 1
            for what, where in row.faults():
                self._say(None, f"entry {row.position}, not sealed yet: {what}", where)
            if _before((row.transaction_id, row.position), self.before):
                self._say(None, f"entry {row.position} was put among entries that were sealed without it")
            if row.made in self.seen:
                self._say(None, f"entry {row.position} stands in the log already")

    def _say(self, index: int | None, what: str, where: str = "") -> None:
        self.report.findings.append(Finding(index, what, where))


def _before(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    try:
        return bool(one < other)
    except TypeError:  # SQLite keeps whatever is written, also words where numbers stand
        return False


def lines(report: Report, most: int = 20) -> Iterator[str]:
    """Say the findings of a report, at most so many, worst place first."""
    ordered = sorted(report.findings, key=lambda one: (one.index is None, one.index or 0))
    yield from map(str, ordered[:most])
    if len(ordered) > most:
        yield f"and {len(ordered) - most} more"
