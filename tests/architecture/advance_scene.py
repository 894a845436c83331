"""The part of the scene in ``access`` that is about advance information: Belmyaso's, its carrier's and its warehouse's."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app import clock
from app.advance import filing, forms, reporting
from app.advance.message import Party
from app.advance.models import AdvanceInfo, AdvanceReceipt, Alert
from app.cli import founding
from app.database import session
from tests.advance.messages import UNP, bicycles, xml
from tests.architecture.machines import Sent

OWN = {"consignee": Party(UNP["belmyaso"], "", "BY"), "declarant": Party(UNP["belmyaso"])}


def advances() -> dict[str, dict[str, uuid.UUID]]:
    """One on its way, one withdrawn; a receipt of what was refused; an alert that is open."""
    anna = founding.actor("anna")
    coming = filing.file(xml(**OWN), channel="api", by=anna)
    taken_back = filing.file(xml(reference="TRIP-9", **OWN), channel="api", by=anna)
    refused = filing.file(b"<x/>", channel="api", by=anna)
    info = session().get_one(AdvanceInfo, taken_back.advance_id)
    filing.withdraw(info, reason="Not bought", by=anna)
    said = reporting.Said(
        "seal", clock.now(), number=coming.advance.number if coming.advance else "", seals=[("S-100", "broken")]
    )
    reporting.report(said, by=founding.actor("stas"))
    alert = session().scalars(sa.select(Alert.id).where(Alert.kind == "seal_broken")).one()
    assert isinstance(refused, AdvanceReceipt)
    return {
        "advance_id": {"coming": _id(coming), "withdrawn": _id(taken_back)}, "advance_receipt_id": {"": refused.id},
        "alert_id": {"": alert},
    }  # fmt: skip


def _id(receipt: AdvanceReceipt) -> uuid.UUID:
    assert receipt.advance_id is not None, receipt.faults
    return receipt.advance_id


def bodies() -> dict[str, Callable[[str], Any]]:
    """What is sent to each route: it would succeed for the right one."""
    now = clock.now().astimezone(clock.MINSK)
    filled = forms.fill(bicycles(reference="TRIP-3", **OWN))
    report = {
        "number": "AB12345",
        "kind": "position",
        "on": f"{now:%d.%m.%Y}",
        "time": f"{now:%H:%M}",
        "post": "BP-KOZ",
    }
    said = {"vehicle": "AB12345", "kind": "position", "at": clock.now().isoformat(), "post": "BP-KOZ"}
    return {
        "advance.send": lambda _on: dict(filled),
        "advance.send_change": lambda _on: filled | {"reference": "TRIP-1", "dispatch": "DE"},
        "advance.withdraw": lambda _on: {"reason": "Not bought"},
        "movements.send": lambda _on: dict(report),
        "arrivals.settle": lambda _on: {"outcome": "explained", "reason": "A detour"},
        "api_advance.file_advance": lambda _on: Sent(xml(reference="TRIP-4", **OWN), {"Idempotency-Key": "trip-4"}),
        "api_advance.amend_advance": lambda _on: Sent(xml(dispatch="DE", **OWN), {"Idempotency-Key": "trip-5"}),
        "api_advance.withdraw_advance": lambda _on: Sent({"reason": "Not bought"}),
        "api_movements.report_movement": lambda _on: Sent(said),
    }
