"""The lives of a review, a proposal, a question, an inspection, a rule that signs off and a second look, one row per step
(domain.md section 4)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.lifecycle import Lifecycle, Transition
from app.reviews import greening_policy, policy
from app.reviews.models import OPEN_STATES

P = Permission
_WORKING = ("claimed", "inspection")

REVIEW = Lifecycle(
    "review",
    {
        "queued": _l("In the queue"),
        "claimed": _l("With an officer"),
        "question": _l("Question to the trader"),
        "inspection": _l("Inspection ordered"),
        "proposed": _l("Waits for a second officer"),
        "decided": _l("Decided"),
        "superseded": _l("Closed"),
    },
    (
        Transition(
            "claim", ("queued",), "claimed", P.REVIEW_CLAIM, "review.claimed", lambda r, by: policy.claim(by, r)
        ),
        Transition(
            "renew", ("claimed",), "claimed", P.REVIEW_CLAIM, "review.claimed", lambda r, by: policy.release(by, r)
        ),
        Transition("lapse", ("claimed",), "queued", None, "review.lapsed"),
        Transition(
            "release", ("claimed",), "queued", P.REVIEW_CLAIM, "review.released", lambda r, by: policy.release(by, r)
        ),
        # Handing on changes whose case it is; who works on it now loses the claim.
        Transition(
            "reassign",
            ("queued", "claimed"),
            "queued",
            P.REVIEW_REASSIGN,
            "review.reassigned",
            lambda r, by: policy.reassign(by, r),
        ),
        Transition(
            "reassign-waiting",
            ("question", "inspection", "proposed"),
            None,
            P.REVIEW_REASSIGN,
            "review.reassigned",
            lambda r, by: policy.reassign(by, r),
        ),
        # A question stops only the review that asks; the answer, silence or its withdrawal lets it go on.
        Transition("ask", _WORKING, "question", P.REVIEW_ASK, "review.stopped", lambda r, by: policy.ask(by, r)),
        Transition("ask-more", ("question",), None, P.REVIEW_ASK, "review.stopped", lambda r, by: policy.ask(by, r)),
        Transition("resume", ("question",), "queued", None, "review.resumed"),
        Transition("resume-inspection", ("question",), "inspection", None, "review.resumed"),
        # An inspection waits for its slot; every agency on it has it on its own review.
        Transition("inspect", ("queued", "claimed"), "inspection", None, "review.inspection_ordered"),
        Transition("inspected", ("inspection",), "queued", None, "review.inspection_ended"),
        # Four eyes: propose and decide start from the same state under opposite conditions.
        Transition(
            "propose",
            ("claimed",),
            "proposed",
            P.REVIEW_DECIDE,
            "review.proposed",
            lambda r, by: policy.propose(by, r),
        ),
        Transition("withdraw-proposal", ("proposed",), "queued", P.REVIEW_DECIDE, "review.proposal_withdrawn"),
        Transition(
            "return",
            ("proposed",),
            "queued",
            P.REVIEW_COUNTERSIGN,
            "review.proposal_returned",
            lambda r, by: policy.judge(by, r),
        ),
        Transition(
            "countersign",
            ("proposed",),
            "decided",
            P.REVIEW_COUNTERSIGN,
            "review.decided",
            lambda r, by: policy.judge(by, r),
        ),
        Transition(
            "countersign-part",
            ("proposed",),
            "queued",
            P.REVIEW_COUNTERSIGN,
            "review.decided",
            lambda r, by: policy.judge(by, r),
        ),
        Transition(
            "override",
            ("queued", "claimed", "proposed"),
            "decided",
            P.REVIEW_OVERRIDE,
            "review.decided",
            lambda r, by: policy.override(by, r),
        ),
        Transition(
            "override-part",
            ("queued", "claimed", "proposed"),
            "queued",
            P.REVIEW_OVERRIDE,
            "review.decided",
            lambda r, by: policy.override(by, r),
        ),
        Transition(
            "decide", ("claimed",), "decided", P.REVIEW_DECIDE, "review.decided", lambda r, by: policy.decide(by, r)
        ),
        # By a rule of the agency, on its behalf, before any officer has looked.
        Transition("sign-off", ("queued",), "decided", None, "review.decided"),
        # A decision that holds goods items leaves the case with its officer.
        Transition(
            "decide-part",
            ("claimed",),
            "claimed",
            P.REVIEW_DECIDE,
            "review.decided",
            lambda r, by: policy.decide(by, r),
        ),
        Transition(
            "reopen", ("decided",), "queued", P.REVIEW_OVERRIDE, "review.reopened", lambda r, by: policy.override(by, r)
        ),
        # What an agency has decided of a case that is still open on other goods.
        Transition(
            "reopen-part",
            ("queued", "claimed"),
            None,
            P.REVIEW_OVERRIDE,
            "review.reopened",
            lambda r, by: policy.override(by, r),
        ),
        Transition("extend", OPEN_STATES, None, P.REVIEW_EXTEND, "review.extended", lambda r, by: policy.extend(by, r)),
        Transition("breach", OPEN_STATES, None, None, "review.breached"),
        # A new version: nobody signs what was proposed about another one; what waits for the trader goes on waiting.
        Transition("void-proposal", ("proposed",), "queued", None, "review.proposal_withdrawn"),
        Transition("stay-stopped", ("queued",), "question", None, "review.stopped"),
        Transition("carry", (*OPEN_STATES, "decided"), None, None, "review.carried"),
        Transition("supersede", (*OPEN_STATES, "decided"), "superseded", None, "review.superseded"),
    ),
)

PROPOSAL = Lifecycle(
    "proposal",
    {
        "pending": _l("Waits to be signed"),
        "signed": _l("Signed"),
        "returned": _l("Returned"),
        "undone": _l("Taken back"),
        "void": _l("Overtaken"),
        "failed": _l("Could not be signed"),
    },
    (
        Transition("hold", ("pending",), None, P.REVIEW_DECIDE, "proposal.held"),
        Transition("sign", ("pending",), "signed", None, "proposal.signed"),
        Transition("undo", ("pending",), "undone", P.REVIEW_DECIDE, "proposal.undone"),
        Transition("return", ("pending",), "returned", None, "review.proposal_returned"),
        Transition("void", ("pending",), "void", None, "proposal.undone"),
        Transition("fail", ("pending",), "failed", None, "proposal.failed"),
    ),
)

QUESTION = Lifecycle(
    "question",
    {
        "open": _l("Waits for the trader's answer"),
        "answered": _l("Answered"),
        "lapsed": _l("Not answered in time"),
        "settled": _l("Settled"),
        "withdrawn": _l("Withdrawn by the agency"),
    },
    (
        Transition("ask", ("open",), None, P.REVIEW_ASK, "question.asked"),
        Transition("warn", ("open",), None, None, "question.deadline_near"),
        Transition("answer", ("open", "lapsed"), "answered", P.QUESTION_ANSWER, "question.answered"),
        # The answer changed the package so that the agency is no longer asked: its question is closed, the words are kept.
        Transition("answer-last", ("withdrawn",), None, P.QUESTION_ANSWER, "question.answered"),
        Transition("lapse", ("open",), "lapsed", None, "question.lapsed"),
        Transition("follow-up", ("answered", "lapsed"), "open", P.REVIEW_ASK, "question.followed_up"),
        Transition("settle", ("answered", "lapsed"), "settled", P.REVIEW_ASK, "question.settled"),
        Transition("withdraw", ("open",), "withdrawn", P.REVIEW_ASK, "question.withdrawn"),
        # The package was taken back, or the agency is no longer asked about it: nobody need answer any more.
        Transition("close", ("open",), "withdrawn", None, "question.withdrawn"),
    ),
)

INSPECTION = Lifecycle(
    "inspection",
    {
        "proposed": _l("Slot proposed"),
        "agreed": _l("Agreed"),
        "done": _l("Done"),
        "cancelled": _l("Cancelled"),
    },
    (
        Transition("order", ("proposed",), None, P.REVIEW_INSPECT, "inspection.ordered"),
        Transition("propose-slot", ("proposed", "agreed"), "proposed", P.REVIEW_INSPECT, "inspection.slot_proposed"),
        Transition("accept-slot", ("proposed",), None, P.REVIEW_INSPECT, "inspection.slot_accepted"),
        # An agency may take no part; the others go on without it.
        Transition("decline", ("proposed", "agreed"), None, P.REVIEW_INSPECT, "inspection.declined"),
        Transition("agree", ("proposed",), "agreed", None, "inspection.agreed"),
        Transition("call-service", ("proposed", "agreed"), None, P.REVIEW_INSPECT, "inspection.service_called"),
        Transition("take-sample", ("agreed",), None, P.REVIEW_INSPECT, "inspection.sample_taken"),
        Transition("answer-sample", ("agreed",), None, P.REVIEW_INSPECT, "inspection.sample_answered"),
        Transition("record-finding", ("agreed",), None, P.REVIEW_INSPECT, "inspection.finding_recorded"),
        Transition("finish", ("agreed",), "done", None, "inspection.done"),
        Transition("cancel", ("proposed", "agreed"), "cancelled", P.REVIEW_INSPECT, "inspection.cancelled"),
        # A withdrawal or a new version leaves nothing to look at.
        Transition("close", ("proposed", "agreed"), "cancelled", None, "inspection.cancelled"),
    ),
)

GREEN_RULE = Lifecycle(
    "green_rule",
    {
        "proposed": _l("Waits for a second supervisor"),
        "agreed": _l("In force"),
        "declined": _l("Declined"),
        "ended": _l("Ended"),
    },
    (
        Transition("propose", ("proposed",), None, P.QUEUE_SUPERVISE, "green_rule.proposed"),
        Transition(
            "agree", ("proposed",), "agreed", P.QUEUE_SUPERVISE, "green_rule.agreed",
            lambda rule, by: greening_policy.agree(by, rule),
        ),
        Transition(
            "decline", ("proposed",), "declined", P.QUEUE_SUPERVISE, "green_rule.declined",
            lambda rule, by: greening_policy.of_the_agency(by, rule),
        ),
        # Ended from a day on, never edited; it stays to be read beside what it signed.
        Transition(
            "end", ("agreed",), "ended", P.QUEUE_SUPERVISE, "green_rule.ended",
            lambda rule, by: greening_policy.of_the_agency(by, rule),
        ),
    ),
)  # fmt: skip

SECOND_LOOK = Lifecycle(
    "second_look",
    {
        "waiting": _l("Waits for an officer"),
        "agreed": _l("The officer would have signed too"),
        "differs": _l("The officer would have decided otherwise"),
    },
    (
        Transition("open", ("waiting",), None, None, "second_look.opened"),
        Transition(
            "agree", ("waiting",), "agreed", P.REVIEW_DECIDE, "second_look.settled",
            lambda look, by: greening_policy.settle(by, look),
        ),
        Transition(
            "differ", ("waiting",), "differs", P.REVIEW_DECIDE, "second_look.settled",
            lambda look, by: greening_policy.settle(by, look),
        ),
    ),
)  # fmt: skip
