"""The result of a goods item: the worst of what its agencies decided. Unknown never clears, and held does not either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

APPROVED, CONDITIONS, UNKNOWN, HELD, REFUSED = "approved", "conditions", "unknown", "held", "refused"
ORDER = (APPROVED, CONDITIONS, UNKNOWN, HELD, REFUSED)
"""From best to worst. A refusal is worse than not knowing: it stands whatever the others will say. So is a hold worse:
somebody said why the goods wait."""
FINAL = (APPROVED, CONDITIONS, REFUSED)
"""The outcomes that end an agency's judgement of a goods item; a hold leaves it open."""


def worst(outcomes: Iterable[str]) -> str:
    """Return the worst outcome; unknown for an outcome we do not know, for an empty one and where nobody has judged."""
    ranks = [ORDER.index(outcome) if outcome in ORDER else ORDER.index(UNKNOWN) for outcome in outcomes]
    return ORDER[max(ranks)] if ranks else UNKNOWN


def by_item(numbers: Iterable[int], judged: Iterable[Mapping[int, str]]) -> dict[int, str]:
    """Return the result of each goods item. ``judged``: per agency, its items with the outcome it gave ("" = none yet)."""
    agencies = list(judged)
    return {number: worst(items[number] for items in agencies if number in items) for number in numbers}


def clears(outcome: str) -> bool:
    """Whether goods with this result may go."""
    return outcome in (APPROVED, CONDITIONS)


def ends(outcome: str) -> bool:
    """Whether this outcome is an agency's last word on a goods item."""
    return outcome in FINAL
