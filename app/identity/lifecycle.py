"""The life of a mandate, one row per step (domain.md section 1)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, no
from app.lifecycle import Lifecycle, Transition

P = Permission


def _given_by(mandate: Any, by: Actor) -> Verdict:
    return YES if by.organisation_id == mandate.trader_id else no(_l("Only the trader who gave it can do this."))


def _held_by(mandate: Any, by: Actor) -> Verdict:
    return YES if by.organisation_id == mandate.broker_id else no(_l("Only the broker it was offered to can do this."))


MANDATE = Lifecycle(
    "mandate",
    {"offered": _l("Offered, not accepted yet"), "accepted": _l("Accepted"), "ended": _l("Ended")},
    (
        Transition("accept", ("offered",), "accepted", P.MANDATE_ACCEPT, "mandate.accepted", _held_by),
        Transition("decline", ("offered",), "ended", P.MANDATE_ACCEPT, "mandate.ended", _held_by),
        Transition("lay_down", ("accepted",), "ended", P.MANDATE_ACCEPT, "mandate.ended", _held_by),
        Transition("end", ("offered", "accepted"), "ended", P.MANDATE_GRANT, "mandate.ended", _given_by),
    ),
)
