"""How the scanner fares, in one word: pure, of what clamd said of itself, the settings and the moment.

Outside the demonstration a signature set that is too old, or that is ours alone, is no scanner (trust.md R27).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.documents.clamd import Signatures

WORKS = "works"
STATES: dict[str, Any] = {
    WORKS: _l("works"),
    "none": _l("no scanner is configured"),
    "down": _l("does not answer"),
    "slow": _l("answers too late"),
    "cut-off": _l("breaks off its answers"),
    "refused": _l("answers with an error"),
    "old-set": _l("its signatures are too old"),
    "own-set": _l("has no official signatures"),
}
"""What the scanner can be, in words."""
STALE_HOURS = 48
"""From this age of the signature set on it is said that freshclam should be looked at; nothing is held yet."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What a scanner must be to count: ``oldest_days`` of its set; in the demonstration any set will do."""

    demonstration: bool
    oldest_days: int = 7


def state_of(signatures: Signatures, demands: Demands, now: datetime) -> str:
    """Return the state of a scanner that answers: works, old-set or own-set."""
    if demands.demonstration:
        return WORKS
    if not signatures.number:
        return "own-set"
    return "old-set" if is_older(signatures.made_at, timedelta(days=demands.oldest_days), now) else WORKS


def is_older(made_at: datetime | None, age: timedelta, now: datetime) -> bool:
    """Whether a signature set is older than an age; one whose day nobody knows is."""
    return made_at is None or now - made_at > age
