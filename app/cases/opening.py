"""Opening a check after release, by an officer or by the lot; dropping it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.cases import finders, policy
from app.cases.lifecycle import POST_CLEARANCE
from app.cases.models import PostClearanceCheck
from app.cases.words import GROUNDS, fault
from app.database import new_id, session
from app.declarations.models import Declaration
from app.errors import Conflict, Fault, Invalid, NotAllowed
from app.ledger.recording import digest, record
from app.requirements.finders import current_edition
from app.reviews.calendars import calendar_of
from app.reviews.finders import OWN_PACKAGE, has_part, lock_review, refuse_own_package
from app.reviews.models import Review
from app.reviews.question_finders import lock_declaration
from app.reviews.releasing import find_released

DAYS = (3, 5, 10, 20)
"""Working days the trader may be given for the answer. The acts leave the term to the request (recalled, to be checked)."""
MOST_TEXT, MOST_WANTED = 4000, 12
YEARS = 3
"""Years after the release in which a check may be opened (Customs Code of the EAEU, art. 326(5), recalled)."""


@dataclass(frozen=True, slots=True)
class Request:
    """A check as an officer means it: why (for the agency alone), about which goods items, which documents, in which words,
    within how many working days."""

    ground: str
    reason: str
    items: tuple[int, ...]
    wanted: tuple[str, ...]
    asked: str
    days: int


def open_check(review: Review, request: Request, *, by: Actor) -> PostClearanceCheck:
    """Open a check on a released package. Raises NotAllowed, Invalid with every fault, Conflict (one is open, too late)."""
    declaration = lock_declaration(review.declaration_id)
    review = lock_review(review)
    require(policy.open_on, by, review)
    refuse_own_package(review, by)
    _must_be_free(declaration, review.agency)
    faults = examine(request, find_released(declaration.id) & set(review.items))
    if faults:
        raise Invalid(faults)
    return write(declaration, review, request, by=by)


def examine(request: Request, released: Collection[int]) -> list[Fault]:
    """Return every fault of a request; an empty list when it can be sent. ``released``: the goods items that have gone."""
    known = current_edition().document_types
    faults = [fault("PCC-WANTED", "wanted", value=code) for code in request.wanted if code not in known]
    if request.ground not in GROUNDS or request.ground == "draw":
        faults.append(fault("PCC-GROUND", "ground"))
    if not request.items or not set(request.items) <= set(released):
        faults.append(fault("PCC-ITEMS", "items"))
    if request.days not in DAYS:
        faults.append(fault("PCC-DAYS", "days"))
    faults += needs_words(request.reason, "PCC-REASON", "reason")
    faults += needs_words(request.asked, "PCC-TEXT", "asked")
    if len(request.wanted) > MOST_WANTED:
        faults.append(fault("PCC-LONG", "wanted", most=MOST_WANTED * 6))
    return faults


def needs_words(text: str, missing: str, field: str) -> list[Fault]:
    """Return the faults of a text that must say something."""
    if len(re.findall(r"\w", text)) < 3:
        return [fault(missing, field)]
    return [fault("PCC-LONG", field, most=MOST_TEXT)] if len(text) > MOST_TEXT else []


def write(declaration: Declaration, review: Review, request: Request, *, by: Actor) -> PostClearanceCheck:
    """Write a check that was examined; the package is locked by the caller."""
    at = clock.now()
    check = PostClearanceCheck(
        id=new_id(), declaration_id=declaration.id, ordinal=_next(declaration), version=declaration.version,
        digest=declaration.digest, agency=review.agency, office_code=declaration.office_code, ground=request.ground,
        reason=request.reason.strip(), items=sorted(set(request.items)), wanted=list(dict.fromkeys(request.wanted)),
        asked=request.asked.strip(), opened_at=at, opened_by_id=by.person_id,
        opened_by_name=by.name if by.person_id else "", due_at=due_at(review.agency, at, request.days),
    )  # fmt: skip
    check.declaration = declaration
    POST_CLEARANCE.begin(check)
    session().add(check)
    session().flush()
    # The ground stays with the agency: entries are shown to the trader.
    record(
        "check.opened", "post-clearance", check.id, by=by, declaration_id=declaration.id, agency=check.agency,
        declaration=str(declaration.id), ordinal=check.ordinal, items=check.items, wanted=check.wanted,
        due_at=check.due_at.isoformat(timespec="seconds"), text_digest=digest(check.asked),
    )  # fmt: skip
    return check


def due_at(agency: str, at: datetime, days: int) -> datetime:
    """Return the end of so many working days of the agency."""
    return calendar_of(agency).add_days(at, days)


def drop(check: PostClearanceCheck, *, reason: str, by: Actor) -> PostClearanceCheck:
    """End a check without a result. Raises NotAllowed, Invalid (no reason), Conflict."""
    lock_declaration(check.declaration_id)
    check = finders.lock_check(check.id)
    if has_part(check.declaration, by):
        raise NotAllowed(OWN_PACKAGE)
    faults = needs_words(reason, "PCC-REASON", "drop-reason")
    if faults:
        raise Invalid(faults)
    POST_CLEARANCE.move(
        check,
        "drop",
        by=by,
        agency=check.agency,
        declaration=str(check.declaration_id),
        reason_digest=digest(reason.strip()),
    )
    check.closed_at = clock.now()
    check.reason = f"{check.reason}\n\n{reason.strip()}".strip()
    session().flush()
    return check


def _must_be_free(declaration: Declaration, agency: str) -> None:
    if finders.find_open(declaration.id, agency) is not None:
        raise Conflict(_l("Your agency has an open check of this package. End that one first."), {"check": "open"})
    # Counted from the registration, which is earlier than the release: on the side of the trader.
    if declaration.registered_at is None or clock.now() - declaration.registered_at > timedelta(days=365 * YEARS):
        raise Conflict(
            _l("Three years have passed since this package was filed: it can no longer be checked."),
            {"years": YEARS},
        )


def _next(declaration: Declaration) -> int:
    last = sa.select(sa.func.max(PostClearanceCheck.ordinal)).where(PostClearanceCheck.declaration_id == declaration.id)
    return (session().scalar(last) or 0) + 1
