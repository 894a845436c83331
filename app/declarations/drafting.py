"""Drafting: what a person does with a package before it is sent. The canonical XML of the draft is the only truth.

A draft may be as incomplete as its writer likes; only what the schema cannot hold at all is refused. Every change names
leaves, so a message that came from elsewhere keeps all its other leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from lxml import etree

from app import clock
from app.access import Actor, can, require
from app.database import new_id, session
from app.declarations import codec, draft_edits, editing, finders, parsing, policy, versions
from app.declarations.draft_edits import Change, revision
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Attachment, Declaration, Version
from app.declarations.package import EXPORT, IMPORT, MOST_ITEMS, TRANSIT
from app.documents import uploading
from app.documents.models import Document
from app.errors import Conflict, Fault, Invalid
from app.identity.finders import find_organisation_by_unp
from app.identity.models import Organisation
from app.identity.policy import may_act_for
from app.ledger import recording

__all__ = [
    "Change", "add_document", "add_item", "answer", "bring_items", "change_document", "copy", "discard", "open_tree", "remove_document",
    "remove_item", "revision", "save", "start", "tree_of",
]  # fmt: skip

TYPE_CODES = {IMPORT: "IM", EXPORT: "EX", TRANSIT: "TR"}
_SELF = {
    IMPORT: ("/Declaration/GoodsShipment/Importer", "/Declaration/Declarant"),
    EXPORT: ("/Declaration/Exporter", "/Declaration/Declarant"),
    TRANSIT: ("/Declaration/Declarant",),
}


# --- beginning ----------------------------------------------------------------------------------------------------


def start(*, direction: str, by: Actor) -> Declaration:
    """Begin an empty package; ``direction`` is import, export or transit. Who files is filled in from the account."""
    require(policy.start, by)
    tree = editing.new_tree()
    editing.set_leaf(tree, "/Declaration/TypeCode", TYPE_CODES[direction])
    filer = session().get_one(Organisation, by.organisation_id)
    for base in _SELF[direction] if by.kind == "trader" else ("/Declaration/Agent",):
        _name_party(tree, base, filer)
    if by.kind == "broker":
        editing.set_leaf(tree, "/Declaration/Agent/FunctionCode", "2")
    editing.add_item(tree)
    draft_edits.count_items(tree)
    return open_tree(tree, by=by, channel=by.channel)


def open_tree(tree: etree._Element, *, by: Actor, channel: str, origin: Declaration | None = None) -> Declaration:
    """Make a draft of a tree in our namespace: a package with faults, a WCO message; no leaf of it is lost.

    ``channel`` is where it came from (web, xml, zip, api), ``origin`` the package it was copied from. Raises Conflict when
    the tree holds elements of an unknown namespace: they have no canonical form.
    """
    require(policy.start, by)
    now = clock.now()
    declaration = Declaration(
        id=new_id(), filer_id=by.organisation_id, filed_by_id=by.person_id, draft_notes={}, created_at=now, updated_at=now,
        copied_from_id=origin.id if origin is not None else None,
    )  # fmt: skip
    DECLARATION.begin(declaration)
    _store(declaration, tree, by)
    session().add(declaration)
    session().flush()
    payload: dict[str, Any] = {"source": str(origin.id)} if origin is not None else {"channel": channel}
    event = "declaration.copied" if origin is not None else "declaration.drafted"
    recording.record(event, "declaration", declaration.id, by=by, declaration_id=declaration.id, **payload)
    return declaration


def copy(declaration: Declaration, *, by: Actor) -> Declaration:
    """Begin a new package from an earlier one: everything but its own reference; the copy names its origin.

    Files stay attached: nobody has to bring the same paper twice. Those that stand in somebody else's library (the broker
    filed, the trader copies) enter the library of the one who copies, or the new package could not rest on them.
    """
    require(policy.read, by, declaration)
    require(policy.copy, by, declaration)
    tree = filed_tree(declaration) if declaration.version else tree_of(declaration)
    for leaf in ("FunctionalReferenceID", "ID", "AcceptanceDateTime", "IssueDateTime"):
        editing.set_leaf(tree, f"/Declaration/{leaf}", None)
    made = open_tree(tree, by=by, channel=by.channel, origin=declaration)
    for old in finders.list_attachments(declaration.id):
        kept = uploading.adopt(session().get_one(Document, old.document_id), by=by)
        session().add(
            Attachment(
                declaration_id=made.id, document_id=kept.id, sha256=old.sha256, file_name=old.file_name,
                item=old.item, type_code=old.type_code, number=old.number,
            )
        )  # fmt: skip
    session().flush()
    return made


def discard(declaration: Declaration, *, by: Actor) -> None:
    """Put a draft away. It leaves the drafts; its history stays. Raises Conflict for a change of a filed package."""
    _open(declaration, by)
    if declaration.version:
        raise Conflict(_l("This package is filed: drop the change of it, or withdraw the package on its page."))
    DECLARATION.move(declaration, "withdraw", by=by, reason_digest=recording.digest("draft discarded"))
    declaration.updated_at = clock.now()
    session().flush()


def tree_of(declaration: Declaration) -> etree._Element:
    """Return the tree that is being written: of a draft or of a begun change, else of the newest filed version."""
    data = declaration.draft_xml
    return _read(declaration, data) if data is not None else filed_tree(declaration)


def filed_tree(declaration: Declaration, number: int | None = None) -> etree._Element:
    """Return the tree of a filed version, the newest by default. Raises NotFound where there is none."""
    return version_tree(declaration, finders.get_version(declaration, number))


def version_tree(declaration: Declaration, version: Version) -> etree._Element:
    """Return the tree of a version that has been read with its XML."""
    return _read(declaration, version.canonical)


def _read(declaration: Declaration, data: bytes) -> etree._Element:
    tree = parsing.plain(data).tree
    if tree is None:
        raise RuntimeError(f"the stored XML of package {declaration.id} cannot be read")
    return tree


# --- changing -----------------------------------------------------------------------------------------------------


def save(
    declaration: Declaration, changes: Sequence[Change], *, by: Actor, seen: str | None = None, watched: Sequence[str] = (),
) -> list[int]:  # fmt: skip
    """Set leaves of a draft. ``seen`` is the ``revision`` the writer was shown of the leaves ``watched`` (or of these).

    Returns the goods items whose questions are asked anew because their code has changed. Raises Conflict when somebody
    saved other values there in between, Invalid with the faults of what the schema cannot hold (each with its form
    field); nothing is stored then.
    """
    tree = _open(declaration, by)
    paths = [path for path, _value, _attributes in changes]
    now = revision(tree, watched or paths)
    if seen is not None and seen != now:
        raise Conflict(
            _l("Somebody saved this page in between. What you typed is still here: look at both, then save again."),
            {"revision": now},
        )
    before = draft_edits.codes(tree)
    draft_edits.apply(tree, changes)
    asked = draft_edits.drop_stale_answers(tree, before)
    _store(declaration, tree, by, touched=paths)
    return asked


def add_item(declaration: Declaration, *, by: Actor) -> int:
    """Add an empty goods item at the end and return its number. Raises Conflict beyond 999 items."""
    tree = _open(declaration, by)
    if len(editing.items(tree)) >= 999:
        raise Conflict(_l("A package holds 999 goods items at most."))
    number = editing.add_item(tree)
    draft_edits.count_items(tree)
    _store(declaration, tree, by)
    return number


def remove_item(declaration: Declaration, number: int, *, by: Actor) -> None:
    """Take a goods item out; those after it move up, and so do their files. Raises Conflict when it is gone already."""
    tree = _open(declaration, by)
    _require_item(tree, number)
    editing.remove_item(tree, number)
    draft_edits.count_items(tree)
    for attachment in _draft_files(declaration):
        if attachment.item == number:
            session().delete(attachment)
        elif attachment.item is not None and attachment.item > number:
            attachment.item -= 1
    _store(declaration, tree, by)


def bring_items(
    declaration: Declaration, items: Sequence[etree._Element], *, replace: bool, by: Actor, seen: str
) -> int:
    """Put goods items into a draft as one change, behind those that are there or in their place; return how many there are.

    ``seen`` is the ``draft_edits.items_revision`` of what the writer was shown. Raises Conflict when somebody changed the goods
    in between or there are more than 999, Invalid for what the schema cannot hold.
    """
    tree = _open(declaration, by)
    if seen != draft_edits.items_revision(tree):
        raise Conflict(_l("Somebody changed the goods of this package in between. Look at them, then decide again."))
    already = 0 if replace else sum(map(draft_edits.is_filled, editing.items(tree)))
    if len(items) + already > MOST_ITEMS:
        raise Conflict(_l("A package holds 999 goods items at most."))
    draft_edits.put_items(tree, items, replace=replace)
    draft_edits.count_items(tree)
    for attachment in _draft_files(declaration) if replace else ():
        if attachment.item is not None:
            session().delete(attachment)
    _store(declaration, tree, by, touched=[editing.ITEM])
    return len(editing.items(tree))


def add_document(
    declaration: Declaration, item: int | None, fields: Mapping[str, str | None], file: Document | None = None, *, by: Actor
) -> int:  # fmt: skip
    """Add a document to a goods item, or to the whole package (None); return its place there, from 1.

    ``fields`` maps a leaf below AdditionalDocument (``TypeCode``, ``ID``, ``IssueDateTime`` as CCYYMMDD,
    ``WriteOff/QuantityQuantity``, ``WriteOff/QuantityQuantity@unitCode``) to its value. Raises Invalid for what the schema
    cannot hold.
    """
    tree = _open(declaration, by)
    _require_item(tree, item)
    place = len(editing.documents(tree, item)) + 1
    _put_document(declaration, tree, item, place, fields, file, by)
    return place


def change_document(
    declaration: Declaration, item: int | None, place: int, fields: Mapping[str, str | None], file: Document | None = None,
    *, by: Actor, seen: str | None = None,
) -> None:  # fmt: skip
    """Change leaves of a document, and its file when a new one is given. Arguments and refusals as above and in ``save``."""
    tree = _open(declaration, by)
    _require_document(tree, item, place)
    if seen is not None and seen != revision(tree, [draft_edits.document_path(item, place)]):
        raise Conflict(
            _l("Somebody saved this page in between. What you typed is still here: look at both, then save again."),
            {"revision": revision(tree, [draft_edits.document_path(item, place)])},
        )
    _put_document(declaration, tree, item, place, fields, file, by)


def remove_document(declaration: Declaration, item: int | None, place: int, *, by: Actor) -> None:
    """Take a document out of the package. Its file stays in the library of the organisation."""
    tree = _open(declaration, by)
    sha256 = draft_edits.file_of(_require_document(tree, item, place))
    editing.remove_document(tree, item, place)
    left = {draft_edits.file_of(one) for one in tree.iter("{*}AdditionalDocument")}
    if sha256 and sha256 not in left:
        _drop_files(declaration, sha256)
    _store(declaration, tree, by)


def answer(declaration: Declaration, answers: Mapping[tuple[int | None, str], str], *, by: Actor) -> None:
    """Write answers to questions of the law: (goods item or None, flag or measure id) -> ``Y``, ``N`` or ``""`` (taken back).

    They stand in the XML as AdditionalInformation of type REQ (domain.md section 3).
    """
    tree = _open(declaration, by)
    for (item, code), value in answers.items():
        _require_item(tree, item)
        editing.set_answer(tree, item, code, value or None)
    _store(declaration, tree, by)


# --- how ----------------------------------------------------------------------------------------------------------


def _open(declaration: Declaration, by: Actor) -> etree._Element:
    """Lock the row, ask the policy, return the tree."""
    session().refresh(
        declaration, attribute_names=["_status", "draft_xml", "version", "updated_at"], with_for_update=True
    )
    require(policy.prepare, by, declaration)
    return tree_of(declaration)


def _store(declaration: Declaration, tree: etree._Element, by: Actor, touched: Collection[str] = ()) -> None:
    """Keep the canonical bytes and the facts that lists show; refuse what the schema cannot hold where it was touched."""
    try:
        data = codec.canonical(tree)
    except ValueError as error:
        raise Conflict(_l("This file holds elements of another kind of message; it cannot become a draft.")) from error
    if touched:
        _refuse_unstorable(declaration, data)
    declaration.draft_xml, declaration.updated_at = data, clock.now()
    if declaration.version:
        # What lists, queues and policies read of a filed package stays as filed until the change is sent.
        session().flush()
        return
    package = codec.to_package(tree)
    owner = find_organisation_by_unp(package.owner) if package.owner else None
    # A draft shows up with a trader only when its writer may act for that trader: a mistyped UNP discloses nothing.
    if owner is not None and not can(lambda actor, who: may_act_for(actor, who, package.direction), by, owner):
        owner = None
    declaration.owner = owner
    declaration.owner_id = owner.id if owner is not None else None
    declaration.owner_name = (owner.name if owner is not None else draft_edits.owner_name(package))[:160]
    declaration.lrn, declaration.direction = package.lrn[:35], package.direction
    declaration.office_code, declaration.line_count = package.office[:17], len(package.lines)
    declaration.goods_summary = versions.goods_summary(package)
    declaration.partner_country = draft_edits.partner_country(package)[:2]
    session().flush()


def _refuse_unstorable(declaration: Declaration, data: bytes) -> None:
    faults = parsing.parse(data).faults
    if not faults:
        return
    before = parsing.parse(declaration.draft_xml).faults if declaration.draft_xml is not None else ()
    known = {(fault.code, fault.path) for fault in before}
    fresh: list[Fault] = [fault for fault in faults if (fault.code, fault.path) not in known]
    if fresh:
        raise Invalid(fresh)


def _name_party(tree: etree._Element, base: str, who: Organisation) -> None:
    facts = (
        ("ID", who.unp), ("Name", who.name[:70]), ("Address/Line", who.address_line), ("Address/CityName", who.city),
        ("Address/CountryCode", who.country), ("Address/PostcodeID", who.postcode),
    )  # fmt: skip
    for leaf, value in facts:
        editing.set_leaf(tree, f"{base}/{leaf}", value)


def _require_item(tree: etree._Element, number: int | None) -> None:
    if number is not None and not 1 <= number <= len(editing.items(tree)):
        raise Conflict(_l("Goods item %(number)s is not in the package any more.", number=number))


def _require_document(tree: etree._Element, item: int | None, place: int) -> etree._Element:
    _require_item(tree, item)
    found = editing.documents(tree, item)
    if not 1 <= place <= len(found):
        raise Conflict(_l("This document is not in the package any more: somebody took it out."))
    return found[place - 1]


def _put_document(
    declaration: Declaration, tree: etree._Element, item: int | None, place: int, fields: Mapping[str, str | None],
    file: Document | None, by: Actor,
) -> None:  # fmt: skip
    """Write a document's leaves; a new file replaces the one named before."""
    path = draft_edits.document_path(item, place)
    named = dict(fields)
    if file is not None:
        named |= {
            "Attachment/FileName": file.file_name, "Attachment/SHA256": file.sha256,
            "Attachment/MediaType": file.blob.media_type,
        }  # fmt: skip
    draft_edits.apply(tree, draft_edits.document_changes(path, named))
    _store(declaration, tree, by, touched=[path])
    if file is None or declaration.version:
        return
    session().add(
        Attachment(
            declaration_id=declaration.id, document_id=file.id, sha256=file.sha256, file_name=file.file_name, item=item,
            type_code=editing.get_leaf(tree, f"{path}/TypeCode")[:6], number=editing.get_leaf(tree, f"{path}/ID")[:70],
        )
    )  # fmt: skip
    left = {draft_edits.file_of(one) for one in tree.iter("{*}AdditionalDocument")}
    for attachment in finders.list_attachments(declaration.id):
        if attachment.sha256 not in left:
            session().delete(attachment)
    session().flush()


def _draft_files(declaration: Declaration) -> Sequence[Attachment]:
    """The files tied to a draft; those of a filed package stay with its versions until a change of it is sent."""
    return () if declaration.version else finders.list_attachments(declaration.id)


def _drop_files(declaration: Declaration, sha256: str) -> None:
    if declaration.version:
        return
    session().execute(
        sa.delete(Attachment).where(Attachment.declaration_id == declaration.id, Attachment.sha256 == sha256)
    )
