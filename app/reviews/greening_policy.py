"""Who may switch signing off by a rule on and off, and who looks a second time."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.reviews.greening_models import GreenRule, SecondLook

P = Permission


def see(actor: Actor, _subject: object = None) -> Verdict:
    """See the rules and second looks of one's agency; the auditor those of all."""
    if actor.kind == "auditor":
        return holds(actor, P.REVIEW_READ)
    if actor.kind != "agency" or not actor.agency:
        return no(_l("Rules for signing off belong to an agency: only its officers see them."))
    return holds(actor, P.REVIEW_READ)


def propose(actor: Actor, _subject: object = None) -> Verdict:
    """Propose a rule: a supervisor of an agency."""
    if actor.kind != "agency" or not actor.agency:
        return no(_l("Rules for signing off belong to an agency: only its officers see them."))
    return holds(actor, P.QUEUE_SUPERVISE)


def of_the_agency(actor: Actor, rule: GreenRule) -> Verdict:
    """Decline or end a rule: a supervisor of its agency."""
    if actor.agency != rule.agency:
        return no(_l("This rule belongs to another agency."))
    return holds(actor, P.QUEUE_SUPERVISE)


def agree(actor: Actor, rule: GreenRule) -> Verdict:
    """Agree to a rule: another supervisor of its agency than the one who proposed it."""
    verdict = of_the_agency(actor, rule)
    if verdict and actor.person_id == rule.proposed_by_id:
        return no(_l("You proposed this rule: another supervisor agrees to it."))
    return verdict


def settle(actor: Actor, look: SecondLook) -> Verdict:
    """Say what a second look found: an officer of the agency."""
    if actor.agency != look.agency:
        return no(_l("This case belongs to another agency."))
    return holds(actor, P.REVIEW_DECIDE)


def read(actor: Actor, rule: GreenRule) -> Verdict:
    """Read one rule: its agency, and the auditor."""
    verdict = see(actor)
    return YES if verdict and actor.agency in ("", rule.agency) else verdict or no("")
