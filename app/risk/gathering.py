"""Gathering the facts of a package for its assessment: what it says itself at once, what must be read only when it is asked.

A fact is worked out when a condition looks at it and not before; a group that must be read (a trader's past, peers, documents
in other packages, accreditations, advance information) costs one statement the first time any condition looks at it, however
many indicators, goods items and facts there are. What the window cannot know is None.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app import clock
from app.advance import facts as advance_facts
from app.advance import quoting
from app.advance.finders import Quoted
from app.database import session
from app.declarations import marks
from app.declarations.models import Declaration, Mark
from app.declarations.package import Line, Package
from app.identity.models import Organisation
from app.requirements.compiling import CompiledEdition
from app.risk import declared, past, peers
from app.risk.declared import Said
from app.risk.facts import ITEM, ItemValues, Ref, RiskFacts, Value, reading
from app.risk.peers import Cell
from app.risk.peers_finders import find_usual
from app.risk.watch_matching import Found
from app.traders.advantages import Held
from app.traders.finders import list_held

UNKNOWN_OWNER = uuid.UUID(int=0)
"""Nobody's past: of a package whose owner the window does not know."""
MEASURED = (peers.VALUE, peers.MASS)
REUSE_DAYS = 1095
"""As far back as a condition can ask for a document in other packages."""
_REUSED = (
    sa.select(Mark.mark, sa.func.max(Declaration.registered_at))
    .join(Declaration, Declaration.id == Mark.declaration_id)
    .where(
        Mark.mark.in_(sa.bindparam("words", expanding=True)), Declaration.registered_at >= sa.bindparam("since"),
        Declaration.number != sa.bindparam("own"),
    )
    .group_by(Mark.mark)
)  # fmt: skip
"""Built once: it is asked of every package with a certificate."""


class Values(dict[str, Value]):
    """Facts by key, each worked out when it is first looked at."""

    def __init__(self, find: Callable[[Ref], Value]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: str) -> Value:
        value = self[key] = self._find(reading(key))
        return value

    def get(self, key: str, default: Any = None) -> Value:
        """Return a fact; never ``default``, for what is not known is None."""
        return self[key]


def gather(
    package: Package, owner: Organisation | None, edition: CompiledEdition, *, on: date, number: str = "",
    wanted: Iterable[Ref] = (), held: tuple[Held, ...] | None = None, quoted: Mapping[str, Quoted] | None = None,
    watched: Sequence[Found] | None = None,
) -> tuple[RiskFacts, Reads]:  # fmt: skip
    """Return the facts of a package on its filing day, and what was read for them. ``number``: its own registration number,
    which is no reuse; ``wanted``: what the candidates ask, so that one read answers all of it; ``held``, ``quoted``:
    accreditations and advance information read already."""
    said = Said(package, edition, on)
    read = Reads(said, owner, number, tuple(wanted), held, quoted, watched)
    items = tuple(
        ItemValues(line.number, line.code, Values(lambda ref, line=line: _of(said, read, ref, line)))  # type: ignore[misc]
        for line in package.lines
    )
    return RiskFacts(package.direction, on, Values(lambda ref: _of(said, read, ref, None)), items), read


def _of(said: Said, read: Reads, ref: Ref, line: Line | None) -> Value:
    if declared.tells(ref):
        return declared.value_of(said, ref, line)
    find = _READ.get(ref.kind.name)
    if find is None or (ref.kind.level == ITEM and line is None):
        return None
    return find(read, ref, line)


class Reads:
    """What is read for one package, each group once."""

    def __init__(
        self,
        said: Said,
        owner: Organisation | None,
        number: str,
        wanted: tuple[Ref, ...],
        given: tuple[Held, ...] | None,
        quoted: Mapping[str, Quoted] | None = None,
        watched: Sequence[Found] | None = None,
    ) -> None:
        self.said, self.owner, self.number, self.wanted, self._given = said, owner, number, wanted, given
        self._quoted, self.watched = quoted, watched

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """The accreditations of the package's owner that count on its filing day."""
        if self._given is not None:
            return self._given
        return list_held(self.owner.id if self.owner else None, self.said.on)

    @cached_property
    def announced(self) -> Mapping[str, Value]:
        """What the advance information says that the package quotes; one statement, none where it quotes none of ours."""
        quoted = self._quoted
        if quoted is None:
            quoted = quoting.read(self.said.package, self.owner.id if self.owner else None)
        return advance_facts.values(self.said.package, quoted)

    @property
    def known_held(self) -> tuple[Held, ...] | None:
        """The accreditations where they were read, None where nobody asked."""
        return self.__dict__.get("held")

    @cached_property
    def figures(self) -> Mapping[int, peers.Figures]:
        """What of each goods item is compared with others."""
        return {one.item: one for one in peers.figures_of(self.said.package)}

    @cached_property
    def usual(self) -> tuple[Mapping[str, Cell], past.Past]:
        """What is usual among peers, and the trader's own past: one statement for both."""
        keys = [key for one in self.figures.values() for measure in MEASURED for key in peers.keys_of(one, measure)]
        prefixes = {one.code for one in self.figures.values()}
        prefixes |= {part for ref in self.wanted if "prefix" in ref.kind.parameters for part in _prefixes(ref)}
        owner = self.owner.id if self.owner else UNKNOWN_OWNER
        return find_usual(
            keys, owner, self.said.package.direction, prefixes, partner=past.partner_of(self.said.package)
        )

    @property
    def past(self) -> past.Past:
        """The trader's own past."""
        return self.usual[1]

    def cell(self, line: Line, measure: str) -> Cell | None:
        """Return what the nearest peers say of a measure of an item, None where there are too few."""
        figures = self.figures.get(line.number)
        return peers.nearest(self.usual[0], peers.keys_of(figures, measure)) if figures else None

    @cached_property
    def reused(self) -> Mapping[str, date]:
        """The numbers of documents (as marks) that stand in another package of the last years, with its latest day."""
        words = {marks.normal(one.number) for one in self.said.package.all_documents}
        words = {word for word in words if len(word) >= marks.SHORTEST}
        if not words:
            return {}
        since = clock.now() - timedelta(days=REUSE_DAYS)
        given = {"words": sorted(words), "since": since, "own": self.number}
        return {
            word: at.astimezone(clock.MINSK).date() for word, at in session().execute(_REUSED, given) if at is not None
        }


# --- documents ----------------------------------------------------------------------------------------------------


def _reused(read: Reads, ref: Ref, line: Line | None) -> Value:
    assert line is not None
    since = read.said.on - timedelta(days=int(ref.arg("days")))
    words = [marks.normal(one.number) for one in declared.papers_of(read.said, line, ref.arg("code"))]
    # Mostly there is no such document, and nothing to be looked for.
    return bool(words) and any(word in read.reused and read.reused[word] >= since for word in words)


# --- a trader's past --------------------------------------------------------------------------------------------------


def _prefixes(ref: Ref) -> list[str]:
    return ref.arg("prefix").split("+")


def _first_time(read: Reads, ref: Ref, line: Line | None) -> Value:
    first = read.past.first_on()
    return first is None or first >= read.said.on


def _prior(read: Reads, ref: Ref, line: Line | None) -> Value:
    months = int(ref.arg("months"))
    codes = _prefixes(ref) if line is None else [line.code[:4]]
    return Decimal(sum(read.past.packages(code, read.said.on, months=months) for code in codes))


def _in_days(read: Reads, ref: Ref, line: Line | None) -> Value:
    return Decimal(read.past.in_days("", read.said.on, days=int(ref.arg("days"))))


def _pair(read: Reads, ref: Ref, line: Line | None) -> Value:
    partner = past.partner_of(read.said.package)
    if not partner:
        return None
    return Decimal(read.past.in_days("", read.said.on, days=int(ref.arg("days")), partner=partner))


def _shift(read: Reads, ref: Ref) -> Decimal | None:
    """By how much the share of goods in the trader's packages rose in the last months against the year before them."""
    recent = past.back(read.said.on, int(ref.arg("months")))
    since = past.back(recent, 12)
    shift = 0.0
    for prefix in _prefixes(ref):
        before, now = read.past.share(prefix, since, recent), read.past.share(prefix, recent, read.said.on)
        if before is None or now is None:
            return None
        shift += now - before
    return _decimal(shift)


def _drop(read: Reads, ref: Ref, line: Line | None) -> Value:
    shift = _shift(read, ref)
    return None if shift is None else max(-shift, Decimal(0))


def _rise(read: Reads, ref: Ref, line: Line | None) -> Value:
    shift = _shift(read, ref)
    return None if shift is None else max(shift, Decimal(0))


def _to_own_past(read: Reads, ref: Ref, line: Line | None) -> Value:
    assert line is not None
    usual, figures = read.past.quantity(line.code), read.figures.get(line.number)
    return _to_median(figures.net_kg if figures else None, usual)


# --- peers ------------------------------------------------------------------------------------------------------------


def _peers(read: Reads, ref: Ref, line: Line | None) -> Value:
    """How many peers there are to compare with: those of the nearest cell that has enough, else of the largest."""
    assert line is not None
    figures = read.figures.get(line.number)
    if figures is None:
        return Decimal(0)
    nearest = read.cell(line, peers.VALUE)
    if nearest is not None:
        return Decimal(nearest.count)
    cells = (read.usual[0].get(key) for key in peers.keys_of(figures, peers.VALUE))
    return Decimal(max((cell.count for cell in cells if cell is not None), default=0))


def _value_to_peers(read: Reads, ref: Ref, line: Line | None) -> Value:
    assert line is not None
    figures = read.figures.get(line.number)
    return _to_median(figures.unit_value if figures else None, read.cell(line, peers.VALUE))


def _mass_to_peers(read: Reads, ref: Ref, line: Line | None) -> Value:
    assert line is not None
    figures = read.figures.get(line.number)
    return _to_median(figures.per_package if figures else None, read.cell(line, peers.MASS))


def _percentile(read: Reads, ref: Ref, line: Line | None) -> Value:
    """Where the value per kilogram stands among peers, 0 to 100, read between the quantiles that a cell keeps."""
    assert line is not None
    figures, cell = read.figures.get(line.number), read.cell(line, peers.VALUE)
    if figures is None or figures.unit_value is None or cell is None:
        return None
    steps = sorted([*zip(peers.QUANTILES, cell.quantiles, strict=True), (0.5, cell.median)])
    below, low = 0.0, 0.0
    for share, edge in steps:
        if figures.unit_value < edge:
            within = (figures.unit_value - low) / (edge - low) if edge > low else 0.0
            return _decimal((below + (share - below) * within) * 100)
        below, low = share, edge
    return Decimal(100)


def _to_median(figure: float | None, cell: Cell | None) -> Decimal | None:
    return None if figure is None or cell is None or not cell.median else _decimal(figure / cell.median)


def _decimal(number: float) -> Decimal:
    """A figure as it is compared and shown: four places are more than anybody reads aloud."""
    return Decimal(str(round(number, 4)))


# --- the company and its accreditations -----------------------------------------------------------------------------


def _days_known(read: Reads, ref: Ref, line: Line | None) -> Value:
    if read.owner is None:
        return None
    return Decimal((read.said.on - read.owner.created_at.astimezone(clock.MINSK).date()).days)


def _accredited_for(read: Reads, ref: Ref, line: Line | None) -> Value:
    assert line is not None
    return frozenset(one.kind for one in read.held if one.scope.covers(line.code, line.procedure))


def _announced(read: Reads, ref: Ref, line: Line | None) -> Value:
    return read.announced[ref.kind.name]


def _alert_kinds(read: Reads, _ref: Ref, _line: Line | None) -> Value:
    """What of the watch-lists the package matches, by kind of entry; None where nobody has looked."""
    return None if read.watched is None else frozenset(one.entry.kind for one in read.watched)


_READ: dict[str, Callable[[Reads, Ref, Line | None], Value]] = {
    "item.document_reused": _reused,
    "company.days_known": _days_known,
    "company.registered": lambda read, ref, line: read.owner is not None and read.owner.closed_at is None,
    "trader.first_time": _first_time,
    "trader.prior_packages": _prior,
    "trader.packages_in_days": _in_days,
    "trader.pair_packages": _pair,
    "trader.share_drop": _drop,
    "trader.share_rise": _rise,
    "item.prior_packages": _prior,
    "item.kg_to_own_past": _to_own_past,
    "item.peers": _peers,
    "item.value_per_kg_to_peers": _value_to_peers,
    "item.value_percentile": _percentile,
    "item.kg_per_package_to_peers": _mass_to_peers,
    "trader.accreditations": lambda read, ref, line: frozenset(one.kind for one in read.held),
    "item.accredited_for": _accredited_for,
    "alerts.count": lambda read, ref, line: None if read.watched is None else Decimal(len(read.watched)),
    "alerts.kinds": _alert_kinds,
    **{f"advance.{name}": _announced for name in advance_facts.NAMES},
}
