"""The life of a package, one row per step (domain.md section 4; questions and partial release come with their rooms)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.declarations import policy
from app.lifecycle import Lifecycle, Transition

DECLARATION = Lifecycle(
    "declaration",
    {
        "draft": _l("Draft"),
        "registered": _l("Registered"),
        "under-review": _l("Under review"),
        "released": _l("Released"),
        "refused": _l("Refused"),
        "withdrawn": _l("Withdrawn"),
    },
    (
        Transition(
            "submit",
            ("draft",),
            "registered",
            Permission.DECLARATION_SUBMIT,
            "declaration.submitted",
            lambda declaration, by: policy.submit(by, declaration),
        ),
        Transition("route", ("registered",), "under-review", None, "declaration.routed"),
        Transition("release", ("under-review",), "released", Permission.CLEARANCE_RELEASE, "declaration.released"),
        Transition("refuse", ("under-review",), "refused", Permission.CLEARANCE_RELEASE, "declaration.refused"),
        Transition(
            "withdraw",
            ("draft", "under-review"),
            "withdrawn",
            Permission.DECLARATION_WITHDRAW,
            "declaration.withdrawn",
            lambda declaration, by: policy.withdraw(by, declaration),
        ),
    ),
)
