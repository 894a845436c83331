"""The life of an anomaly: found, then judged by an officer, until a newer version takes its place."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.lifecycle import Lifecycle, Transition

P = Permission

LIFECYCLE = Lifecycle(
    "anomaly",
    {
        "found": _l("Not looked at"),
        "noted": _l("Worth a look"),
        "explained": _l("Explained"),
        "superseded": _l("Past: a newer version stands"),
    },
    (
        Transition("note", ("found", "explained"), "noted", P.RISK_READ, "anomaly.noted"),
        Transition("explain", ("found", "noted"), "explained", P.RISK_READ, "anomaly.explained"),
        Transition("supersede", ("found", "noted", "explained"), "superseded", None, "anomaly.superseded"),
    ),
)
