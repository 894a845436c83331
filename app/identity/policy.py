"""Who may do what with accounts, mandates and keys, and who may act for a trader."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import YES, Actor, Permission, Verdict, holds, no
from app.identity.finders import find_mandate
from app.identity.lifecycle import MANDATE
from app.identity.models import Mandate, Organisation

P = Permission


def may_act_for(actor: Actor, owner: Organisation | None, direction: str) -> Verdict:
    """Whether the actor may file and change packages of ``owner``: own organisation, or a mandate that holds today."""
    if owner is None:
        return no(_l("The trader this package belongs to is not registered here."))
    if actor.organisation_id == owner.id:
        return YES
    if actor.kind != "broker" or actor.organisation_id is None:
        return no(_l("This package belongs to another trader."))
    held = find_mandate(trader_id=owner.id, broker_id=actor.organisation_id, direction=direction, on=clock.today())
    if held is not None:
        return YES
    return no(_l("You hold no mandate of %(trader)s that is valid today for this direction.", trader=owner.name))


def know_oneself(actor: Actor, _subject: object = None) -> Verdict:
    """Look at one's own account: anybody who has signed in."""
    return YES if actor.signed_in else no(_l("Sign in to go on."))


def manage_organisations(actor: Actor, _subject: object = None) -> Verdict:
    """Register organisations and look at all of them."""
    return holds(actor, P.ORGANISATION_MANAGE)


def manage_people(actor: Actor, _subject: object = None) -> Verdict:
    """Invite and disable people, add and end memberships."""
    return holds(actor, P.PERSON_MANAGE)


def see_mandates(actor: Actor, _subject: object = None) -> Verdict:
    """See the mandates of one's own organisation."""
    if actor.kind not in ("trader", "broker"):
        return no(_l("Mandates stand between a trader and its brokers."))
    return YES


def offer_mandate(actor: Actor, _subject: object = None) -> Verdict:
    """Let a broker act for one's organisation."""
    if actor.kind != "trader":
        return no(_l("Only a trader can give a mandate."))
    return holds(actor, P.MANDATE_GRANT)


def accept_mandate(actor: Actor, mandate: Mandate) -> Verdict:
    """Accept what was offered."""
    return MANDATE.verdict(mandate, "accept", actor)


def end_mandate(actor: Actor, mandate: Mandate) -> Verdict:
    """End a mandate: the trader at any time, the broker by declining it or laying it down."""
    return MANDATE.verdict(mandate, ending_step(actor, mandate), actor)


def ending_step(actor: Actor, mandate: Mandate) -> str:
    """Return the name of the step with which this actor would end the mandate."""
    if actor.organisation_id != mandate.broker_id:
        return "end"
    return "decline" if mandate.status == "offered" else "lay_down"


def manage_keys(actor: Actor, _subject: object = None) -> Verdict:
    """Make and revoke the keys of one's organisation's software."""
    return holds(actor, P.KEY_MANAGE)
