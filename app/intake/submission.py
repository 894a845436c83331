"""Submission: the five calls that turn a clean package into a registered one, in one transaction.

Rules again on what is stored, requirements, the declaration's own life, risk, routing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from lxml import etree

from app import clock
from app.access import SYSTEM, Actor
from app.advance import quoting
from app.advance.finders import Quoted
from app.database import new_id, session, together
from app.declarations import checking, codec, marks, parsing, registers, versions
from app.declarations.finders import Twin, Twins, find_twins
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Attachment, Declaration
from app.declarations.package import Package
from app.documents import gate, uploading
from app.errors import Conflict, Fault
from app.identity.finders import find_organisation_by_unp
from app.identity.models import Organisation
from app.identity.policy import may_act_for
from app.intake import attachments, holding, receipts
from app.intake.models import Receipt
from app.intake.numbering import next_registration_number
from app.intake.words import fault
from app.ledger.recording import Happening, record_all
from app.ledger.recording import digest as keyed
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition
from app.reviews import greening, routing
from app.risk import assessing
from app.turns import take_turn

SAME_CONTENT_HOURS = 24
_INSERT: sa.Insert = sa.insert(Declaration.__table__)  # type: ignore[arg-type]


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
class Digests:
    """SHA-256 of the canonical XML, and of its content without the LRN (``content_digest``)."""

    canonical: str
    content: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A package as the window sees it on its filing day: owner, edition, files behind documents, faults, the law's answer."""

    package: Package
    owner: Organisation | None
    edition: CompiledEdition
    standing: dict[str, attachments.Standing]
    faults: Sequence[Fault]
    outcome: Any
    quoted: Mapping[str, Quoted] = field(default_factory=dict)


_TELLS_OF_OTHERS = (
    "LRN-USED", "MANDATE-MISSING", "RULING-UNKNOWN", "RULING-HOLDER", "RULING-KIND", "RULING-NOT-VALID",
    "RULING-CODE-DIFFERS", "RULING-ORIGIN-DIFFERS", "ADVANCE-QUOTED-OTHER", "ADVANCE-QUOTED-ENDED",
)  # fmt: skip
"""Faults that would tell a stranger what another trader has filed, whom it trusts, or what was ruled for it."""


def judge(
    package: Package,
    *,
    by: Actor,
    tree: etree._Element | None = None,
    sent: frozenset[str] = frozenset(),
    registry: registers.Registers | None = None,
    of: Declaration | None = None,
) -> Judged:
    """Check a package against rules, registries and requirements; stores nothing.

    As of today; when it is a change ``of`` a package that is registered, as of the day of its registration: its own
    reference is free for itself, and the files it has stand behind it whoever brought them.
    ``sent`` holds the paths of documents whose files came along but are in no library (a ZIP that is refused).
    ``registry``: the registers of the package's owner, from a caller that has asked them already.
    """
    edition = current_edition()
    filed = of if of is not None and of.version else None
    own_numbers = {filed.registered_lrn: None} if filed is not None and filed.registered_lrn else {}
    registry = registry or registers.Registers(find_organisation_by_unp(package.owner), own_numbers)
    owner = registry.own
    standing = attachments.find_standing(
        package, edition, {by.organisation_id, owner.id if owner else None}, of=filed.id if filed is not None else None
    )
    verdict = checking.check(
        package,
        edition=edition,
        on=filing_day(filed),
        attached=frozenset(standing) | sent,
        registry=registry,
        tree=tree,
    )
    foreign = _not_yours(package, owner, by)
    quoted = quoting.read(package, owner.id if owner else None)
    announced = quoting.faults(package, quoted, of=filed.id if filed is not None else None)
    known = [one for one in (*verdict.faults, *announced) if not (foreign and one.code in _TELLS_OF_OTHERS)]
    faults = [*known, *foreign, *attachments.infected(standing)]
    return Judged(package, owner, edition, standing, faults, verdict.outcome, quoted)


def filing_day(declaration: Declaration | None) -> date:
    """The day in Minsk under whose law a package stands: that of its registration, today for one not yet registered."""
    at = declaration.registered_at if declaration is not None else None
    return at.astimezone(clock.MINSK).date() if at is not None else clock.today()


def _not_yours(package: Package, owner: Organisation | None, by: Actor) -> list[Fault]:
    """A package of somebody who has given the sender no mandate is a fault like any other: with a receipt, told kindly."""
    if owner is None or may_act_for(by, owner, package.direction):
        return []
    party = package.owner_party
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
    # What is filed is what the draft holds once nobody else is writing it: a save in between is either in it or refused.
    session().refresh(declaration, ["_status", "draft_xml"], with_for_update=True)
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
    digests = Digests(codec.digest(canonical), content_digest(canonical, package.lrn))
    owner = find_organisation_by_unp(package.owner)
    twins = _find_twins(owner, package.lrn, digests.content) if owner else Twins()
    earlier = twins.same_lrn
    if earlier is not None and earlier.digest == digests.canonical:
        first = receipts.find_first(earlier.id)
        if first is not None and by.organisation_id in (first.filer_id, first.owner_id):
            return first
    registry = registers.Registers(owner, {package.lrn: earlier.number if earlier else None})
    judged = judge(package, by=by, tree=tree, registry=registry)
    faults = list(judged.faults)
    if not faults and twins.same_content and not arrival.confirmed:
        faults = [_same_content(twins.same_content)]
    if faults:
        return _refused(arrival, faults, package, by, draft)
    return _register(arrival, judged, canonical, digests, by, draft)


def _find_twins(owner: Organisation, lrn: str, content: str) -> Twins:
    """What this owner registered like it. The owner's filings go one by one from here to the commit."""
    take_turn("filing", str(owner.id))
    return find_twins(owner.id, lrn, content, clock.now() - timedelta(hours=SAME_CONTENT_HOURS))


def _first_of(declaration: Declaration) -> Receipt:
    first = receipts.find_first(declaration.id)
    if first is None:
        raise Conflict(_l("This draft can no longer be sent."), {"state": declaration.status})
    return first


def content_digest(canonical: bytes, lrn: str) -> str:
    """SHA-256 of the canonical XML with its LRN taken out: equal goods under another reference have the same."""
    marked = f"<FunctionalReferenceID>{lrn}</FunctionalReferenceID>".encode()
    return hashlib.sha256(canonical.replace(marked, b"", 1)).hexdigest()


def _same_content(twin: Twin) -> Fault:
    first = receipts.find_first(twin.id)
    return fault("DUPLICATE-CONTENT", value=f"{twin.number} · LRN {twin.lrn} · {first.number if first else ''}")


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
        declaration=draft,
        key=arrival.key,
    )
    record_all([happening], by=by)
    return receipt


def _register(
    arrival: Arrival, judged: Judged, canonical: bytes, digests: Digests, by: Actor, draft: Declaration | None
) -> Receipt:
    """Write everything that registration means. The counter row of the office is held from here to the commit."""
    package, owner = judged.package, judged.owner
    if owner is None:
        raise RuntimeError("a package without a registered owner has passed the rules: UNP-UNKNOWN did not speak")
    now = clock.now()
    declaration = draft or _new_declaration(owner, by, now)
    # A draft that somebody else began is filed by the one who sends it.
    declaration.filer_id, declaration.filed_by_id = by.organisation_id, by.person_id  # type: ignore[assignment]
    number = next_registration_number(_office_number(judged), clock.today())
    _fill(declaration, package, owner, number=number, digests=digests, at=now)
    # Everything that risk reads is read before the first row is written.
    assessed = assessing.assess(
        declaration, package, owner, judged.outcome, edition=judged.edition, on=filing_day(declaration),
        quoted=judged.quoted,
    )  # fmt: skip
    rules = greening.find_rules(assessed, on=filing_day(declaration))
    # Both steps before the row is written: it is born in the state it ends in. One statement records all that happened.
    held = gate.stands()
    happenings = _steps(declaration, judged, by, held=held)
    session().flush()
    receipt = _write(arrival, judged, declaration, canonical, assessed, happenings, by, new=draft is None, held=held)
    if judged.quoted:
        record_all(quoting.quote(declaration, package, judged.quoted), by=SYSTEM)
    if not held:
        greening.sign_off(declaration, assessed, rules)
    return receipt


def _write(
    arrival: Arrival, judged: Judged, declaration: Declaration, canonical: bytes, assessed: assessing.Assessed,
    happenings: list[Happening], by: Actor, *, new: bool, held: bool,
) -> Receipt:  # fmt: skip
    """Write the rows of a registration one behind the other, and all that happened in one statement."""
    package = judged.package
    with together():
        if new:
            _insert(declaration)
        version = versions.file_version(
            declaration, canonical=canonical, package=package, outcome=judged.outcome, edition=judged.edition.hash,
            received_sha256=arrival.body_sha256, by=by,
        )  # fmt: skip
        marks.keep(declaration, package, unp=package.owner)
        _attach(declaration, judged.standing, replace=not new)
        opened = assessing.keep(assessed)
        if held:
            opened.append(holding.hold(declaration, _waiting(judged)))
        else:
            opened += routing.open_reviews(
                declaration, version, judged.outcome, package, by=by, edition=judged.edition, assessed=assessed
            )
        receipt, issued = receipts.write(
            outcome="registered", channel=arrival.channel, body_sha256=arrival.body_sha256,
            body_name=arrival.body_name, by=by, owner_id=declaration.owner_id, lrn=package.lrn, declaration=declaration,
            key=arrival.key,
        )  # fmt: skip
        record_all([*happenings, *opened, issued], by=by)
    return receipt


def _steps(declaration: Declaration, judged: Judged, by: Actor, *, held: bool) -> list[Happening]:
    """Submitted and routed, in the order of events; where files wait for a scanner, routing waits for them."""
    submitted = DECLARATION.step(
        declaration, "submit", by=by, number=declaration.number, version=1, digest=declaration.digest,
        edition=judged.edition.hash, lrn_digest=keyed(judged.package.lrn),
    )  # fmt: skip
    return [submitted] if held else [submitted, holding.route(declaration, judged.outcome)]


def _waiting(judged: Judged) -> set[str]:
    """The files behind the documents that no scanner has called clean yet."""
    blobs = (one.document.blob for one in judged.standing.values())
    return {blob.sha256 for blob in blobs if not gate.passes(blob)}


def _insert(declaration: Declaration) -> None:
    """A new row by Core, for nobody reads it back in this transaction; a draft's row is the ORM's, who has loaded it."""
    columns = Declaration.__mapper__.column_attrs
    session().execute(_INSERT, {one.columns[0].name: getattr(declaration, one.key) for one in columns})


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
    digests: Digests,
    at: datetime,
) -> None:
    """Keep on the row what lists show, so that a list is one statement."""
    declaration.owner_id, declaration.owner = owner.id, owner
    declaration.owner_name = owner.name
    declaration.lrn = declaration.registered_lrn = package.lrn
    declaration.direction, declaration.office_code = package.direction, package.office
    declaration.number, declaration.registered_at = number, at
    declaration.version, declaration.digest, declaration.content_digest = 1, digests.canonical, digests.content
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
