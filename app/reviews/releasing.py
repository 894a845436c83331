"""Customs' side of a decision: what the other agencies have said, what goes now, and what becomes of the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.database import session
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Declaration
from app.errors import Fault, Text
from app.ledger.recording import Happening
from app.reviews import finders, naming
from app.reviews.examining import field_name
from app.reviews.models import Decision, Review
from app.reviews.worst import FINAL, REFUSED, clears, ends
from app.signing import alarms

Siblings = Sequence[Review]


def siblings_of(review: Review, *, afresh: bool = False) -> Siblings:
    """Return the reviews of the package with their decisions, for customs; any other agency looks at its own alone.

    ``afresh``: what was read of them before the package was locked no longer counts.
    """
    if not review.releases:
        return [review]
    return finders.list_reviews(review.declaration_id, decisions=True, afresh=afresh)


def open_items(review: Review) -> list[int]:
    """Return the goods items this agency has not decided for good: nobody has, or they are held."""
    return [number for number in review.items if review.results.get(str(number)) not in FINAL]


def released_items(decisions: Sequence[Decision]) -> set[int]:
    """Return the goods items that these decisions (customs') have let go."""
    return {number for decision in decisions for number in decision.released}


def find_released(declaration_id: Any) -> set[int]:
    """Return the goods items of a package that have gone."""
    rows = session().scalars(sa.select(Decision.released).where(Decision.declaration_id == declaration_id))
    return {number for released in rows for number in released}


def agencies_waited_for(review: Review, siblings: Siblings) -> dict[int, list[str]]:
    """Return, for customs, the agencies whose last word on each goods item is still missing; empty for anybody else."""
    return _others(review, siblings, lambda said: not ends(said))


def agencies_refusing(review: Review, siblings: Siblings) -> dict[int, list[str]]:
    """Return, for customs, the agencies that refused each goods item; empty for anybody else."""
    return _others(review, siblings, lambda said: said == REFUSED)


def named(agencies: Mapping[int, list[str]]) -> dict[int, Text]:
    """Return the names of agencies per goods item, in words."""
    if not agencies:
        return {}
    names = naming.names()
    return {number: names.agencies(codes) for number, codes in agencies.items()}


def _others(review: Review, siblings: Siblings, wanted: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if not review.releases:
        return found
    for other in siblings:
        if other.id != review.id:
            for number in other.items:
                if wanted(str(other.results.get(str(number), ""))):
                    found.setdefault(number, []).append(other.agency)
    return found


def newly_released(outcomes: Mapping[int, str]) -> list[int]:
    """Return the goods items that a decision of customs lets go."""
    return sorted(number for number, outcome in outcomes.items() if clears(outcome))


def held_up(review: Review, outcomes: Mapping[int, str]) -> list[Fault]:
    """Return why customs may release nothing at the moment: no clearance could be signed for hours (trust.md R28). Refusing
    and holding go on."""
    going = newly_released(outcomes) if review.releases else []
    if not going or not alarms.cannot_clear():
        return []
    return [replace(alarms.CANNOT_CLEAR, field=field_name(going[0], "outcome"))]


def rests_on(items: Sequence[int], review: Review, siblings: Siblings) -> list[str]:
    """Return the decisions of the other agencies that a release of these goods items rests on: for each agency and item
    the last one that named it."""
    keys: dict[str, None] = {}
    for other in siblings:
        if other.id == review.id:
            continue
        last: dict[int, str] = {}
        for decision in other.decisions:
            last |= {item.number: str(decision.id) for item in decision.items if item.number in items}
        keys |= dict.fromkeys(last[number] for number in sorted(last))
    return list(keys)


def close(
    declaration: Declaration, review: Review, decision: Decision, earlier: set[int], *, by: Actor
) -> list[Happening]:
    """Take the package on after a decision of customs: all of it released or refused, a part released, or neither.

    ``earlier``: goods items released before. Returns what is to be recorded.
    """
    if not open_items(review):
        step = "release" if earlier or decision.released else "refuse"
    elif decision.released:
        step = "release-part"
    else:
        return []
    declaration.updated_at = clock.now()
    facts: dict[str, Any] = {
        "version": declaration.version,
        "digest": declaration.digest,
        "decision": str(decision.id),
    }
    if step != "refuse":
        facts["items"] = decision.released
    return [DECLARATION.step(declaration, step, by=by, **facts)]
