"""The life of advance information, and of an alert on the way."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.lifecycle import Lifecycle, Transition

P = Permission

ADVANCE = Lifecycle(
    "advance",
    {
        "registered": _l("Registered"),
        "quoted": _l("Declared"),
        "arrived": _l("Has arrived"),
        "closed": _l("Closed"),
        "expired": _l("Expired"),
        "withdrawn": _l("Withdrawn"),
    },
    (
        Transition("amend", ("registered", "quoted"), None, P.ADVANCE_FILE, "advance.amended"),
        Transition("withdraw", ("registered", "quoted"), "withdrawn", P.ADVANCE_FILE, "advance.withdrawn"),
        Transition("quote", ("registered", "quoted"), "quoted", None, "advance.quoted"),
        Transition("quote-arrived", ("arrived",), None, None, "advance.quoted"),
        Transition("arrive", ("registered", "quoted", "expired"), "arrived", P.MOVEMENT_REPORT, "advance.arrived"),
        Transition("close", ("arrived",), "closed", None, "advance.closed"),
        Transition("expire", ("registered", "quoted"), "expired", None, "advance.expired"),
    ),
)

ALERT = Lifecycle(
    "alert",
    {"open": _l("Open"), "settled": _l("Settled")},
    (Transition("settle", ("open",), "settled", P.ALERT_SETTLE, "alert.settled"),),
)

ON_THE_WAY = ("registered", "quoted")
"""States in which goods have not come yet."""
REPORTED_ON = ("registered", "quoted", "arrived", "expired")
"""States in which reports from the road are taken."""
