"""Reporting: carriers and warehouses say where goods are, that they have come or gone, and how the seals are.

A report is a row and never changed; sent twice it is one. What it says against the plan raises an alert.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from app import clock
from app.access import Actor, require
from app.advance import finders, policy, seeing, tables
from app.advance.alerting import raise_all
from app.advance.lifecycle import ADVANCE, ON_THE_WAY, REPORTED_ON
from app.advance.message import from_dict
from app.advance.models import AdvanceInfo, AdvanceMark, Movement
from app.advance.words import fault
from app.database import session
from app.declarations.marks import normal
from app.errors import Fault, Invalid
from app.ledger.recording import Happening, record_all
from app.requirements.finders import current_edition

KINDS = ("position", "arrival", "departure", "seal")
PLACED = ("position", "arrival", "departure")
MOST_SEALS = 50


@dataclass(frozen=True, slots=True)
class Said:
    """A report as it comes: on which consignment (a number, or what carries it), what, when and where."""

    kind: str
    at: datetime | None
    number: str = ""
    vehicle: str = ""
    container: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    post: str = ""
    seals: Sequence[tuple[str, str]] | None = None


def report(said: Said, *, by: Actor) -> Movement:
    """Take in one report. Raises NotAllowed, or Invalid with every fault at its box."""
    require(policy.report_any, by)
    found = _find(said, by)
    faults = [*_about(found), *_said(said)]
    if faults or said.at is None:
        raise Invalid(faults)
    info = found[0]
    session().refresh(info, with_for_update={"of": AdvanceInfo})
    require(policy.report, by, info)
    digest = _digest(said)
    again = session().scalar(
        sa.select(Movement).where(
            Movement.advance_id == info.id, Movement.reporter_id == by.organisation_id, Movement.digest == digest
        )
    )
    movement = again if again is not None else _take(info, said, said.at, digest, by=by)
    set_committed_value(movement, "advance", info)
    return movement


def _take(info: AdvanceInfo, said: Said, at: datetime, digest: str, *, by: Actor) -> Movement:
    movement = Movement(
        advance_id=info.id, reporter_id=by.organisation_id, reported_by_id=by.person_id, kind=said.kind, at=at,
        reported_at=clock.now(), latitude=said.latitude, longitude=said.longitude, post=said.post,
        seals=None if said.seals is None else [list(one) for one in said.seals], digest=digest,
    )  # fmt: skip
    session().add(movement)
    session().flush()
    facts = {"number": info.number, "kind": said.kind, "at": at.isoformat(), "post": said.post}
    record_all([Happening("movement.reported", "movement", movement.id, facts), *_arrived(info, said, at, by)], by=by)
    point = (
        (float(said.latitude), float(said.longitude))
        if said.latitude is not None and said.longitude is not None
        else None
    )
    seen = seeing.Seen(said.kind, at, point, said.post, said.seals)
    plan = from_dict(finders.get_version(info).facts)
    kilometres, minutes = float(tables.limit("corridor_km")), int(tables.limit("late_minutes"))
    raise_all(info, seeing.judge(seen, plan, tables.places(), kilometres=kilometres, minutes=minutes), movement, by=by)
    return movement


def _arrived(info: AdvanceInfo, said: Said, at: datetime, by: Actor) -> list[Happening]:
    """An arrival moves what has not come yet on."""
    if said.kind != "arrival" or info.status not in (*ON_THE_WAY, "expired"):
        return []
    info.arrived_at, info.arrived_where, info.ended_at = at, said.post or info.post, None
    return [ADVANCE.step(info, "arrive", by=by, number=info.number, post=info.arrived_where, at=at.isoformat())]


# --- which consignment ------------------------------------------------------------------------------------------------


def _find(said: Said, by: Actor) -> list[AdvanceInfo]:
    """What is meant, of those the reporter sent, carries or keeps; at most two, for one must be enough."""
    own = sa.or_(
        AdvanceInfo.filer_id == by.organisation_id,
        AdvanceInfo.carrier_id == by.organisation_id,
        AdvanceInfo.warehouse_id == by.organisation_id,
    )
    query = (
        sa.select(AdvanceInfo).where(own, AdvanceInfo._status.in_(REPORTED_ON)).order_by(AdvanceInfo.id.desc()).limit(2)
    )
    if said.number:
        return list(session().scalars(query.where(AdvanceInfo.number == said.number.strip().upper())))
    words = [normal(word)[:35] for word in (said.vehicle, said.container) if normal(word)]
    if not words:
        return []
    for word in words:
        query = query.where(
            sa.select(AdvanceMark.mark)
            .where(AdvanceMark.mark == word, AdvanceMark.advance_id == AdvanceInfo.id)
            .exists()
        )
    return list(session().scalars(query))


def _about(found: Sequence[AdvanceInfo]) -> list[Fault]:
    if not found:
        return [fault("MOVEMENT-UNKNOWN", "number")]
    return [fault("MOVEMENT-SEVERAL", "number")] if len(found) > 1 else []


# --- what is wrong, box by box ----------------------------------------------------------------------------------------


def _said(said: Said) -> list[Fault]:
    faults = [] if said.kind in KINDS else [fault("MOVEMENT-KIND", "kind", said.kind)]
    return [*faults, *_when(said.at), *_where(said), *_sealed(said)]


def _when(at: datetime | None) -> list[Fault]:
    now = clock.now()
    if at is None:
        return [fault("MOVEMENT-AT", "on")]
    if at > now + timedelta(minutes=int(tables.limit("clock_ahead_minutes"))):
        return [fault("MOVEMENT-FUTURE", "on", at.isoformat())]
    if at < now - timedelta(days=int(tables.limit("report_days"))):
        return [fault("MOVEMENT-PAST", "on", at.isoformat())]
    return []


def _where(said: Said) -> list[Fault]:
    if said.post:
        return [] if said.post in current_edition().offices else [fault("MOVEMENT-PLACE", "post", said.post)]
    if said.latitude is None and said.longitude is None:
        return [fault("MOVEMENT-PLACE", "post")] if said.kind in PLACED else []
    for value, most, field in ((said.latitude, 90, "latitude"), (said.longitude, 180, "longitude")):
        if value is None or not value.is_finite() or abs(value) > most:
            return [fault("MOVEMENT-PLACE", field, "" if value is None else str(value))]
    return []


def _sealed(said: Said) -> list[Fault]:
    if said.kind == "seal" and said.seals is None:
        return [fault("MOVEMENT-SEALS", "seals")]
    seals = said.seals or ()
    fit = len(seals) <= MOST_SEALS and all(
        0 < len(number) <= 35 and state in (seeing.WHOLE, seeing.BROKEN) for number, state in seals
    )
    return [] if fit else [fault("MOVEMENT-SEALS", "seals")]


def _digest(said: Said) -> str:
    at = said.at.isoformat() if said.at is not None else ""
    facts = [said.kind, at, str(said.latitude), str(said.longitude), said.post, [list(one) for one in said.seals or ()]]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
