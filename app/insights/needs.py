"""What goods need before anything is filed: the answer of the law beside the time it really takes. For the page and the API.

Nothing is written and nobody is known: the same question gets the same answer under the same edition and the same paces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.insights.finders import ENOUGH, Spread, find_paces, spreads
from app.requirements import searching, showing
from app.requirements.compiling import CompiledEdition
from app.requirements.inquiry import USUAL, Inquiry


def answer(edition: CompiledEdition, asked: Inquiry) -> dict[str, Any]:
    """Return everything a question can be told, JSON-ready: agencies asked and not asked, documents, prohibitions, the time.

    One statement. ``expected`` is None where too few cases are known to say anything.
    """
    procedure = asked.procedure or USUAL[asked.direction]
    outcome = showing.outcome_for(
        edition,
        hs=asked.code,
        direction=asked.direction,
        origin=asked.origin,
        destination=asked.destination,
        procedure=procedure,
        on=asked.on,
        answers=asked.answers,
        region=asked.region,
    )
    return {
        "asked": {
            "code": asked.code,
            "name": searching.name_of(edition, asked.code),
            "direction": asked.direction,
            "origin": asked.origin,
            "region": asked.region,
            "destination": asked.destination,
            "procedure": procedure,
            "on": asked.on.isoformat(),
            "answers": dict(asked.answers),
        },
        "edition": edition.hash,
        "narrower": showing.narrower(outcome, edition, code=asked.code, direction=asked.direction, on=asked.on),
        **timed(showing.answer(outcome, edition)),
    }


def timed(found: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of the law with the time its agencies really take; one statement."""
    known = spreads(find_paces(lane["agency"] for lane in found["triggered"]))
    lanes = [
        {**lane, "expected": _expected(known.get(lane["agency"])) if lane["mode"] == "signs" else None}
        for lane in found["triggered"]
    ]
    whole = together(lane["expected"] for lane in lanes if lane["mode"] == "signs")
    return {**found, "triggered": lanes, "expected": whole, "enough_cases": ENOUGH}


def together(expected: Iterable[Mapping[str, int] | None]) -> dict[str, int] | None:
    """Return the time of all agencies: they work side by side, so the slowest says when; None where one is not known.

    ``cases``: of the agency of which fewest are known.
    """
    found = list(expected)
    known = [one for one in found if one is not None]
    if not known or len(known) < len(found):
        return None
    return {
        "cases": min(one["cases"] for one in known),
        "half_minutes": max(one["half_minutes"] for one in known),
        "most_minutes": max(one["most_minutes"] for one in known),
    }


def _expected(spread: Spread | None) -> dict[str, int] | None:
    """Working minutes: half of the agency's last cases took no more than ``half_minutes``, nine of ten no more than
    ``most_minutes``."""
    if spread is None:
        return None
    return {"cases": spread.count, "half_minutes": spread.half, "most_minutes": spread.most}
