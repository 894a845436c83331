"""The life of an endpoint and of a delivery, one row per step. What becomes of a delivery stands in its own log and is
recorded in no ledger: a ledger of what was told would tell itself for ever."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, no
from app.lifecycle import Lifecycle, Transition

P = Permission


def _of_one_house(endpoint: Any, by: Actor) -> Verdict:
    same = by.organisation_id == endpoint.organisation_id
    return YES if same else no(_l("This webhook belongs to another organisation."))


ENDPOINT = Lifecycle(
    "webhook",
    {"active": _l("Working"), "disabled": _l("Stands still"), "removed": _l("Removed")},
    (
        Transition("change", ("active", "disabled"), None, P.WEBHOOK_MANAGE, "webhook.changed", _of_one_house),
        Transition("rotate", ("active", "disabled"), None, P.WEBHOOK_MANAGE, "webhook.rotated", _of_one_house),
        Transition("pause", ("active",), "disabled", P.WEBHOOK_MANAGE, "webhook.disabled", _of_one_house),
        Transition("enable", ("disabled",), "active", P.WEBHOOK_MANAGE, "webhook.enabled", _of_one_house),
        Transition("remove", ("active", "disabled"), "removed", P.WEBHOOK_MANAGE, "webhook.removed", _of_one_house),
        # The window stops telling whoever is gone (410) or has not answered for three days.
        Transition("stop", ("active",), "disabled", None, "webhook.disabled"),
    ),
)

DELIVERY = Lifecycle(
    "delivery",
    {"pending": _l("Waits"), "delivered": _l("Delivered"), "failed": _l("Not delivered")},
    (
        Transition("arrive", ("pending",), "delivered", None, ""),
        Transition("give_up", ("pending",), "failed", None, ""),
    ),
)
