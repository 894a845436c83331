"""Mandates: a trader offers, the broker accepts, either of them ends. Asked at every act of the broker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import session
from app.errors import Invalid, NotAllowed
from app.identity import policy
from app.identity.finders import find_mandate
from app.identity.lifecycle import MANDATE
from app.identity.models import Mandate, Organisation
from app.identity.wording import fault
from app.ledger.recording import record

__all__ = ["DIRECTIONS", "accept", "end", "find_mandate", "offer"]

DIRECTIONS = ("import", "export", "transit")


def offer(
    trader: Organisation,
    broker: Organisation | None,
    *,
    scope: Sequence[str],
    valid_from: date,
    valid_to: date | None,
    by: Actor,
) -> Mandate:
    """Offer a mandate: directions, first day, first day on which it no longer holds (None: open).

    Raises NotAllowed, or Invalid when nothing is in scope, the other is no broker (or None: nobody has that UNP), or the
    days are in the wrong order.
    """
    require(policy.offer_mandate, by)
    faults = []
    if by.organisation_id != trader.id:
        raise NotAllowed(_l("A mandate is given by the trader itself."))
    if broker is None or broker.kind != "broker" or broker.closed_at is not None:
        faults.append(fault("BROKER-UNKNOWN", "broker_unp"))
    if not scope or set(scope) - set(DIRECTIONS):
        faults.append(fault("SCOPE-MISSING", "scope"))
    if valid_to is not None and valid_to <= valid_from:
        faults.append(fault("DATES-ORDER", "valid_until"))
    if faults or broker is None:
        raise Invalid(faults)
    mandate = Mandate(
        trader=trader,
        broker=broker,
        scope=[direction for direction in DIRECTIONS if direction in scope],
        valid_from=valid_from,
        valid_to=valid_to,
        _status=MANDATE.initial,
        offered_by_id=by.person_id,
        created_at=clock.now(),
    )
    session().add(mandate)
    session().flush()
    record("mandate.offered", "mandate", mandate.id, by=by, **_parties(mandate), scope=mandate.scope)
    return mandate


def accept(mandate: Mandate, *, by: Actor) -> Mandate:
    """Accept an offered mandate as its broker. Raises NotAllowed, or Conflict when it was withdrawn meanwhile."""
    _lock(mandate)
    MANDATE.move(mandate, "accept", by=by, **_parties(mandate), scope=mandate.scope)
    mandate.accepted_by_id = by.person_id
    session().flush()
    return mandate


def end(mandate: Mandate, *, by: Actor) -> Mandate:
    """End a mandate today, as its trader or its broker. Raises NotAllowed, or Conflict when it has ended already."""
    _lock(mandate)
    MANDATE.move(mandate, policy.ending_step(by, mandate), by=by, **_parties(mandate))
    # The last day it held is yesterday at most: from this moment nothing may rest on it.
    mandate.valid_to = max(mandate.valid_from, clock.today())
    session().flush()
    return mandate


def _parties(mandate: Mandate) -> dict[str, Any]:
    return {"trader": str(mandate.trader_id), "broker": str(mandate.broker_id)}


def _lock(mandate: Mandate) -> None:
    session().refresh(mandate, attribute_names=["_status", "valid_to"], with_for_update=True)
