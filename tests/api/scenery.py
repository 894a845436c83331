"""What the examples and the contract need to be real: a key of Anna's with every right of hers, and one of each thing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.advance import filing
from app.api import advance_example
from app.api.document import PACKAGE
from app.clearance import issuing
from app.clearance.models import Clearance
from app.cli import cases, founding
from app.cli.packing import stand_in
from app.database import Database, session, transaction
from app.declarations.models import Declaration
from app.documents import uploading
from app.identity import apikeys
from app.intake import receiving
from app.requirements.finders import current_edition
from app.reviews import asking, timing
from app.reviews.models import Review
from app.reviews.question_examining import Asking
from app.webhooks import feeding, managing
from app.webhooks.models import Delivery

ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]"
CUSTOMS = "BY-GTK"


@dataclass
class Scenery:
    """A key, and for each name in an address a value that leads to something of its owner's."""

    key: str
    ids: dict[str, Any] = field(default_factory=dict)
    cleared: dict[str, Any] = field(default_factory=dict)
    # Keys of others, by the operation that only they may ask.
    keys: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=lambda: {"application/pdf": stand_in("04021", "PL/779")})

    def path(self, template: str) -> dict[str, Any]:
        """The values for a path: a package that is under review, or the one that is cleared where its clearances are asked."""
        return self.ids | (self.cleared if "clearance" in template else {})


def without_limits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask as often as a test needs."""
    settings = app.extensions["akno.settings"]
    free = {"api_requests_per_minute": 0, "api_requests_per_minute_without_key": 0, "webhook_allow_loopback": True}
    known = {name: value for name, value in free.items() if name in type(settings).model_fields}
    monkeypatch.setitem(app.extensions, "akno.settings", settings.model_copy(update=known))


def set_up(app: Flask, database: Database) -> Scenery:
    """One of each: a package with a question, its receipt and version; a cleared one; a document, an endpoint, a delivery."""
    with app.app_context(), transaction(database):
        vera = founding.actor("vera")
        key = apikeys.create(label="examples", scopes=[one.value for one in vera.permissions], by=vera)[1]
        endpoint = managing.register(url="https://93.184.215.14/hook", label="ERP", events=[], by=vera).id
        body = PACKAGE.read_bytes()
        receipt = receiving.receive(body, body_name="declaration.xml", channel="api", by=vera, key="order-4711")
        assert receipt.declaration_id, receipt.faults
        made = Scenery(key, {"declaration_id": receipt.declaration_id, "receipt_id": receipt.id, "number": 1})
        made.ids["document_id"] = _document(vera)
        made.ids["advance_id"] = _announced(vera)
        stas = founding.actor("stas")
        made.keys["report_movement"] = apikeys.create(
            label="examples", scopes=[one.value for one in stas.permissions], by=stas
        )[1]
        _ask(receipt.declaration_id)
    with app.app_context(), transaction(database):
        cleared = _second(body)
        cases._approve(cleared, CUSTOMS)
        clearance = issuing.issue(cleared.id)
        assert isinstance(clearance, Clearance)
        made.cleared["declaration_id"] = cleared.id
        made.ids |= {"clearance_id": clearance.id, "code": clearance.code}
    with app.app_context(), transaction(database):
        made.ids |= {"endpoint_id": endpoint, "delivery_id": _delivery()}
    return made


def _announced(by: Any) -> uuid.UUID:
    """Advance information, sent before as the example sends it."""
    receipt = filing.file(advance_example.message(), channel="api", by=by, key="trip-0")
    assert receipt.advance_id, receipt.faults
    return receipt.advance_id


def _document(by: Any) -> uuid.UUID:
    one = uploading.upload(
        owner_id=by.organisation_id, data=stand_in("04021", "PL/778"), file_name="invoice.pdf", type_code="04021", number="PL/778",
        by=by,
    )  # fmt: skip
    return one.id


def _second(body: bytes) -> Declaration:
    """The same goods under another reference."""
    vera = founding.actor("vera")
    start, end = body.index(b"<FunctionalReferenceID>") + 23, body.index(b"</FunctionalReferenceID>")
    receipt = receiving.receive(
        body[:start] + b"CLEARED-1" + body[end:], body_name="b.xml", channel="api", by=vera, confirmed=True
    )
    assert receipt.declaration_id, receipt.faults
    return session().get_one(Declaration, receipt.declaration_id)


def _ask(declaration_id: uuid.UUID) -> None:
    query = sa.select(Review).where(Review.declaration_id == declaration_id, Review.agency == CUSTOMS)
    review = session().scalars(query).one()
    hours = timing.hours_of(CUSTOMS, review.office_code, current_edition())
    said = Asking(
        path="", sign="UNCLEAR", text="Which one?", wanted=(), none_wanted=True, due_at=hours.add_days(clock.now(), 3),
        on_silence="on-file", nevertheless=True, closed=True,
    )  # fmt: skip
    for place, minutes in (("GoodsMeasure/NetNetWeightMeasure", 30), ("Description", None)):
        meant = replace(said, path=f"{ITEM}/Commodity/{place}")
        asking.ask(review, meant, version=1, by=founding.actor("maria"), claim_minutes=minutes)


def _delivery() -> uuid.UUID:
    """What the endpoint was told first; it was told already, so that it can be told again."""
    while feeding.follow():
        pass
    delivery = session().scalars(sa.select(Delivery).order_by(Delivery.feed_position).limit(1)).one()
    delivery._status = "delivered"
    return delivery.id
