"""Who keeps the register of intellectual property, and who suspends the release of goods."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Actor, Permission, Verdict, holds, no

P = Permission


def see(actor: Actor, _subject: object = None) -> Verdict:
    """See what is suspended, and whom to write to: officers of customs, the auditor."""
    if actor.kind == "auditor":
        return holds(actor, P.RISK_READ)
    return _of_customs(actor, P.CLEARANCE_RELEASE)


def enter(actor: Actor, _subject: object = None) -> Verdict:
    """Enter a mark, end one: a supervisor of customs."""
    verdict = holds(actor, P.RIGHT_REGISTER)
    return _of_customs(actor, P.CLEARANCE_RELEASE) if verdict else verdict


def settle(actor: Actor, _subject: object = None) -> Verdict:
    """Suspend, let go, write down how it ended: an officer of customs who releases."""
    return _of_customs(actor, P.CLEARANCE_RELEASE)


def _of_customs(actor: Actor, right: Permission) -> Verdict:
    verdict = holds(actor, right)
    if verdict and actor.kind != "agency":
        return no(_l("Intellectual property is watched over by customs."))
    return verdict
