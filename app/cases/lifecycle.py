"""The life of a check after release: asked, examined, concluded (a serious finding waits for a second officer), closed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.cases import policy
from app.lifecycle import Lifecycle, Transition

P = Permission

POST_CLEARANCE = Lifecycle(
    "post-clearance",
    {
        "asked": _l("waits for the trader"),
        "examining": _l("being examined"),
        "concluded": _l("waits for a second officer"),
        "closed": _l("closed"),
        "dropped": _l("dropped"),
    },
    (
        Transition("answer", ("asked",), "examining", P.QUESTION_ANSWER, "check.answered", lambda it, by: policy.answer(by, it)),
        # What comes after the deadline, before the conclusion, is read too.
        Transition("add", ("examining",), None, P.QUESTION_ANSWER, "check.answered", lambda it, by: policy.answer(by, it)),
        Transition("lapse", ("asked",), "examining", None, "check.lapsed"),
        Transition("propose", ("examining",), "concluded", P.CHECK_CONDUCT, "check.concluded", lambda it, by: policy.conduct(by, it)),
        Transition("close", ("examining",), "closed", P.CHECK_CONDUCT, "check.closed", lambda it, by: policy.conduct(by, it)),
        Transition("confirm", ("concluded",), "closed", P.REVIEW_COUNTERSIGN, "check.closed", lambda it, by: policy.confirm(by, it)),
        Transition("return", ("concluded",), "examining", P.REVIEW_COUNTERSIGN, "check.returned", lambda it, by: policy.confirm(by, it)),
        Transition("drop", ("asked", "examining"), "dropped", P.CHECK_CONDUCT, "check.dropped", lambda it, by: policy.conduct(by, it)),
    ),
)  # fmt: skip
