"""Customs' rule after the others: a reader of the ledger that lets goods go once the last other agency has decided favourably.

What the window could sign when a package was routed is signed there (``greening``); here comes what had to wait for an officer of
another agency. Nobody of customs has taken the case on meanwhile, and everything is looked at again.
"""

from __future__ import annotations

import uuid

from app import clock
from app.declarations.finders import get_version
from app.declarations.lifecycle import DECIDABLE
from app.jobs import registry
from app.ledger import reading
from app.requirements.outcome import Outcome
from app.reviews import greening
from app.risk import assessment_finders

READER = "reviews.greening"
BATCH = 200
"""Entries taken in at a time."""
DECIDED = "review.decided"


@registry.follower(READER)
def follow() -> int:
    """Take in the decisions that this reader has not seen; returns how many entries there were. One transaction of the caller."""
    reading.take_turn(READER)
    entries = reading.read(READER, limit=BATCH)
    packages = {one.declaration_id for one in entries if one.event == DECIDED and not one.payload.get("released")}
    # In one order for everyone who holds several packages at once.
    for key in sorted(key for key in packages if key is not None):
        release(key)
    if entries:
        reading.advance(READER, entries[-1])
    return len(entries)


def release(declaration_id: uuid.UUID) -> bool:
    """Let a package go by customs' rule if everything speaks for it; safe to repeat. Returns whether it went."""
    if not greening.any_rules():
        return False
    declaration = greening.lock(declaration_id)
    if declaration.status not in DECIDABLE:
        return False
    version = get_version(declaration)
    assessed = assessment_finders.find_assessed(declaration.id, version.number, Outcome.from_dict(version.outcome))
    if assessed is None:
        return False
    rules = greening.find_rules(assessed, on=clock.today())
    return bool(greening.sign_off(declaration, assessed, rules, only_release=True))
