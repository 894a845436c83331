"""The life of a clearance: asked for at release, issued by the job, later replaced by a new paper or revoked by two."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.clearance import policy
from app.lifecycle import Lifecycle, Transition

P = Permission

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
        # What is about to be signed: the ledger knows it before the key does.
        Transition("intend", ("requested",), None, None, "clearance.signing_intended"),
        Transition("issue", ("requested",), "issued", None, "clearance.issued"),
        # A new paper for the same goods; this one holds until the new one is issued.
        Transition(
            "replace",
            ("issued",),
            None,
            P.CLEARANCE_REVOKE,
            "clearance.replacement_asked",
            lambda clearance, by: policy.replace(by, clearance),
        ),
        Transition("supersede", ("issued",), "superseded", None, "clearance.superseded"),
        # Two supervisors: one asks, another one confirms it, either drops it. Until then the clearance holds.
        Transition(
            "ask-revocation",
            ("issued",),
            None,
            P.CLEARANCE_REVOKE,
            "clearance.revocation_asked",
            lambda clearance, by: policy.ask_revocation(by, clearance),
        ),
        Transition(
            "drop-revocation",
            ("issued",),
            None,
            P.CLEARANCE_REVOKE,
            "clearance.revocation_dropped",
            lambda clearance, by: policy.drop_revocation(by, clearance),
        ),
        Transition(
            "revoke",
            ("issued",),
            "revoked",
            P.CLEARANCE_REVOKE,
            "clearance.revoked",
            lambda clearance, by: policy.settle_revocation(by, clearance),
        ),
    ),
)
