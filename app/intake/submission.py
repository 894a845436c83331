"""Submission: the five calls that turn a clean package into a registered one, in one transaction.

Rules again on what is stored, requirements, the declaration's own life, routing. (Risk comes in between, in its room.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from lxml import etree

from app import clock
from app.access import Actor
from app.database import new_id, session
from app.declarations import checking, codec, parsing, registers, versions
from app.declarations.finders import find_registered, find_same_content
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Attachment, Declaration
from app.declarations.package import Package, Party
from app.documents import uploading
from app.errors import Conflict, Fault
from app.identity.finders import find_organisation_by_unp
from app.identity.models import Organisation
from app.identity.policy import may_act_for
from app.intake import attachments, receipts
from app.intake.models import Receipt
from app.intake.numbering import next_registration_number
from app.intake.turns import take_turn
from app.intake.words import fault
from app.ledger.recording import digest as keyed
from app.ledger.recording import record_all
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition
from app.reviews import routing

SAME_CONTENT_HOURS = 24


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a package came: channel (form, xml, zip, api), the bytes as received, key, and the sender's confirmation that
    an equal package of the last day is not this one."""

    channel: str
    body_sha256: str
    body_name: str
    key: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A package as the window sees it on its filing day: owner, edition, files behind documents, faults, the law's answer."""

    package: Package
    owner: Organisation | None
    edition: CompiledEdition
    standing: dict[str, attachments.Standing]
    faults: Sequence[Fault]
    outcome: Any


def owner_unp(package: Package) -> str:
    """Whose package it is: the importer's UNP (import), the exporter's (export), the declarant's (transit)."""
    party = owner_party(package)
    return party.id if party else ""


def owner_party(package: Package) -> Party | None:
    """The party whose package it is, or None while it is not named."""
    return {"import": package.importer, "export": package.exporter}.get(package.direction, package.declarant)


def judge(
    package: Package, *, by: Actor, tree: etree._Element | None = None, sent: frozenset[str] = frozenset()
) -> Judged:
    """Check a package against rules, registries and requirements as of today; stores nothing.

    ``sent`` holds the paths of documents whose files came along but are in no library (a ZIP that is refused).
    """
    edition = current_edition()
    unp = owner_unp(package)
    owner = find_organisation_by_unp(unp) if unp else None
    standing = attachments.find_standing(package, edition, {by.organisation_id, owner.id if owner else None})
    verdict = checking.check(
        package,
        edition=edition,
        on=clock.today(),
        attached=frozenset(standing) | sent,
        registry=registers.Registers(owner),
        tree=tree,
    )
    faults = [*verdict.faults, *_not_yours(package, owner, by)]
    return Judged(package, owner, edition, standing, faults, verdict.outcome)


def _not_yours(package: Package, owner: Organisation | None, by: Actor) -> list[Fault]:
    """A package of somebody who has given the sender no mandate is a fault like any other: with a receipt, told kindly."""
    if owner is None or may_act_for(by, owner, package.direction):
        return []
    party = owner_party(package)
    return [fault("MANDATE-NEEDED", value=f"{owner.unp}", path=f"{party.path}/ID" if party else "")]


def rule_faults(
    package: Package, tree: etree._Element, *, by: Actor, sent: frozenset[str] = frozenset()
) -> Sequence[Fault]:
    """The faults that rules and requirements find, to be shown beside schema faults."""
    return judge(package, by=by, tree=tree, sent=sent).faults


def submit_draft(declaration: Declaration, *, by: Actor, confirmed: bool = False) -> Receipt:
    """Send a draft: what is stored is checked again, schema included, and filed as it stands.

    A draft sent twice (a double click) gives the first receipt. Raises Conflict for what is no draft any more.
    """
    if declaration.status != "draft":
        return _first_of(declaration)
    body = declaration.draft_xml or b""
    blob = uploading.keep(body, media_type="application/xml")
    arrival = Arrival("form", blob.sha256, "declaration.xml", confirmed=confirmed)
    parsed = parsing.parse(body)
    if parsed.tree is None or parsed.faults:
        return _refused(arrival, list(parsed.faults), None, by, declaration)
    return submit(arrival, parsed.tree, codec.to_package(parsed.tree), by=by, draft=declaration)


def submit(
    arrival: Arrival, tree: etree._Element, package: Package, *, by: Actor, draft: Declaration | None = None
) -> Receipt:
    """File a package that passed the schema; returns its receipt (registered, or refused with its faults).

    The same LRN with the same bytes gives the first receipt again; an equal package under another LRN within a day is
    the fault DUPLICATE-CONTENT unless the sender has confirmed.
    """
    canonical = codec.canonical(tree)
    judged = judge(package, by=by, tree=tree)
    earlier = _find_earlier(judged)
    if earlier is not None and earlier.digest == codec.digest(canonical):
        first = receipts.find_first(earlier.id)
        if first is not None and by.organisation_id in (first.filer_id, first.owner_id):
            return first
    if earlier is not None and not judged.faults:
        # Registered by somebody else while we judged: the rules have something to say now.
        judged = judge(package, by=by, tree=tree)
    faults = list(judged.faults)
    content = content_digest(canonical, package.lrn)
    if not faults and judged.owner and not arrival.confirmed:
        faults = _same_content(judged.owner, content)
    if faults:
        return _refused(arrival, faults, package, by, draft)
    return _register(arrival, judged, canonical, content, by, draft)


def _find_earlier(judged: Judged) -> Declaration | None:
    """What this owner registered under the same LRN. The owner's filings go one by one from here to the commit."""
    if judged.owner is None or not judged.package.lrn:
        return None
    take_turn("filing", str(judged.owner.id))
    return find_registered(judged.owner.id, judged.package.lrn)


def _first_of(declaration: Declaration) -> Receipt:
    first = receipts.find_first(declaration.id)
    if first is None:
        raise Conflict(_l("This draft can no longer be sent."), {"state": declaration.status})
    return first


def content_digest(canonical: bytes, lrn: str) -> str:
    """SHA-256 of the canonical XML with its LRN taken out: equal goods under another reference have the same."""
    marked = f"<FunctionalReferenceID>{lrn}</FunctionalReferenceID>".encode()
    return hashlib.sha256(canonical.replace(marked, b"", 1)).hexdigest()


def _same_content(owner: Organisation, content: str) -> list[Fault]:
    since = clock.now() - timedelta(hours=SAME_CONTENT_HOURS)
    twin = find_same_content(owner.id, content, since)
    if twin is None:
        return []
    first = receipts.find_first(twin.id)
    return [fault("DUPLICATE-CONTENT", value=f"{twin.number} · LRN {twin.lrn} · {first.number if first else ''}")]


def _refused(
    arrival: Arrival, faults: list[Fault], package: Package | None, by: Actor, draft: Declaration | None
) -> Receipt:
    receipt, happening = receipts.write(
        outcome="refused",
        channel=arrival.channel,
        body_sha256=arrival.body_sha256,
        body_name=arrival.body_name,
        by=by,
        lrn=package.lrn if package else "",
        faults=faults,
        declaration_id=draft.id if draft else None,
        key=arrival.key,
    )
    record_all([happening], by=by)
    return receipt


def _register(
    arrival: Arrival, judged: Judged, canonical: bytes, content: str, by: Actor, draft: Declaration | None
) -> Receipt:
    """Write everything that registration means. The counter row of the office is held from here to the commit."""
    package, owner = judged.package, judged.owner
    if owner is None:
        raise RuntimeError("a package without a registered owner has passed the rules: UNP-UNKNOWN did not speak")
    now = clock.now()
    declaration = draft or _new_declaration(owner, by, now)
    number = next_registration_number(_office_number(judged), clock.today())
    _fill(declaration, package, owner, number=number, digest=codec.digest(canonical), content=content, at=now)
    # Their order is the order of events; one statement records them all.
    happenings = [
        DECLARATION.step(
            declaration, "submit", by=by, number=number, version=1, digest=declaration.digest,
            edition=judged.edition.hash, lrn_digest=keyed(package.lrn),
        )
    ]  # fmt: skip
    session().add(declaration)
    session().flush()
    version = versions.file_version(
        declaration, canonical=canonical, package=package, outcome=judged.outcome, edition=judged.edition.hash,
        received_sha256=arrival.body_sha256, by=by,
    )  # fmt: skip
    _attach(declaration, judged.standing, replace=draft is not None)
    customs = judged.edition.customs
    opened = routing.open_reviews(declaration, version, judged.outcome, package, by=by, customs=customs)
    lanes = [lane.agency for lane in judged.outcome.lanes]
    signing = [lane.agency for lane in judged.outcome.lanes if lane.review]
    happenings.append(DECLARATION.step(declaration, "route", by=by, agencies=signing, lanes=lanes))
    receipt, issued = receipts.write(
        outcome="registered", channel=arrival.channel, body_sha256=arrival.body_sha256, body_name=arrival.body_name,
        by=by, owner_id=owner.id, lrn=package.lrn, declaration_id=declaration.id, key=arrival.key,
    )  # fmt: skip
    session().flush()
    record_all([*happenings, *opened, issued], by=by)
    return receipt


def _office_number(judged: Judged) -> str:
    """The office's eight-digit EAEU code (112 + five digits): the first part of a registration number."""
    office = judged.edition.offices[judged.package.office]
    return office.code8 or f"112{office.code:0>5}"


def _new_declaration(owner: Organisation, by: Actor, now: datetime) -> Declaration:
    declaration = Declaration(
        id=new_id(),
        owner_id=owner.id,
        filer_id=by.organisation_id,
        filed_by_id=by.person_id,
        draft_notes={},
        created_at=now,
    )
    declaration.owner = owner
    DECLARATION.begin(declaration)
    return declaration


def _fill(
    declaration: Declaration,
    package: Package,
    owner: Organisation,
    *,
    number: str,
    digest: str,
    content: str,
    at: datetime,
) -> None:
    """Keep on the row what lists show, so that a list is one statement."""
    declaration.owner_id, declaration.owner = owner.id, owner
    declaration.owner_name = owner.name
    declaration.lrn = declaration.registered_lrn = package.lrn
    declaration.direction, declaration.office_code = package.direction, package.office
    declaration.number, declaration.registered_at = number, at
    declaration.version, declaration.digest, declaration.content_digest = 1, digest, content
    declaration.goods_summary = versions.goods_summary(package)
    declaration.line_count = len(package.lines)
    declaration.partner_country = package.export_country if package.direction != "export" else package.destination
    declaration.updated_at = at
    declaration.draft_xml = None


def _attach(declaration: Declaration, standing: dict[str, attachments.Standing], *, replace: bool) -> None:
    """Tie the files to the package as filed; what a draft had tied before is replaced."""
    if replace:
        session().execute(sa.delete(Attachment).where(Attachment.declaration_id == declaration.id))
    rows = [
        {
            "id": new_id(), "declaration_id": declaration.id, "document_id": one.document.id,
            "sha256": one.document.sha256, "file_name": one.document.file_name, "item": one.declared.item,
            "type_code": one.type_code, "number": one.declared.number,
        }
        for one in standing.values()
    ]  # fmt: skip
    if rows:
        session().execute(sa.insert(Attachment), rows)
