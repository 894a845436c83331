"""Looking for protected marks in the words of goods items. Pure.

A mark is found when all its words stand in the description one behind the other, in any alphabet, and the goods are of a
heading it is registered for. Goods that its own holder sends or receives are left alone.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.declarations.package import Package
from app.risk import names

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Protected:
    """A mark as it is looked for: the skeletons of its words, its goods prefixes, and its holder's name as it is compared."""

    id: uuid.UUID
    words: tuple[str, ...]
    prefixes: tuple[str, ...]
    holder: str
    valid_from: date
    valid_to: date

    def covers(self, code: str, on: date) -> bool:
        """Whether it holds on a day for goods of a code."""
        return self.valid_from <= on < self.valid_to and (not self.prefixes or code.startswith(self.prefixes))


@dataclass(frozen=True, slots=True)
class Marked:
    """A goods item on which a mark seems to stand, with the words in which it was found."""

    mark_id: uuid.UUID
    item: int
    words: str


@dataclass(frozen=True)
class CompiledMarks:
    """Every mark that is looked for, by its first word."""

    by_first: Mapping[str, Sequence[Protected]]

    def look(self, package: Package, on: date) -> tuple[Marked, ...]:
        """Return the goods items on which a protected mark seems to stand."""
        if not self.by_first:
            return ()
        own = {names.skeleton(party.name) for party in package.parties if party.name}
        found: dict[tuple[uuid.UUID, int], Marked] = {}
        for line in package.lines:
            written = names.in_order(line.description)
            said = [names.skeleton_of(word) for word in written]
            for place, word in enumerate(said):
                for one in self.by_first.get(word, ()):
                    there = tuple(said[place : place + len(one.words)]) == one.words
                    if there and one.covers(line.code, on) and not _is_own(one.holder, own):
                        words = " ".join(written[max(0, place - 3) : place + len(one.words) + 3])
                        found.setdefault((one.id, line.number), Marked(one.id, line.number, words[:LONGEST]))
        return tuple(found.values())


def _is_own(holder: str, parties: Iterable[str]) -> bool:
    return any(names.score_of(holder, party) >= names.ALIKE for party in parties)


def compiled(marks: Iterable[Protected]) -> CompiledMarks:
    """Lay marks out for looking."""
    by_first: dict[str, list[Protected]] = defaultdict(list)
    for one in marks:
        if one.words:
            by_first[one.words[0]].append(one)
    return CompiledMarks(dict(by_first))
