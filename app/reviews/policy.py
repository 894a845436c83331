"""Who may do what with a review: the agency, the office, the claim, and never the one who filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import YES, Actor, Permission, Verdict, holds, no
from app.reviews.models import Proposal, Review

P = Permission

NOT_NEEDED = _l(
    "Your agency does not need this document, so it is hidden. If you need it for this case, have it shown with a reason."
)


def see_queue(actor: Actor, _subject: object = None) -> Verdict:
    """Open the queue: officers of an agency."""
    if actor.kind != "agency" or not actor.agency:
        return no(_l("A queue belongs to an agency: only its officers work it."))
    return holds(actor, P.REVIEW_CLAIM)


def read(actor: Actor, review: Review) -> Verdict:
    """Read a review: officers of its agency, and the auditor."""
    verdict = holds(actor, P.REVIEW_READ)
    if not verdict or actor.kind == "auditor":
        return verdict
    return _same_agency(actor, review)


def look(actor: Actor, review: Review) -> Verdict:
    """Be told to one's colleagues as looking at a case: an officer of its agency (the auditor is told to nobody)."""
    verdict = holds(actor, P.REVIEW_READ)
    return _same_agency(actor, review) if verdict else verdict


def read_file(actor: Actor, case_file: Any) -> Verdict:
    """Read a file of a case (``finders.CaseFile``): who may read the case and its documents."""
    verdict = holds(actor, P.DOCUMENT_READ)
    if not verdict:
        return verdict
    verdict = read(actor, case_file.review)
    if verdict and not case_file.sight.sees_paper(case_file.attachment.type_code, case_file.attachment.item):
        return no(NOT_NEEDED)
    return verdict


def unmask(actor: Actor, review: Review) -> Verdict:
    """Have hidden fields shown with a reason: an officer who may judge the case, while it is not decided."""
    verdict = _judges(actor, review, P.FIELD_UNMASK)
    if verdict and not review.open:
        return no(_l("This case is decided or closed: what its agency does not need stays hidden."))
    return verdict


def claim(actor: Actor, review: Review) -> Verdict:
    """Take a review on: an officer of its agency and office who has no part in the filing."""
    return _judges(actor, review, P.REVIEW_CLAIM)


def release(actor: Actor, review: Review) -> Verdict:
    """Give a review back: the one who holds it."""
    verdict = _judges(actor, review, P.REVIEW_CLAIM)
    if not verdict:
        return verdict
    return YES if review.claimed_by_id == actor.person_id else no(_l("Only the officer who holds it can give it back."))


def reassign(actor: Actor, review: Review) -> Verdict:
    """Hand a review to another officer: the supervisor of its agency and office who has no part in the filing."""
    return _judges(actor, review, P.REVIEW_REASSIGN)


def judge(actor: Actor, review: Review) -> Verdict:
    """Be the kind of officer who may decide this review; whether it is claimed is asked by ``decide``."""
    verdict = _judges(actor, review, P.REVIEW_DECIDE)
    if verdict and review.releases:
        return holds(actor, P.CLEARANCE_RELEASE)
    return verdict


def ask(actor: Actor, review: Review) -> Verdict:
    """Ask the trader: an officer who may judge the review; whether the case is claimed is asked by the activity."""
    return _judges(actor, review, P.REVIEW_ASK)


def inspect(actor: Actor, review: Review) -> Verdict:
    """Order an inspection, answer a slot, record a finding: an officer who may judge the review."""
    return _judges(actor, review, P.REVIEW_INSPECT)


def write_note(actor: Actor, review: Review) -> Verdict:
    """Write a note on a case: an officer of an agency that has a review of the package."""
    verdict = holds(actor, P.NOTE_WRITE)
    return _same_agency(actor, review) if verdict else verdict


def supervise(actor: Actor, _subject: object = None) -> Verdict:
    """See the board of an agency's queue, enter absences, export: its supervisor."""
    if actor.kind != "agency" or not actor.agency:
        return no(_l("A queue belongs to an agency: only its officers work it."))
    return holds(actor, P.QUEUE_SUPERVISE)


def end_absence(actor: Actor, absence: Any) -> Verdict:
    """End an absence: the supervisor of its agency."""
    verdict = supervise(actor)
    return verdict if not verdict or absence.agency == actor.agency else no(_l("This absence is another agency's."))


def drop_filter(actor: Actor, kept: Any) -> Verdict:
    """Forget a kept filter: whose it is, and for a shared one the agency's supervisor too."""
    own = kept.person_id == actor.person_id and kept.agency == actor.agency
    if own or (kept.shared and supervise(actor)):
        return see_queue(actor)
    return no(_l("This filter is your colleague's: only they or the supervisor can delete it."))


def extend(actor: Actor, review: Review) -> Verdict:
    """Extend the deadline of the release: the head of the customs office, here the supervisor of that office (art. 119)."""
    return _judges(actor, review, P.REVIEW_EXTEND)


def override(actor: Actor, review: Review) -> Verdict:
    """Decide over a proposal, or reopen a decided review: the agency's supervisor, with a reason."""
    verdict = holds(actor, P.REVIEW_OVERRIDE)
    return judge(actor, review) if verdict else verdict


def may_override_these(actor: Actor, proposals: Sequence[Proposal], *, since: datetime | None) -> Verdict:
    """Decide over what others have proposed on a review: somebody else must have proposed, and never oneself.

    ``since``: when the review was decided last, None for never. What was proposed before that is spent: one supervisor who
    opens a case again does not alone undo what two have signed.
    """
    counted = [proposal for proposal in proposals if proposal.kind == "countersign"]
    if any(proposal.person_id == actor.person_id for proposal in counted):
        return no(_l("You have proposed a decision on this case yourself: another supervisor must decide over it."))
    if not any(since is None or proposal.proposed_at > since for proposal in counted):
        return no(_l("Nobody has proposed a decision on this case yet: there is nothing to decide over."))
    return YES


def countersign(actor: Actor, review: Review) -> Verdict:
    """Sign as the second officer: may judge the review; that it is somebody else is asked where the proposal is known."""
    verdict = holds(actor, P.REVIEW_COUNTERSIGN)
    return judge(actor, review) if verdict else verdict


def propose(actor: Actor, review: Review) -> Verdict:
    """Propose a decision for a second officer to sign: where the lane asks for four eyes."""
    verdict = judge(actor, review)
    if not verdict:
        return verdict
    if not review.four_eyes:
        return no(_l("This case needs no second officer: decide it."))
    return YES if holds_claim(actor, review) else no(_l("Claim the case first: a decision needs a claim that holds."))


def decide(actor: Actor, review: Review) -> Verdict:
    """Decide a review alone: may judge it, holds its claim now, and no second officer is needed."""
    verdict = judge(actor, review)
    if not verdict:
        return verdict
    if review.four_eyes:
        return no(_l("This case needs a second officer: propose your decision, another officer signs it."))
    return YES if holds_claim(actor, review) else no(_l("Claim the case first: a decision needs a claim that holds."))


def holds_claim(actor: Actor, review: Review) -> bool:
    """Whether this officer holds a claim that has not lapsed."""
    mine = review.status == "claimed" and review.claimed_by_id == actor.person_id
    return mine and review.claimed_until is not None and review.claimed_until > clock.now()


def _judges(actor: Actor, review: Review, permission: Permission) -> Verdict:
    verdict = holds(actor, permission)
    if not verdict:
        return verdict
    verdict = _same_agency(actor, review)
    if not verdict:
        return verdict
    if actor.office and review.office_code and actor.office != review.office_code:
        return no(_l("This package was filed at another office (%(office)s).", office=review.office_code))
    return _no_part(actor, review)


def _same_agency(actor: Actor, review: Review) -> Verdict:
    same = actor.kind == "agency" and bool(actor.agency) and actor.agency == review.agency
    return YES if same else no(_l("This review belongs to another agency."))


def _no_part(actor: Actor, review: Review) -> Verdict:
    filed = review.declaration
    own = actor.organisation_id in (filed.filer_id, filed.owner_id) or actor.person_id == filed.filed_by_id
    return no(_l("You have a part in this package: another officer must judge it.")) if own else YES
