"""What if: the law's answer for a draft with some facts supposed otherwise, and how it differs from the draft's own. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.requirements import deriving, matching
from app.requirements.compiling import CompiledEdition
from app.requirements.facts import ItemFacts, PackageFacts
from app.requirements.outcome import Missing, Outcome, Prohibited
from app.requirements.satisfaction import Ways


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed of one goods item (``number``) and of its package; everything else stays as the draft says."""

    number: int
    code: str
    origin: str
    region: str
    destination: str
    procedure: str
    on: date
    answers: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes: agencies that come and go, documents still missing that come and go, bans that come and go."""

    agencies_added: tuple[str, ...]
    agencies_removed: tuple[str, ...]
    documents_added: tuple[Missing, ...]
    documents_removed: tuple[Missing, ...]
    bans_added: tuple[Prohibited, ...]
    bans_removed: tuple[Prohibited, ...]

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def suppose(facts: PackageFacts, supposed: Supposed, edition: CompiledEdition) -> PackageFacts:
    """Return the facts of a package with one goods item, its day and its destination supposed otherwise."""
    items = tuple(_item(item, supposed, edition) if item.number == supposed.number else item for item in facts.items)
    return replace(facts, on=supposed.on, destination=supposed.destination, items=items)


def _item(item: ItemFacts, supposed: Supposed, edition: CompiledEdition) -> ItemFacts:
    """The item as supposed. With another goods code what followed from the old one (alive or not) is read anew."""
    changed = replace(
        item,
        code=supposed.code,
        origin=supposed.origin,
        origin_region=supposed.region,
        procedure=supposed.procedure[:2],
        answers=supposed.answers,
    )
    if supposed.code == item.code:
        return changed
    derived = deriving.from_goods(edition, pointer=f"42A/67A/68A[{item.number}]", code=supposed.code)
    about = frozenset({"LIVE"})
    return replace(
        changed,
        data_flags=(item.data_flags - about) | (derived.flags & about),
        settled=(item.settled - about) | (derived.settled & about),
        evidence={
            **{flag: proof for flag, proof in item.evidence.items() if flag not in about},
            **{flag: proof for flag, proof in derived.evidence.items() if flag in about},
        },
    )


def differs(before: Outcome, after: Outcome) -> Difference:
    """Return what the second answer has more and less than the first. Documents are compared by agency and ways, not by the
    measure that happens to ask first."""
    was, now = [{lane.agency for lane in outcome.lanes} for outcome in (before, after)]
    papers = [_papers(outcome) for outcome in (before, after)]
    bans = [{ban.measure: ban for ban in outcome.prohibited} for outcome in (before, after)]
    return Difference(
        agencies_added=tuple(lane.agency for lane in after.lanes if lane.agency not in was),
        agencies_removed=tuple(lane.agency for lane in before.lanes if lane.agency not in now),
        documents_added=tuple(paper for key, paper in papers[1].items() if key not in papers[0]),
        documents_removed=tuple(paper for key, paper in papers[0].items() if key not in papers[1]),
        bans_added=tuple(ban for code, ban in bans[1].items() if code not in bans[0]),
        bans_removed=tuple(ban for code, ban in bans[0].items() if code not in bans[1]),
    )


def _papers(outcome: Outcome) -> dict[tuple[str, Ways], Missing]:
    return {(paper.agency, paper.ways): paper for paper in reversed(outcome.missing)}


def answer(facts: PackageFacts, supposed: Supposed, edition: CompiledEdition) -> Outcome:
    """Return the law's answer for the package as supposed."""
    return matching.match(edition, suppose(facts, supposed, edition))
