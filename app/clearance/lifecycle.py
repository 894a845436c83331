"""The life of a clearance: asked for at release, issued by the job, later superseded by another or revoked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.clearance import policy
from app.lifecycle import Lifecycle, Transition

CLEARANCE = Lifecycle(
    "clearance",
    {
        "requested": _l("being prepared"),
        "issued": _l("issued"),
        "superseded": _l("replaced"),
        "revoked": _l("revoked"),
    },
    (
        Transition("request", ("requested",), None, None, "clearance.requested"),
        Transition("issue", ("requested",), "issued", None, "clearance.issued"),
        Transition("supersede", ("issued",), "superseded", None, "clearance.superseded"),
        Transition(
            "revoke",
            ("issued",),
            "revoked",
            Permission.CLEARANCE_REVOKE,
            "clearance.revoked",
            lambda clearance, by: policy.revoke(by, clearance),
        ),
    ),
)
