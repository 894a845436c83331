"""Second looks: an officer says whether the agency would have signed what the window signed by a rule. The decision stands."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from app import clock
from app.access import Actor, require
from app.database import session
from app.declarations.models import Declaration
from app.errors import Fault, Invalid, NotAllowed, NotFound
from app.ledger.recording import digest, record_all
from app.reviews import finders, green_words, greening_policy
from app.reviews.greening import told
from app.reviews.greening_models import SecondLook
from app.reviews.lifecycle import SECOND_LOOK

AGREED, DIFFERS = "agreed", "differs"
_STEPS = {AGREED: "agree", DIFFERS: "differ"}
LONGEST = 2000


def settle(look: SecondLook, *, outcome: str, note: str, by: Actor) -> SecondLook:
    """Say what a second look found: ``agreed``, or ``differs`` with a note. Raises NotAllowed, Conflict when it is settled
    already, Invalid with every fault."""
    query = sa.select(SecondLook).where(SecondLook.id == look.id).with_for_update()
    found = session().scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound()
    require(greening_policy.settle, by, found)
    if finders.has_part(session().get_one(Declaration, found.declaration_id), by):
        raise NotAllowed(finders.OWN_PACKAGE)
    words = note.strip()
    faults = list(_examined(outcome, words))
    if faults:
        raise Invalid(faults)
    happening = SECOND_LOOK.step(
        found, _STEPS[outcome], by=by, **told(found), outcome=outcome, text_digest=digest(words) if words else ""
    )
    found.settled_at, found.note = clock.now(), words
    found.person_id, found.person_name = by.person_id, by.name
    session().flush()
    # In no package's story, which its trader reads.
    record_all([replace(happening, declaration_id=None)], by=by)
    return found


def _examined(outcome: str, words: str) -> list[Fault]:
    if outcome not in _STEPS:
        return [green_words.fault("SECOND-LOOK-FOUND", "outcome", outcome)]
    if (outcome == DIFFERS and not words) or len(words) > LONGEST:
        return [green_words.fault("SECOND-LOOK-NOTE", "note", words, limit=LONGEST)]
    return []
