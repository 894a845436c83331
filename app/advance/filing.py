"""Filing: a message about coming goods is registered by software, or refused with every fault; nothing that arrived is lost.

The same reference and the same bytes are the same number; other bytes are a new version until the goods have come.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.advance import finders, numbering, policy, reading, rules
from app.advance.lifecycle import ADVANCE, ON_THE_WAY
from app.advance.message import Advance, as_dict
from app.advance.models import AdvanceInfo, AdvanceMark, AdvanceReceipt, AdvanceVersion, Expected
from app.advance.words import fault, reason_of
from app.database import new_id, session
from app.declarations.marks import normal
from app.documents import storage, uploading
from app.errors import Conflict, Fault
from app.identity import unp
from app.identity.models import Organisation
from app.ledger.recording import Happening, digest, record_all
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition
from app.turns import take_turn
from app.web import arrived_at

MOST_FAULTS = 100
TRADING = ("trader", "broker")
_BLANKS = ("Cc", "Cf", "Zl", "Zp")


class KeyReused(Conflict):
    """The idempotency key was used before for other bytes."""

    status = 422


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What came: bytes by their digest, through which door, under which key; ``onto``: whose change it shall be."""

    sha256: str
    channel: str
    name: str
    key: str | None
    onto: AdvanceInfo | None


def file(
    body: bytes,
    *,
    channel: str,
    by: Actor,
    body_name: str = "",
    key: str | None = None,
    onto: AdvanceInfo | None = None,
) -> AdvanceReceipt:
    """Take in one message and return its receipt: registered, amended, or refused with every fault.

    ``onto``: what it is meant to change. Raises NotAllowed, KeyReused for a key that came with other bytes.
    """
    require(policy.file, by)
    sha256 = storage.store().put(body)
    read = reading.read(body)
    uploading.enter(sha256, len(body), media_type="application/xml")
    earlier = _find_by_key(by, key) if key else None
    if earlier is not None:
        if earlier.body_sha256 != sha256:
            raise KeyReused(_l("This Idempotency-Key was used before for other bytes."), {"receipt": earlier.number})
        return earlier
    arrival = _Arrival(sha256, channel, body_name, key, onto)
    if read.advance is None:
        return _refuse(arrival, read.faults, by=by)
    return _take(arrival, read.advance, read, by=by)


def _find_by_key(by: Actor, key: str) -> AdvanceReceipt | None:
    take_turn("advance-key", str(by.organisation_id), key)
    return finders.find_receipt(AdvanceReceipt.filer_id == by.organisation_id, AdvanceReceipt.idempotency_key == key)


def _take(arrival: _Arrival, message: Advance, read: reading.Read, *, by: Actor) -> AdvanceReceipt:
    take_turn("advance", str(by.organisation_id), message.reference)
    if arrival.onto is not None and message.reference != arrival.onto.reference:
        path = "/Declaration/FunctionalReferenceID"
        return _refuse(
            arrival,
            [fault("ADVANCE-REFERENCE-OTHER", "reference", message.reference, path=path)],
            by=by,
            message=message,
        )
    there = finders.find_by_reference(by.organisation_id, message.reference)
    if there is not None:
        session().refresh(there, with_for_update={"of": AdvanceInfo})
        if there.digest == arrival.sha256 and (again := _find_again(there)) is not None:
            return again
    edition, houses = current_edition(), _houses(message)
    asked = rules.Asked(message, edition, clock.now(), first=there is None)
    faults = [*rules.judge(asked), *_registered(message, houses)]
    if there is not None and there.status not in ON_THE_WAY:
        faults.insert(
            0, fault("ADVANCE-ARRIVED", "reference", message.reference, path="/Declaration/FunctionalReferenceID")
        )
    if faults:
        return _refuse(arrival, [read.placed(one) for one in faults], by=by, message=message)
    if there is None:
        return _register(arrival, message, edition, houses, by=by)
    return _amend(arrival, there, message, edition, houses, by=by)


def _find_again(there: AdvanceInfo) -> AdvanceReceipt | None:
    return finders.find_receipt(AdvanceReceipt.advance_id == there.id, AdvanceReceipt.version == there.version)


def _houses(message: Advance) -> Mapping[str, Organisation]:
    """The organisations of the message that are registered here, by UNP; one statement."""
    numbers = sorted({number for _field, number, _path in rules.unps(message)})
    if not numbers:
        return {}
    query = sa.select(Organisation).where(Organisation.unp.in_(numbers), Organisation.closed_at.is_(None))
    return {one.unp or "": one for one in session().scalars(query)}


def _registered(message: Advance, houses: Mapping[str, Organisation]) -> list[Fault]:
    """ADVANCE-UNP-UNKNOWN: every Belarusian party is registered here."""
    return [
        fault("ADVANCE-UNP-UNKNOWN", field, number, path=path)
        for field, number, path in rules.unps(message)
        if number not in houses and unp.holds(number)
    ]


def _register(
    arrival: _Arrival, message: Advance, edition: CompiledEdition, houses: Mapping[str, Organisation], *, by: Actor
) -> AdvanceReceipt:
    now = clock.now()
    info = AdvanceInfo(
        id=new_id(), number="", reference=message.reference, filer_id=by.organisation_id, filed_by_id=by.person_id,
        registered_at=now, version=1,
    )  # fmt: skip
    ADVANCE.begin(info)
    _describe(info, arrival, message, houses)
    # The counter of the day is taken as late as can be: numbers rise without gaps.
    info.number = numbering.next_number(clock.today())
    session().add(info)
    session().flush()
    _keep(info, arrival, message, edition, by=by)
    payload = {
        "number": info.number, "version": 1, "post": info.post, "mode": info.mode, "items": info.item_count,
        "planned_at": info.planned_at.isoformat(), "digest": info.digest,
    }  # fmt: skip
    happened = Happening("advance.registered", "advance", info.id, payload)
    return _receipt(arrival, "registered", by=by, info=info, happened=happened)


def _amend(
    arrival: _Arrival, info: AdvanceInfo, message: Advance, edition: CompiledEdition,
    houses: Mapping[str, Organisation], *, by: Actor,
) -> AdvanceReceipt:  # fmt: skip
    require(policy.amend, by, info)
    info.version += 1
    _describe(info, arrival, message, houses)
    session().flush()
    _keep(info, arrival, message, edition, by=by)
    hours = int((info.planned_at - info.changed_at).total_seconds() // 3600)
    happened = ADVANCE.step(
        info, "amend", by=by, number=info.number, version=info.version, digest=info.digest, post=info.post,
        planned_at=info.planned_at.isoformat(), hours_before=hours,
    )  # fmt: skip
    return _receipt(arrival, "amended", by=by, info=info, happened=happened)


def _describe(info: AdvanceInfo, arrival: _Arrival, message: Advance, houses: Mapping[str, Organisation]) -> None:
    """Put the facts for lists on the row."""
    trader = houses.get(message.declarant.id) or houses.get(message.consignee.id)
    carrier, warehouse = houses.get(message.carrier.id), houses.get(message.warehouse)
    info.trader_id = trader.id if trader is not None and trader.kind in TRADING else None
    info.carrier_id = carrier.id if carrier is not None else None
    info.warehouse_id = warehouse.id if warehouse is not None else None
    info.digest, info.direction, info.mode = arrival.sha256, message.direction, message.mode
    info.vehicle, info.post, info.planned_at = message.vehicles[0].id.upper(), message.post, message.planned_at
    info.dispatch, info.item_count, info.gross_kg = message.dispatch, len(message.goods), message.gross
    info.goods_summary = ", ".join(one.description for one in message.goods)[:256]
    info.changed_at, info.late_at, info.foretold = clock.now(), None, None


def _keep(info: AdvanceInfo, arrival: _Arrival, message: Advance, edition: CompiledEdition, *, by: Actor) -> None:
    """Keep the version, the agencies that may expect it, and the words by which it is found on the road."""
    session().add(
        AdvanceVersion(
            advance_id=info.id,
            number=info.version,
            facts=as_dict(message),
            body_sha256=arrival.sha256,
            created_at=info.changed_at,
            created_by_id=by.person_id,
        )
    )
    lanes = dict(
        session().execute(sa.select(Expected.agency, Expected.lane).where(Expected.advance_id == info.id)).all()
    )
    session().execute(sa.delete(Expected).where(Expected.advance_id == info.id))
    session().execute(sa.delete(AdvanceMark).where(AdvanceMark.advance_id == info.id))
    session().add_all(
        Expected(
            advance_id=info.id, agency=agency, post=info.post, planned_at=info.planned_at, lane=lanes.get(agency, "")
        )
        for agency in sorted(agencies_of(message, edition))
    )
    named = [one.id for one in message.vehicles] + [one.id for one in message.containers]
    words = {normal(name)[:35] for name in named}
    session().add_all(AdvanceMark(mark=word, advance_id=info.id) for word in sorted(words) if word)
    session().flush()


def agencies_of(message: Advance, edition: CompiledEdition) -> set[str]:
    """Return the agencies that the goods concern: customs, and each whose measures cover a code and its origin whatever a
    declaration may answer; what hangs on a question nobody has asked is not expected yet."""
    on = message.planned_at.astimezone(clock.MINSK).date()
    found = {edition.customs}
    for goods in message.goods:
        for measure in edition.candidates(goods.code, message.direction, on):
            sure = measure.prefix != "*" and measure.flag_tree is None and measure.effect != "inform"
            if sure and edition.allows(measure.origin, goods.origin, "", on):
                found.add(measure.agency)
    return found


def _refuse(arrival: _Arrival, faults: Sequence[Fault], *, by: Actor, message: Advance | None = None) -> AdvanceReceipt:
    reference = message.reference if message is not None else ""
    return _receipt(arrival, "refused", by=by, faults=faults, reference=reference)


def _receipt(
    arrival: _Arrival, outcome: str, *, by: Actor, info: AdvanceInfo | None = None, faults: Sequence[Fault] = (),
    reference: str = "", happened: Happening | None = None,
) -> AdvanceReceipt:  # fmt: skip
    receipt = AdvanceReceipt(
        id=new_id(), number=numbering.receipt_number(clock.today()), channel=arrival.channel,
        received_at=arrived_at(), filer_id=by.organisation_id, person_id=by.person_id, outcome=outcome,
        reference=info.reference if info is not None else reference, body_sha256=arrival.sha256,
        body_name=_name(arrival.name), faults=[one.as_dict() for one in faults[:MOST_FAULTS]], fault_count=len(faults),
        advance_id=info.id if info is not None else None, version=info.version if info is not None else 0,
        idempotency_key=arrival.key,
    )  # fmt: skip
    receipt.advance, receipt.fresh = info, True
    session().add(receipt)
    session().flush()
    record_all([happened or _refused(receipt, faults)], by=by)
    return receipt


def _refused(receipt: AdvanceReceipt, faults: Sequence[Fault]) -> Happening:
    payload: dict[str, Any] = {
        "receipt": receipt.number, "faults": [one.code for one in faults[:MOST_FAULTS]], "body": receipt.body_sha256,
    }  # fmt: skip
    return Happening("advance.refused", "advance_receipt", receipt.id, payload)


def _name(name: str) -> str:
    return "".join(sign for sign in name if unicodedata.category(sign) not in _BLANKS)[:255]


def withdraw(info: AdvanceInfo, *, reason: str, by: Actor) -> AdvanceInfo:
    """Take advance information back: the goods do not come. Raises NotAllowed, Conflict, Invalid without a reason."""
    session().refresh(info, with_for_update={"of": AdvanceInfo})
    require(policy.amend, by, info)
    words = reason_of(reason)
    info.ended_at = clock.now()
    record_all([ADVANCE.step(info, "withdraw", by=by, number=info.number, reason_digest=digest(words))], by=by)
    session().flush()
    return info
