"""The log for anyone: what it is, its newest checkpoint, consistency; proofs for holders; the record for the auditor."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from app.clearance import finders as clearances
from app.clearance import numbering
from app.clearance.models import Clearance
from app.errors import NotFound
from app.intake import policy as intake_policy
from app.intake import receipts
from app.intake.models import Receipt
from app.ledger import asking, checking, cosigning, log_words, merkle, notes, picture, policy, tree, witnessing
from app.ledger import log_finders as finders
from app.ledger.listing import Filters, get_entry, list_page
from app.ledger.models import Entry
from app.web import actor, guard, public

blueprint = Blueprint("ledger", __name__)

PLAIN = "text/plain; charset=utf-8"
TOO_EARLY = 425
MOST_TYPED = 200


@blueprint.get("/log")
@public
def show() -> str:
    """What the log is, how it stands, its key, who checks us and what follows when a check fails."""
    settings = current_app.extensions["akno.settings"]
    epoch, checkpoint = finders.current_epoch(), finders.last_checkpoint()
    note = finders.note_of(checkpoint) if checkpoint else None
    witnesses = [
        (one.key.name, str(one.key), notes.cosigned_at(note, one.key) if note else None) for one in _witnesses(settings)
    ]
    return render_template(
        "ledger/log.html", epoch=epoch, checkpoint=checkpoint, root=notes.encoded(checkpoint.root) if checkpoint else "",
        size=tree.size(), witnesses=witnesses, stopped=log_words.stopped(epoch), witness_key=cosigning.verifier_key(settings),
        demonstration=settings.demonstration, whole=picture.whole(8, 5),
    )  # fmt: skip


def _witnesses(settings: Any) -> list[asking.Witness]:
    try:
        return asking.witnesses(settings)
    except asking.Unfit:
        return []


@blueprint.get("/log/checkpoint")
@public
def checkpoint() -> Response:
    """The newest checkpoint as a signed note, with the cosignatures of witnesses."""
    newest = finders.last_checkpoint()
    if newest is None:
        raise NotFound("checkpoint")
    return Response(str(finders.note_of(newest)), content_type=PLAIN)


@blueprint.get("/log/consistency")
@public
def consistency() -> Any:
    """The proof that the tree of ``to`` leaves continues that of ``from``: one hash on each line, as in RFC 6962."""
    newest = finders.last_checkpoint()
    try:
        old, new = notes.number(request.args.get("from", "")), notes.number(request.args.get("to", ""))
        ranges = merkle.consistency(old, new)
    except ValueError as wrong:
        raise NotFound("sizes") from wrong
    if newest is None or new > newest.size:
        raise NotFound("sizes")
    try:
        hashes = tree.prove(ranges)
    except tree.TreeBroken:
        return _too_early(_("The log"))
    return Response("".join(f"{notes.encoded(one)}\n" for one in hashes), content_type=PLAIN)


# --- proofs -------------------------------------------------------------------------------------------------------


@blueprint.get("/receipts/<uuid:receipt_id>/proof")
@guard(intake_policy.read, receipts.get_receipt)
def receipt_proof(receipt: Receipt) -> Any:
    """The proof of a receipt, as a page with its picture."""
    witnessing.receipt_read(receipt.id, receipt.declaration_id)
    there = url_for("ledger.receipt_file", receipt_id=receipt.id)
    title = _("Receipt %(number)s", number=receipt.number)
    return _page(_entry("receipt.issued", receipt.id), there, title, url_for("intake.receipt", receipt_id=receipt.id))


@blueprint.get("/receipts/<uuid:receipt_id>/proof.tlog-proof")
@guard(intake_policy.read, receipts.get_receipt)
def receipt_file(receipt: Receipt) -> Any:
    """The proof of a receipt, as the file that is checked without us."""
    witnessing.receipt_read(receipt.id, receipt.declaration_id)
    return _file(_entry("receipt.issued", receipt.id), receipt.number)


@blueprint.get("/verify/<code>/proof")
@public
def clearance_proof(code: str) -> Any:
    """The proof of a clearance, for whoever holds its code."""
    clearance = _by_code(code)
    there = url_for("ledger.clearance_file", code=code)
    title = _("Clearance %(number)s", number=clearance.number)
    return _page(_entry("clearance.issued", clearance.id), there, title, url_for("clearance.verify", code=code))


@blueprint.get("/verify/<code>/proof.tlog-proof")
@public
def clearance_file(code: str) -> Any:
    """The proof of a clearance, as the file that is checked without us."""
    clearance = _by_code(code)
    return _file(_entry("clearance.issued", clearance.id), clearance.number)


def _by_code(code: str) -> Clearance:
    found = clearances.find_by_code(numbering.typed(code[:MOST_TYPED]))
    if found is None or found.issued_at is None:
        raise NotFound("code")
    return found


def _entry(event: str, subject_id: uuid.UUID) -> Entry:
    found = finders.find_entry(event, subject_id)
    if found is None:
        raise NotFound(event)
    return found


def _proof(entry: Entry) -> notes.Proof | None:
    """The proof of an entry; None also while a hash of the tree is missing, for then nothing can be shown."""
    try:
        return finders.find_proof(entry)
    except tree.TreeBroken:
        return None


def _page(entry: Entry, there: str, title: str, back: str) -> Any:
    proof, epoch = _proof(entry), finders.current_epoch()
    if proof is None:
        return _too_early(title)
    said = notes.read_checkpoint(proof.note.text)
    return render_template(
        "ledger/proof.html", title=title, proof=proof, there=there, back=back, said=said, path=picture.path(proof.index, said.size),
        leaf=proof.leaf.decode("utf-8", "replace"), facts=log_words.facts(checking.facts_of(proof.leaf)),
        key=epoch.verifier_key if epoch else "", leaf_hash=merkle.leaf_hash(proof.leaf).hex(), root=notes.encoded(said.root),
    )  # fmt: skip


def _file(entry: Entry, name: str) -> Any:
    proof = _proof(entry)
    if proof is None:
        return _too_early(name)
    answer = Response(str(proof), content_type=PLAIN)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.tlog-proof")
    return answer


def _too_early(title: str) -> Any:
    stopped = log_words.stopped(finders.current_epoch())
    page = render_template("ledger/too_early.html", title=title, stopped=stopped)
    return page, TOO_EARLY, {"Retry-After": "2"}


# --- the record, for the auditor ----------------------------------------------------------------------------------


@blueprint.get("/ledger")
@guard(policy.read)
def entries() -> Any:
    """Entries of the record, newest first: of a package, of a thing, of an event."""
    filters = Filters.of(request.args)
    page = list_page(filters, request.args.get("cursor"), actor=actor())
    query: dict[str, Any] = dict(filters.query())
    return render_template(
        "ledger/entries.html", page=page, filters=filters, events=log_words.EVENT_NAMES, here=url_for("ledger.entries", **query),
    ), 422 if filters.wrong else 200  # fmt: skip


@blueprint.get("/ledger/<int:position>/proof")
@guard(policy.read, get_entry)
def entry_proof(entry: Entry) -> Any:
    """The proof of any entry, for the auditor."""
    there = url_for("ledger.entry_file", position=entry.position)
    return _page(entry, there, _("Entry %(position)s", position=entry.position), url_for("ledger.entries"))


@blueprint.get("/ledger/<int:position>/proof.tlog-proof")
@guard(policy.read, get_entry)
def entry_file(entry: Entry) -> Any:
    """The same as a file."""
    return _file(entry, f"entry-{entry.position}")
