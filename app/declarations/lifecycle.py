"""The life of a package, one row per step (domain.md section 4; questions and partial release come with their rooms)."""

from __future__ import annotations

from app.access import Permission
from app.declarations import policy
from app.lifecycle import Lifecycle, Transition

DECLARATION = Lifecycle(
    "declaration",
    ("draft", "registered", "under-review", "released", "refused", "withdrawn"),
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
