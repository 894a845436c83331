"""Who may bring something to the door and who may see its receipt."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Actor, Permission, Verdict, holds, no
from app.declarations import policy as packages
from app.declarations.finders import get_declaration
from app.errors import NotFound
from app.intake.models import Receipt
from app.reviews.question_finders import Thread


def file(actor: Actor, _subject: object = None) -> Verdict:
    """File a package: traders and brokers whose role includes sending."""
    if actor.kind not in ("trader", "broker"):
        return no(_l("Packages are filed by traders and their brokers."))
    return holds(actor, Permission.DECLARATION_SUBMIT)


def read(actor: Actor, _receipt: Receipt) -> Verdict:
    """See a receipt; whose it is was asked when it was found."""
    return holds(actor, Permission.DECLARATION_READ)


def confirm(actor: Actor, receipt: Receipt) -> Verdict:
    """Say that a refused package is a second consignment: filing, so the right to file is asked."""
    verdict = file(actor)
    if not verdict:
        return verdict
    codes = {fault["code"] for fault in receipt.faults}
    alone = no(_l("Confirming is only for a package equal to one registered within a day."))
    return verdict if receipt.outcome == "refused" and codes == {"DUPLICATE-CONTENT"} else alone


def open_draft(actor: Actor, receipt: Receipt) -> Verdict:
    """Open what was sent as a draft. What became a package is copied with it: then the package's own policy is asked."""
    verdict = packages.start(actor)
    if not verdict or receipt.declaration_id is None:
        return verdict
    try:
        return packages.copy(actor, get_declaration(receipt.declaration_id, actor=actor))
    except NotFound:
        return no(_l("This package belongs to somebody else."))


def read_question(actor: Actor, asked: Thread) -> Verdict:
    """See a question of an agency and its thread: who may read the package."""
    return packages.read(actor, asked.declaration)


def answer(actor: Actor, asked: Thread) -> Verdict:
    """Answer a question of an agency: who acts for the owner of the package."""
    return packages.answer(actor, asked.declaration)


def list_own(actor: Actor, _subject: object = None) -> Verdict:
    """See the receipts of one's organisation."""
    if actor.kind not in ("trader", "broker"):
        return no(_l("Packages are filed by traders and their brokers."))
    return holds(actor, Permission.DECLARATION_READ)
