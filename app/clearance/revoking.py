"""Revoking: one supervisor of customs asks, another one confirms it, either drops it; replacing: a new paper for the same goods.

Until a revocation is confirmed the clearance holds and the public page of verification says nothing of it. The package
stays released either way: what was signed was signed.
"""

from __future__ import annotations

import re
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.clearance import finders, issuing, policy
from app.clearance.lifecycle import CLEARANCE
from app.clearance.models import Clearance
from app.database import new_id, session
from app.errors import Conflict, Fault, Invalid
from app.ledger import recording
from app.reviews import policy as judging
from app.reviews.finders import refuse_own_package

REASON_LENGTH = 1000
"""Characters of a reason."""
LEAST_LETTERS = 3


def ask_revocation(clearance: Clearance, *, reason: str, by: Actor) -> Clearance:
    """Ask for the revocation of an issued clearance. The package and the clearance are locked.

    Raises NotAllowed, Invalid (no reason), Conflict when it is not issued, is asked for already or is being replaced.
    """
    clearance = _locked(clearance, by)
    require(policy.ask_revocation, by, clearance)
    reason = _reason(reason)
    _nothing_pending(clearance)
    _step(clearance, "ask-revocation", by, reason_digest=recording.digest(reason))
    _remember(clearance, reason, clock.now(), by)
    session().flush()
    return clearance


def drop_revocation(clearance: Clearance, *, by: Actor) -> Clearance:
    """Drop a revocation, one's own or another supervisor's; the clearance holds as before. Raises NotAllowed, Conflict."""
    clearance = _locked(clearance, by)
    _must_be_asked(clearance)
    require(policy.drop_revocation, by, clearance)
    _step(clearance, "drop-revocation", by)
    _remember(clearance, "", None, None)
    session().flush()
    return clearance


def confirm_revocation(clearance: Clearance, *, by: Actor) -> Clearance:
    """Revoke a clearance whose revocation another supervisor asked for. Raises NotAllowed, Conflict."""
    clearance = _locked(clearance, by)
    _must_be_asked(clearance)
    require(policy.settle_revocation, by, clearance)
    _step(clearance, "revoke", by, reason_digest=recording.digest(clearance.revocation_reason))
    clearance.revoked_at = clock.now()
    clearance.revoked_by_id = by.person_id
    session().flush()
    return clearance


def replace(clearance: Clearance, *, reason: str, by: Actor) -> Clearance:
    """Ask for a new paper for the same goods and return it; the old one holds until the new one is issued.

    Raises NotAllowed, Invalid (no reason), Conflict when it is not issued, its revocation is asked for, or a new paper
    is being prepared already.
    """
    clearance = _locked(clearance, by)
    require(policy.replace, by, clearance)
    reason = _reason(reason)
    _nothing_pending(clearance)
    fresh = Clearance(
        id=new_id(),
        declaration_id=clearance.declaration_id,
        decision_id=clearance.decision_id,
        items=list(clearance.items),
        serial=clearance.serial,
        replaces_id=clearance.id,
        replacement_reason=reason,
        version=clearance.version,
        digest=clearance.digest,
    )
    _step(clearance, "replace", by, reason_digest=recording.digest(reason), replacement=str(fresh.id))
    return issuing.ask_for(fresh, by=by)


def _locked(clearance: Clearance, by: Actor) -> Clearance:
    """Lock it and see that this officer may judge the package at all: agency, office, no part in it."""
    clearance = finders.lock_clearance(clearance.id)
    review = finders.get_releasing_review(clearance)
    require(judging.judge, by, review)
    refuse_own_package(review, by)
    return clearance


def _nothing_pending(clearance: Clearance) -> None:
    if clearance.status != "issued":
        return  # the step itself refuses, in the words of the state
    if clearance.revocation_asked_at is not None:
        raise Conflict(
            _l(
                "%(name)s has asked for the revocation of this clearance already. Another supervisor of customs "
                "confirms or drops that first.",
                name=clearance.revocation_by_name,
            ),
            {"revocation": "asked"},
        )
    fresh = finders.find_replacement(clearance)
    if fresh is not None:
        raise Conflict(
            _l("A new paper, %(number)s, is being prepared in its place. Look at that one.", number=fresh.number),
            {"replacement": str(fresh.id)},
        )


def _must_be_asked(clearance: Clearance) -> None:
    if clearance.status == "issued" and clearance.revocation_asked_at is None:
        raise Conflict(
            _l("No revocation of this clearance is asked for: it was dropped meanwhile. The clearance holds."),
            {"revocation": "none"},
        )


def _step(clearance: Clearance, name: str, by: Actor, **payload: str) -> None:
    CLEARANCE.move(
        clearance, name, by=by, declaration=str(clearance.declaration_id), number=clearance.number, **payload
    )


def _remember(clearance: Clearance, reason: str, at: datetime | None, by: Actor | None) -> None:
    clearance.revocation_reason = reason
    clearance.revocation_asked_at = at
    clearance.revocation_by_id = by.person_id if by is not None else None
    clearance.revocation_by_name = by.name if by is not None else ""


def _reason(text: str) -> str:
    reason = text.strip()
    if len(re.findall(r"\w", reason)) < LEAST_LETTERS:
        raise Invalid([_fault("CLEARANCE-REASON-MISSING", _MISSING, _SAY_WHY)])
    if len(reason) > REASON_LENGTH:
        raise Invalid([_fault("CLEARANCE-REASON-LONG", _TOO_LONG, _SHORTER)])
    return reason


def _fault(code: str, message: dict[str, str], remedy: dict[str, str]) -> Fault:
    return Fault(code=code, message=message, remedy=remedy, field="reason")


_MISSING = {
    "be": "Прычына не напісана.",
    "ru": "Причина не написана.",
    "en": "The reason is not written.",
}
_SAY_WHY = {
    "be": "Напішыце адным-двума сказамі, чаму: гэта прачытаюць другі кіраўнік і аўдытар.",
    "ru": "Напишите одним-двумя предложениями, почему: это прочтут второй руководитель и аудитор.",
    "en": "Write in a sentence or two why: a second supervisor and the auditor read it.",
}
_TOO_LONG = {
    "be": f"Прычына даўжэйшая за {REASON_LENGTH} знакаў.",
    "ru": f"Причина длиннее {REASON_LENGTH} знаков.",
    "en": f"The reason is longer than {REASON_LENGTH} characters.",
}
_SHORTER = {
    "be": "Напішыце карацей; дакументы дадайце да справы.",
    "ru": "Напишите короче; документы приложите к делу.",
    "en": "Write less; put documents into the case.",
}
