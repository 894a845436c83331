"""The open door's part of the scene in ``access``: keys, webhooks with what they were told, and the bodies that software sends."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import SYSTEM
from app.cli import founding
from app.cli.packing import sample
from app.database import session
from app.declarations import draft_edits, drafting
from app.declarations.models import Declaration
from app.identity import apikeys
from app.webhooks import feeding, managing
from app.webhooks.lifecycle import DELIVERY
from app.webhooks.models import Delivery, Endpoint, FeedEntry
from app.webhooks.queueing import row_of

KEYS = {
    "key": ("anna", "file"), "key-read": ("anna", "read"), "key-answer": ("anna", "answer"),
    "key-withdraw": ("anna", "withdraw"), "key-webhooks": ("anna", "webhooks"), "key-former-broker": ("felix", "all"),
    "key-stranger": ("vera", "all"), "key-carrier": ("stas", "all"),
}  # fmt: skip
"""Column: who made the key, and its scope. The last three may do whatever a key of theirs can, each in a
house of its own."""
URL = "https://hooks.example.by/akno"


@dataclass
class Sent:
    """A body that is no form, and its headers."""

    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def words(self) -> dict[str, Any]:
        """As the client of the tests takes it: what is no bytes goes as JSON."""
        if isinstance(self.body, bytes):
            return {"data": self.body, "content_type": self.headers.get("Content-Type", "application/xml")}
        return {} if self.body is None else {"json": self.body}


def add_keys(ids: dict[str, dict[str, Any]], keys: dict[str, str]) -> None:
    """Make the keys of the columns, and one that no column uses, on which the pages of keys are tried."""
    for name, (maker, scope) in KEYS.items():
        by = founding.actor(maker)
        rights = {right for one in apikeys.SCOPES if scope in (one, "all") for right in apikeys.SCOPES[one]}
        scopes = sorted(right.value for right in rights & by.permissions)
        _key, keys[name] = apikeys.create(label=name, scopes=scopes, by=by)
    spare, _text = apikeys.create(label="spare", scopes=["declaration:read"], by=founding.actor("anna"))
    ids["key_id"] = {"": spare.id}


def add_webhooks(ids: dict[str, dict[str, Any]]) -> None:
    """A webhook of the owner's house that was told of one event, and one that stands still and lost some."""
    anna = founding.actor("anna")
    told = managing.register(url=URL, label="ERP", events=["declaration.withdrawn"], by=anna)
    still = managing.register(url=URL, by=anna)
    managing.pause(still, by=anna)
    while feeding.follow():
        pass
    ids["endpoint_id"] = {"": told.id, "still": still.id}
    ids["delivery_id"] = {"": _delivered(told)}


def _delivered(endpoint: Endpoint) -> uuid.UUID:
    """One event of the feed that arrived."""
    mine = sa.select(FeedEntry).where(FeedEntry.organisation_id == endpoint.organisation_id).limit(1)
    session().execute(sa.insert(Delivery), [row_of(session().scalars(mine).one(), endpoint)])
    made = session().scalars(sa.select(Delivery).where(Delivery.endpoint_id == endpoint.id)).one()
    DELIVERY.step(made, "arrive", by=SYSTEM)
    session().flush()
    return made.id


def package() -> bytes:
    """A package of the owner's that would be registered."""
    return sample("bicycles", on=clock.today()).xml.replace(b"192381579", b"190142358")


def bodies(ids: dict[str, dict[str, Any]]) -> dict[str, Callable[[str], Sent | dict[str, Any]]]:
    """What is sent to a route, by endpoint: a function of the variant. Each would succeed for the right one."""
    changed = session().get_one(Declaration, ids["declaration_id"]["changed"]).draft_xml or b""
    draft = session().get_one(Declaration, ids["declaration_id"]["draft"])
    revision = draft_edits.items_revision(drafting.tree_of(draft))
    filing = package()
    text = {"url": URL, "label": "ERP", "events": ["declaration.released"]}
    return {
        "api_check.check_package": lambda _on: Sent(filing),
        "api_losses.check_losses": lambda _on: Sent(filing),
        "api_declarations.file_declaration": lambda on: Sent(
            b"<x/>" if on == "refused" else filing, {"Idempotency-Key": f"order-{on}", "X-Second-Consignment": "yes"}
        ),
        "api_declarations.withdraw_declaration": lambda _on: Sent({"reason": "a mistake"}),
        "api_amendments.amend_declaration": lambda _on: Sent(changed, {"If-Match": "*"}),
        "api_amendments.preview_amendment": lambda _on: Sent(changed),
        "api_questions.answer_question": lambda _on: Sent({"version": 1, "text": "The seal is 0815."}),
        "api_documents.upload_document": lambda _on: Sent(b"<permit/>", {"X-File-Name": "permit.xml"}),
        "api_clearances.verify_paper": lambda _on: Sent(b"%PDF-1.7 no paper of ours"),
        "api_webhooks.add_webhook": lambda _on: Sent(text),
        "api_webhooks.change_webhook": lambda _on: Sent({"label": "Other"}),
        "api_webhooks.rotate_webhook_secret": lambda _on: Sent({"hours": 1}),
        "api_webhooks.replay_webhook": lambda _on: Sent({"after": 0}),
        "webhooks.new_post": lambda _on: dict(text),
        "webhooks.change_post": lambda _on: text | {"label": "Other"},
        "webhooks.rotate": lambda _on: {"hours": "24"},
        "webhooks.replay_range": lambda _on: {"after": "0", "until": "9"},
        "identity.key_rotate": lambda _on: {"overlap": "24", "days": "90"},
        "rehearsal.create": lambda _on: {"label": "A", "scopes": "read", "days": "90"},
        "checking.answer": lambda _on: {"package": (io.BytesIO(filing), "a.xml")},
        "clearance.verify_paper": lambda _on: {"paper": (io.BytesIO(b"%PDF-1.7"), "a.pdf")},
        "rulings.enter": lambda _on: ruling_form(),
        "rulings.end": lambda _on: {"reason": "The tariff has changed"},
        "indicators.propose": lambda _on: indicator_form(),
        "indicators.revise": lambda _on: indicator_form(),
        "indicators.answer": lambda _on: {"answer": "agreed"},
        "indicators.end": lambda _on: {"reason": "It finds nothing"},
        "sheets.look": lambda _on: {"sheet": (io.BytesIO(SHEET.encode()), "goods.csv")},
        "sheets.take": lambda _on: {"rows": ROWS, "mode": "replace", "revision": revision},
    }


ROWS = '[["description"], [[2, "Flakes for cats"]], [], 0]'
SHEET = "description;goods_code\r\nFlakes for cats;2309109000\r\n"


def indicator_form() -> dict[str, str]:
    """An indicator that can be proposed."""
    return {
        "title": "Heavy plastic", "reason": "More than a lorry carries", "basis": "our figures", "confidence": "measured",
        "prefixes": "3915", "valid_from": f"{clock.today():%d.%m.%Y}", "weight": "20", "effect": "score",
        "valid_until": f"{clock.today() + timedelta(days=300):%d.%m.%Y}", "b1-join": "all", "b1-1-fact": "item.net_kg",
        "b1-1-op": "above", "b1-1-value": "25000",
    }  # fmt: skip


def ruling_form() -> dict[str, str]:
    """A ruling that can be entered."""
    return {
        "number": "PR-112/26-0002", "kind": "classification", "holder_unp": "190142358", "goods": "Beef, frozen",
        "goods_code": "0202309008", "reasons": "Rule 1", "valid_from": f"{clock.today():%d.%m.%Y}",
        "valid_until": f"{clock.today() + timedelta(days=300):%d.%m.%Y}",
    }  # fmt: skip
