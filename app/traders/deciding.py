"""Deciding: a supervisor who did not examine an application grants it with its scope and days, refuses it, or returns it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import session
from app.errors import Conflict, Invalid
from app.ledger import recording
from app.traders import numbering, policy
from app.traders.applying import facts_of
from app.traders.examining import locked, words_of
from app.traders.kinds import find_ground, get_kind
from app.traders.lifecycle import ACCREDITATION, must_be
from app.traders.models import Accreditation
from app.traders.reading import MOST_TEXT, Terms, faults_of, granted_of
from app.traders.words import fault

MOST_PLACE = 160
"""Signs of where a decision is appealed."""


@dataclass(frozen=True, slots=True)
class Appeal:
    """Where a decision can be appealed, and within how many days."""

    office: str
    contact: str
    days: int


def send_back(accreditation: Accreditation, *, reason: str, by: Actor) -> Accreditation:
    """Return a proposal to its officer. Raises NotAllowed, Conflict, Invalid without a reason."""
    accreditation = locked(accreditation, by)
    require(policy.decide, by, accreditation)
    words = words_of(reason, "ACC-TEXT-MISSING", "returned")
    ACCREDITATION.move(
        accreditation, "return", by=by, text_digest=recording.digest(words), **facts_of(accreditation)
    )  # fmt: skip
    accreditation.returned = words
    session().flush()
    return accreditation


def grant(accreditation: Accreditation, *, terms: Terms, by: Actor) -> Accreditation:
    """Grant: the accreditation gets its number and stands in the public register. Raises NotAllowed (also for the one who
    examined it), Conflict when it was taken back or decided meanwhile, Invalid with every fault at its box."""
    accreditation = locked(accreditation, by)
    require(policy.decide, by, accreditation)
    kind, today = get_kind(accreditation.kind), clock.today()
    must_be(accreditation, "proposed")
    _as_proposed(accreditation, "grant")
    faults = faults_of(terms, kind, accreditation.type, today)
    if faults:
        raise Invalid(faults)
    granted = granted_of(terms, kind, today)
    scope = granted.scope.as_dict()
    # The row of the counter is taken last, so that it is held for a moment only.
    number = numbering.next_number(f"{kind.prefix}{accreditation.type}", today.year)
    ACCREDITATION.move(
        accreditation, "grant", by=by, number=number, valid_from=granted.valid_from.isoformat(),
        valid_to=granted.valid_to.isoformat(), scope_digest=recording.digest(repr(scope)), **facts_of(accreditation),
    )  # fmt: skip
    accreditation.number, accreditation.scope = number, scope
    accreditation.valid_from, accreditation.valid_to = granted.valid_from, granted.valid_to
    accreditation.guarantee_reference = granted.guarantee_reference
    accreditation.guarantee_amount = granted.guarantee_amount
    accreditation.guarantee_currency = granted.guarantee_currency
    accreditation.conditions = granted.conditions
    accreditation.decided_at, accreditation.decided_by_id = clock.now(), by.person_id
    holder = accreditation.holder
    accreditation.searched = f"{holder.name} {holder.unp or ''} {number}".casefold()
    session().flush()
    return accreditation


def refuse(accreditation: Accreditation, *, ground: str, reason: str, appeal: Appeal, by: Actor) -> Accreditation:
    """Refuse, with the ground, the reason and where it can be appealed. Raises as ``grant`` does."""
    accreditation = locked(accreditation, by)
    require(policy.decide, by, accreditation)
    must_be(accreditation, "proposed")
    words = against(accreditation, "refuse", ground, reason, appeal)
    ACCREDITATION.move(
        accreditation, "refuse", by=by, ground=ground, reason_digest=recording.digest(words), **facts_of(accreditation)
    )
    accreditation.decided_at = accreditation.ended_at = clock.now()
    accreditation.decided_by_id = by.person_id
    session().flush()
    return accreditation


def _as_proposed(accreditation: Accreditation, wanted: str) -> None:
    """Raise Conflict for a grant that the examiner has not proposed: two agree, or it goes back. A supervisor may refuse alone:
    that can be appealed against, a grant cannot."""
    if accreditation.proposal != wanted:
        raise Conflict(
            _l("Your colleague proposes otherwise. Return the application with your reasons first."),
            {"proposal": accreditation.proposal},
        )


def against(accreditation: Accreditation, step: str, ground: str, reason: str, appeal: Appeal) -> str:
    """Keep why something is decided against a trader and where it appeals; return the reason. Raises Invalid with every fault."""
    words = reason.strip()
    faults = []
    if find_ground(accreditation.kind, step, ground) is None:
        faults.append(fault("ACC-GROUND", "ground", ground))
    if not words or len(words) > MOST_TEXT:
        faults.append(fault("ACC-REASON", "reason", most=MOST_TEXT))
    if not 0 < len(appeal.office.strip()) <= MOST_PLACE or len(appeal.contact.strip()) > MOST_PLACE or appeal.days < 1:
        faults.append(fault("ACC-APPEAL", "appeal_office"))
    if faults:
        raise Invalid(faults)
    accreditation.ground, accreditation.reason = ground, words
    accreditation.appeal_office = appeal.office.strip()
    accreditation.appeal_contact = appeal.contact.strip()
    accreditation.appeal_days = appeal.days
    return words
