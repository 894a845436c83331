"""The life of a package, one row per step (domain.md section 4)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.declarations import policy
from app.lifecycle import Lifecycle, Transition

DECIDABLE = ("under-review", "awaiting-trader", "partly-released")
"""The states in which agencies decide and customs releases."""
AMENDABLE = policy.AMENDABLE

DECLARATION = Lifecycle(
    "declaration",
    {
        "draft": _l("Draft"),
        "registered": _l("Registered"),
        "under-review": _l("Under review"),
        "awaiting-trader": _l("Waiting for the trader"),
        "partly-released": _l("Partly released"),
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
        # At once, or as soon as the scanner has called every file clean (intake.holding).
        Transition("route", ("registered",), "under-review", None, "declaration.routed"),
        # A question stops the review that asks; the package shows whose turn it is. Partly released stays so.
        Transition("ask", ("under-review",), "awaiting-trader", Permission.REVIEW_ASK, "declaration.asked"),
        Transition("resume", ("awaiting-trader",), "under-review", None, "declaration.resumed"),
        Transition(
            "amend",
            AMENDABLE,
            None,
            Permission.DECLARATION_AMEND,
            "declaration.amended",
            lambda declaration, by: policy.amend(by, declaration),
        ),
        Transition(
            "release-part", DECIDABLE, "partly-released", Permission.CLEARANCE_RELEASE, "declaration.partly_released"
        ),
        Transition("release", DECIDABLE, "released", Permission.CLEARANCE_RELEASE, "declaration.released"),
        Transition("refuse", DECIDABLE, "refused", Permission.CLEARANCE_RELEASE, "declaration.refused"),
        Transition(
            "withdraw",
            ("draft", "registered", "under-review", "awaiting-trader"),
            "withdrawn",
            Permission.DECLARATION_WITHDRAW,
            "declaration.withdrawn",
            lambda declaration, by: policy.withdraw(by, declaration),
        ),
    ),
)
