"""Who may export and erase personal data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.identity.models import Person
from app.privacy.models import Erasure


def export_oneself(actor: Actor, _subject: object = None) -> Verdict:
    """See and fetch what is held about oneself: whoever has an account."""
    return YES if actor.signed_in else no(_l("Sign in to see what is held about you."))


def erase(actor: Actor, person: Person) -> Verdict:
    """Ask for the erasure of somebody else: the administrator."""
    verdict = holds(actor, Permission.PERSONAL_DATA_MANAGE)
    if verdict and person.id == actor.person_id:
        return no(_l("Nobody erases their own account: another administrator does it."))
    return verdict


def settle(actor: Actor, erasure: Erasure) -> Verdict:
    """Confirm an erasure: an administrator who has not asked for it and is not the one it is about."""
    verdict = holds(actor, Permission.PERSONAL_DATA_MANAGE)
    if verdict and actor.person_id in (erasure.asked_by_id, erasure.person_id):
        return no(_l("Another administrator confirms an erasure than the one who asked for it."))
    return verdict


def drop(actor: Actor, _erasure: Erasure) -> Verdict:
    """Take an erasure back before it is done: any administrator."""
    return holds(actor, Permission.PERSONAL_DATA_MANAGE)
