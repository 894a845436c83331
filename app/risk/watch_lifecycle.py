"""The life of an entry of a watch-list, and of what was found to look like one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.lifecycle import Lifecycle, Transition
from app.risk import watch_policy as policy

P = Permission

WATCH_ENTRY = Lifecycle(
    "watch-entry",
    {
        "proposed": _l("waits for a supervisor"),
        "active": _l("watched for"),
        "refused": _l("not taken on"),
        "ended": _l("ended"),
    },
    (
        Transition("confirm", ("proposed",), "active", P.WATCHLIST_MANAGE, "watch.confirmed", lambda it, by: policy.confirm(by, it)),
        Transition("refuse", ("proposed",), "refused", P.WATCHLIST_MANAGE, "watch.refused", lambda it, by: policy.confirm(by, it)),
        Transition("end", ("active",), "ended", P.WATCHLIST_MANAGE, "watch.ended", lambda it, by: policy.end(by, it)),
    ),
)  # fmt: skip

WATCH_CANDIDATE = Lifecycle(
    "watch-candidate",
    {"open": _l("perhaps the same"), "confirmed": _l("the same"), "rejected": _l("another one")},
    (
        Transition("confirm", ("open",), "confirmed", P.RISK_READ, "watch.candidate_confirmed", lambda it, by: policy.settle(by, it)),
        Transition("reject", ("open",), "rejected", P.RISK_READ, "watch.candidate_rejected", lambda it, by: policy.settle(by, it)),
    ),
)  # fmt: skip
