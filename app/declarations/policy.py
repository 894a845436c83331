"""Who may do what with a package: its owner by UNP, the broker under a valid mandate, readers by right."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.declarations.models import Declaration
from app.identity.policy import may_act_for

P = Permission

AMENDABLE = ("registered", "under-review", "awaiting-trader")
"""The states in which the trader may change the package: once goods have gone, no more. Registered is one whose files wait for
the scanner, or that is stopped for one of them."""


def start(actor: Actor, _subject: object = None) -> Verdict:
    """Start or bring in a package: traders and brokers with the right role."""
    if actor.kind not in ("trader", "broker"):
        return no(_l("Packages are filed by traders and their brokers."))
    return holds(actor, P.DECLARATION_PREPARE)


def prepare(actor: Actor, declaration: Declaration) -> Verdict:
    """Write a draft: a package not filed yet, or a change of a filed one that has been begun and is not sent."""
    verdict = start(actor)
    if not verdict:
        return verdict
    if declaration.status in AMENDABLE and declaration.draft_xml is not None:
        return amend(actor, declaration)
    if declaration.status != "draft":
        return no(_l("This package has been filed: what was filed does not change."))
    return _acts_for(actor, declaration)


def submit(actor: Actor, declaration: Declaration) -> Verdict:
    """Send a package: own organisation, or a mandate that holds today."""
    verdict = holds(actor, P.DECLARATION_SUBMIT)
    return _acts_for(actor, declaration) if verdict else verdict


def amend(actor: Actor, declaration: Declaration) -> Verdict:
    """Change a filed package: a new version, while nothing of it is released."""
    verdict = holds(actor, P.DECLARATION_AMEND)
    return _acts_for(actor, declaration) if verdict else verdict


def answer(actor: Actor, declaration: Declaration) -> Verdict:
    """Answer a question of an agency."""
    verdict = holds(actor, P.QUESTION_ANSWER)
    return _acts_for(actor, declaration) if verdict else verdict


def withdraw(actor: Actor, declaration: Declaration) -> Verdict:
    """Take a package back."""
    verdict = holds(actor, P.DECLARATION_WITHDRAW)
    return _acts_for(actor, declaration) if verdict else verdict


def read(actor: Actor, declaration: Declaration) -> Verdict:
    """Read a package: the trader whose it is, the one who filed it (also after a mandate ended), the auditor."""
    verdict = holds(actor, P.DECLARATION_READ)
    if not verdict or actor.kind == "auditor":
        return verdict
    mine = actor.organisation_id in (declaration.owner_id, declaration.filer_id)
    return YES if mine else no(_l("This package belongs to somebody else."))


def copy(actor: Actor, declaration: Declaration) -> Verdict:
    """Begin a new package from this one, or from the bytes it came in: an act of its own, so a mandate is asked again."""
    verdict = start(actor)
    return _acts_for(actor, declaration) if verdict else verdict


def list_own(actor: Actor, _subject: object = None) -> Verdict:
    """See the list of one's packages: traders and brokers theirs, the auditor all. Officers have their queue."""
    if actor.kind not in ("trader", "broker", "auditor"):
        return no(_l("Packages are listed for traders, brokers and the auditor. Officers find theirs in the queue."))
    return holds(actor, P.DECLARATION_READ)


def _acts_for(actor: Actor, declaration: Declaration) -> Verdict:
    if declaration.owner_id is None:
        # A draft without a registered UNP belongs to the one who is writing it.
        mine = actor.organisation_id == declaration.filer_id
        return YES if mine else no(_l("This package belongs to somebody else."))
    return may_act_for(actor, declaration.owner, declaration.direction)
