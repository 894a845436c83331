"""One address per list and kind of file."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app import clock
from app.access import Actor
from app.api import remembered
from app.api.models import ApiRequest
from app.declarations import finders as packages
from app.declarations import policy as packages_policy
from app.declarations import progress
from app.declarations.models import Declaration
from app.declarations.views import YOUR_TURN
from app.documents import finders as documents
from app.documents import policy as documents_policy
from app.documents.models import Document
from app.errors import NotFound
from app.identity import finders as identity
from app.identity import policy as identity_policy
from app.identity.models import ApiKey, Mandate, Organisation, Person
from app.intake import policy as intake_policy
from app.intake import receipts
from app.intake.models import Receipt
from app.requirements import ruling_finders, ruling_policy
from app.requirements.ruling_models import Ruling
from app.reviews import question_finders
from app.spreadsheets import answer, gather, moment
from app.web import actor, guard
from app.webhooks import finders as hooks
from app.webhooks import policy as hooks_policy
from app.webhooks.lifecycle import DELIVERY
from app.webhooks.models import Delivery, Endpoint

blueprint = Blueprint("exports", __name__)

PAGE = 500
"""Rows read in one statement."""
KIND = "<any(csv, xlsx):kind>"


def _directions() -> dict[str, str]:
    return {"import": _("Import"), "export": _("Export"), "transit": _("Transit")}


# --- packages and what came with them --------------------------------------------------------------------------------


@blueprint.get(f"/packages/export.{KIND}")
@guard(packages_policy.list_own)
def package_list(kind: str) -> Response:
    """The packages of the filter, last touched first."""
    status = request.args.get("status", "")
    if status not in ("", YOUR_TURN, *progress.STATUSES):
        raise NotFound()
    search = " ".join(request.args.get("search", "").split())[:40]
    also = question_finders.waits_for_trader() if status == YOUR_TURN else None
    who, asked = actor(), status if status != YOUR_TURN else None
    found = gather(
        lambda cursor: packages.list_declarations(who, cursor, status=asked, search=search, also=also, limit=PAGE)
    )
    headings = (
        _("Number"), _("Your reference"), _("Direction"), _("State"), _("Trader"), _("Goods"), _("Items"), _("Country"),
        _("Office"), _("Version"), _("Registered"), _("Last change"),
    )  # fmt: skip
    words = _directions()
    return answer("packages", kind, headings, [_package(row, words) for row in found.rows], cut=found.cut)


def _package(row: Declaration, directions: dict[str, str]) -> list[Any]:
    return [
        row.number, row.lrn, directions.get(row.direction, ""), str(progress.STATUSES[row.status][0]), row.owner_name,
        row.goods_summary, row.line_count, row.partner_country, row.office_code, row.version or None,
        moment(row.registered_at), moment(row.updated_at),
    ]  # fmt: skip


@blueprint.get(f"/receipts/export.{KIND}")
@guard(intake_policy.list_own)
def receipt_list(kind: str) -> Response:
    """Everything the organisation sent, newest first."""
    who = actor()
    found = gather(lambda cursor: receipts.list_receipts(who, cursor, limit=PAGE))
    headings = (
        _("Receipt"), _("Arrived"), _("Your reference (LRN)"), _("What became of it"), _("Faults"), _("File"), _("Came by"),
        "SHA-256",
    )  # fmt: skip
    outcomes = {"registered": _("Registered"), "refused": _("Refused"), "duplicate": _("Sent before")}
    return answer("receipts", kind, headings, [_receipt(row, outcomes) for row in found.rows], cut=found.cut)


def _receipt(row: Receipt, outcomes: dict[str, str]) -> list[Any]:
    return [
        row.number, moment(row.received_at), row.lrn, outcomes.get(row.outcome, row.outcome), row.fault_count,
        row.body_name, row.channel, row.body_sha256,
    ]  # fmt: skip


@blueprint.get(f"/documents/export.{KIND}")
@guard(documents_policy.browse)
def document_list(kind: str) -> Response:
    """The files of the organisation's library, newest first."""
    who = actor()
    found = gather(lambda cursor: documents.list_documents(who, cursor, limit=PAGE))
    headings = (
        _("File"),
        _("Kind"),
        _("Number"),
        _("Brought"),
        _("Media type"),
        _("Bytes"),
        _("Virus scan"),
        "SHA-256",
    )
    return answer("documents", kind, headings, [_document(row) for row in found.rows], cut=found.cut)


def _document(row: Document) -> list[Any]:
    return [
        row.file_name, row.type_code, row.number, moment(row.uploaded_at), row.blob.media_type, row.blob.size, row.blob.scan,
        row.sha256,
    ]  # fmt: skip


# --- rulings, mandates, organisations, people -------------------------------------------------------------------------


@blueprint.get(f"/rulings/own/export.{KIND}")
@guard(ruling_policy.see_own)
def own_rulings(kind: str) -> Response:
    """The rulings given to the organisation."""
    return _rulings(kind)


@blueprint.get(f"/rulings/given/export.{KIND}")
@guard(ruling_policy.see_all)
def given_rulings(kind: str) -> Response:
    """The rulings that customs gave."""
    return _rulings(kind)


def _rulings(kind: str) -> Response:
    who, search = actor(), " ".join(request.args.get("q", "").split())[:100]
    found = gather(lambda cursor: ruling_finders.list_rulings(who, cursor, search=search))
    headings = (
        _("Number"),
        _("Kind"),
        _("Goods"),
        _("Goods code"),
        _("Origin"),
        _("Valid from"),
        _("Valid until"),
        _("Ended"),
    )
    return answer("rulings", kind, headings, [_ruling(row) for row in found.rows], cut=found.cut)


def _ruling(row: Ruling) -> list[Any]:
    return [
        row.number, row.kind, row.goods, row.goods_code, row.origin, row.valid_from.isoformat(), row.valid_to.isoformat(),
        moment(row.ended_at),
    ]  # fmt: skip


@blueprint.get(f"/mandates/export.{KIND}")
@guard(identity_policy.see_mandates)
def mandate_list(kind: str) -> Response:
    """The mandates that the organisation gave or holds."""
    who = actor()
    found = gather(lambda cursor: identity.list_mandates(who, cursor, limit=PAGE))
    headings = (_("Trader"), _("Broker"), _("May file"), _("Holds from"), _("Holds until (not that day)"), _("State"))
    words = _directions()
    return answer("mandates", kind, headings, [_mandate(row, words) for row in found.rows], cut=found.cut)


def _mandate(row: Mandate, directions: dict[str, str]) -> list[Any]:
    states = {"offered": _("Offered, not accepted yet"), "accepted": _("Accepted"), "ended": _("Ended")}
    return [
        row.trader.name, row.broker.name, ", ".join(directions[one] for one in row.scope), row.valid_from.isoformat(),
        row.valid_to.isoformat() if row.valid_to else "", states.get(row.status, row.status),
    ]  # fmt: skip


@blueprint.get(f"/organisations/export.{KIND}")
@guard(identity_policy.manage_organisations)
def organisation_list(kind: str) -> Response:
    """All organisations by name."""
    found = gather(lambda cursor: identity.list_organisations(cursor, limit=PAGE))
    headings = (_("Name"), _("UNP"), _("Kind"), _("City"), _("Country"), _("Agency"))
    return answer("organisations", kind, headings, [_organisation(row) for row in found.rows], cut=found.cut)


def _organisation(row: Organisation) -> list[Any]:
    return [row.name, row.unp, row.kind, row.city, row.country, row.agency]


@blueprint.get(f"/people/export.{KIND}")
@guard(identity_policy.manage_people)
def people(kind: str) -> Response:
    """Everybody with an account, by name, with where they work today."""
    found = gather(lambda cursor: identity.list_people(cursor, limit=PAGE))
    headings = (_("Full name"), _("Address for mail"), _("Places"), _("State"))
    return answer("people", kind, headings, [_person(row) for row in found.rows], cut=found.cut)


def _person(row: Person) -> list[Any]:
    today = clock.today()
    holding = [one for one in row.memberships if one.valid_to is None or one.valid_to > today]
    places = "; ".join(f"{one.organisation.name}, {one.post}" if one.post else one.organisation.name for one in holding)
    state = (
        _("Disabled") if row.disabled_at else _("Invited, no password yet") if not row.password_hash else _("Active")
    )
    return [row.full_name, row.email, places, state]


# --- software: requests of a key, deliveries of a webhook ---------------------------------------------------------------


def _key(key_id: uuid.UUID, *, actor: Actor, **_kind: str) -> ApiKey:
    return identity.get_key(key_id, actor=actor)


@blueprint.get(f"/account/keys/<uuid:key_id>/requests/export.{KIND}")
@guard(identity_policy.manage_keys, _key)
def key_requests(key: ApiKey) -> Response:
    """What was asked with a key in the last thirty days."""
    kind = request.args.get("only", "")
    found = gather(lambda cursor: remembered.list_requests(key, kind, cursor, limit=PAGE))
    headings = (
        _("When"), _("Method"), _("Address"), _("Status"), _("Code"), _("Request"), _("Bytes"), _("Milliseconds"), "SHA-256",
    )  # fmt: skip
    return answer("requests", _file_kind(), headings, [_request(row) for row in found.rows], cut=found.cut)


def _request(row: ApiRequest) -> list[Any]:
    return [
        moment(row.at), row.method, row.path, row.status, row.code, row.request_id, row.body_size, row.milliseconds,
        row.body_sha256,
    ]  # fmt: skip


def _endpoint(endpoint_id: uuid.UUID, *, actor: Actor, **_kind: str) -> Endpoint:
    return hooks.get_endpoint(endpoint_id, actor=actor)


@blueprint.get(f"/account/webhooks/<uuid:endpoint_id>/deliveries/export.{KIND}")
@guard(hooks_policy.manage, _endpoint)
def deliveries(endpoint: Endpoint) -> Response:
    """What was sent to an endpoint, newest first."""
    status = request.args.get("status", "")
    status = status if status in DELIVERY.states else ""
    found = gather(lambda cursor: hooks.list_deliveries(endpoint, cursor, status=status, limit=PAGE))
    headings = (_("Event"), _("Kind"), _("Position"), _("State"), _("Made"), _("Attempts"), _("Ended"))
    return answer("deliveries", _file_kind(), headings, [_delivery(row) for row in found.rows], cut=found.cut)


def _delivery(row: Delivery) -> list[Any]:
    return [
        str(row.id), row.event, row.feed_position, str(DELIVERY.words[row.status]), moment(row.created_at), row.attempts,
        moment(row.ended_at),
    ]  # fmt: skip


def _file_kind() -> str:
    return str((request.view_args or {})["kind"])
