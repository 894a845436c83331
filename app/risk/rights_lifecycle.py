"""The life of a suspension: proposed by a match, then let go or suspended, then settled."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.lifecycle import Lifecycle, Transition
from app.risk import rights_policy as policy

P = Permission

SUSPENSION = Lifecycle(
    "suspension",
    {
        "proposed": _l("a protected mark was found"),
        "suspended": _l("release suspended"),
        "dismissed": _l("not the mark"),
        "settled": _l("settled"),
    },
    (
        Transition("suspend", ("proposed",), "suspended", P.CLEARANCE_RELEASE, "suspension.made", lambda it, by: policy.settle(by, it)),
        Transition("dismiss", ("proposed",), "dismissed", P.CLEARANCE_RELEASE, "suspension.dismissed", lambda it, by: policy.settle(by, it)),
        Transition("extend", ("suspended",), None, P.CLEARANCE_RELEASE, "suspension.extended", lambda it, by: policy.settle(by, it)),
        Transition("lapse", ("suspended",), None, None, "suspension.lapsed"),
        Transition("settle", ("suspended",), "settled", P.CLEARANCE_RELEASE, "suspension.settled", lambda it, by: policy.settle(by, it)),
    ),
)  # fmt: skip
