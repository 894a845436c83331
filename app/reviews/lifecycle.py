"""The life of a review, one row per step (domain.md section 4; questions and inspections come with their rooms)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.lifecycle import Lifecycle, Transition
from app.reviews import policy

P = Permission

REVIEW = Lifecycle(
    "review",
    {
        "queued": _l("In the queue"),
        "claimed": _l("With an officer"),
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
        Transition(
            "reassign",
            ("queued", "claimed"),
            "claimed",
            P.REVIEW_REASSIGN,
            "review.reassigned",
            lambda r, by: policy.reassign(by, r),
        ),
        Transition(
            "decide",
            ("queued", "claimed"),
            "decided",
            P.REVIEW_DECIDE,
            "review.decided",
            lambda r, by: policy.decide(by, r),
        ),
        Transition("supersede", ("queued", "claimed", "decided"), "superseded", None, "review.superseded"),
    ),
)
