"""Looking for the entries of watch-lists in a package: exact numbers by look-up, names by likeness. Pure.

Names are compared with few of many entries: those that share the beginning or the end of a word. A beginning that many share
is passed over where a rarer one is there.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.declarations.package import Package
from app.risk import names
from app.risk.watch_models import CONTAINER, DOCUMENT, NAME, UNP, VEHICLE

CROWD = 400
"""Entries that share a beginning before it is passed over for a rarer one."""
MOST = 20
"""Matches told of one package: who files under twenty watched names is seen already."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An entry as it is looked for. ``rejected``: what an officer has said is another one, as compared; ``confirmed``: the same."""

    id: uuid.UUID
    agencies: tuple[str, ...]
    kind: str
    words: str
    compared: str
    effect: str
    valid_from: date
    valid_to: date
    rejected: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()

    def holds(self, on: date) -> bool:
        """Whether it is looked for on a day; its last day is the one before ``valid_to``."""
        return self.valid_from <= on < self.valid_to


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a package that looks like an entry. ``sure``: a number that is the same, or a name an officer confirmed."""

    entry: Watched
    place: str
    words: str
    compared: str
    likeness: int
    pairs: tuple[tuple[str, str, int], ...]
    sure: bool


@dataclass(frozen=True)
class CompiledWatch:
    """Every entry that is looked for, laid out for looking. ``stamp`` names the list."""

    stamp: int
    exact: Mapping[tuple[str, str], Sequence[Watched]]
    named: Mapping[str, Sequence[Watched]]
    blocks: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def look(self, package: Package, on: date) -> tuple[Found, ...]:
        """Return what in a package looks like an entry that is looked for on that day, the likest first."""
        found: dict[tuple[uuid.UUID, str], Found] = {}
        for kind, place, words in things_in(package):
            for one in self._one(kind, place, words, on):
                found.setdefault((one.entry.id, one.place), one)
        return tuple(sorted(found.values(), key=lambda one: (-one.likeness, one.place))[:MOST])

    def _one(self, kind: str, place: str, words: str, on: date) -> Iterator[Found]:
        if kind != NAME:
            compared = names.mark(words)
            for entry in self.exact.get((kind, compared), ()):
                if entry.holds(on) and compared not in entry.rejected:
                    yield Found(entry, place, words, compared, names.SAME, (), True)
            return
        compared = names.skeleton(words)
        for other in self._near(compared):
            score = names.score_of(compared, other)
            if score < names.ALIKE:
                continue
            for entry in self.named[other]:
                if entry.holds(on) and compared not in entry.rejected:
                    pairs = names.likeness(words, entry.words).pairs
                    yield Found(entry, place, words, compared, score, pairs, compared in entry.confirmed)

    def _near(self, compared: str) -> Iterable[str]:
        """The skeletons that share the beginning or the end of a word; crowded ones only where nothing rarer is shared."""
        shared = [self.blocks[key] for key in keys_of(compared) if key in self.blocks]
        rare = [block for block in shared if len(block) <= CROWD]
        return set().union(*(rare or shared)) if shared else ()


def compiled(entries: Iterable[Watched], stamp: int = 0) -> CompiledWatch:
    """Lay entries out for looking."""
    exact: dict[tuple[str, str], list[Watched]] = defaultdict(list)
    named: dict[str, list[Watched]] = defaultdict(list)
    blocks: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.kind == NAME:
            named[entry.compared].append(entry)
            for key in keys_of(entry.compared):
                blocks[key].add(entry.compared)
        else:
            exact[entry.kind, entry.compared].append(entry)
    return CompiledWatch(stamp, dict(exact), dict(named), {key: frozenset(some) for key, some in blocks.items()})


def keys_of(compared: str) -> set[str]:
    """Return the beginnings and ends of the words of a skeleton under which it is found."""
    return {
        key for word in compared.split() if len(word) > 1 for key in (f"{word[:3]}-", f"-{word[-4:]}")
    }  # fmt: skip


def things_in(package: Package) -> Iterator[tuple[str, str, str]]:
    """Tell what in a package can stand on a watch-list: (kind, where, what)."""
    means = (package.border_transport, package.arrival_transport, package.departure_transport)
    told = [
        *((NAME, party.role, party.name) for party in package.parties),
        *((UNP, f"{party.role}-id", party.id) for party in package.parties),
        *(
            (VEHICLE, place, one.id)
            for place, one in zip(("border", "arrival", "departure"), means, strict=True)
            if one
        ),
        *((CONTAINER, f"container-{one.id}"[:60], one.id) for one in package.containers),
        *((DOCUMENT, f"document-{one.type}-{one.item or 0}"[:60], one.number) for one in package.all_documents),
    ]
    return (one for one in told if one[2])
