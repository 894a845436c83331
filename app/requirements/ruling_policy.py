"""Who may do what with advance rulings: customs enters and ends them, the holder and its brokers read their own, everybody the
public register."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.requirements.ruling_models import Ruling

P = Permission


def enter(actor: Actor, _subject: object = None) -> Verdict:
    """Enter and end rulings: supervisors of the agency that releases goods (customs)."""
    verdict = holds(actor, P.RULING_ENTER)
    if verdict and (actor.kind != "agency" or not actor.can(P.CLEARANCE_RELEASE)):
        return no(_l("Advance rulings are entered by supervisors of customs."))
    return verdict


def end(actor: Actor, ruling: Ruling) -> Verdict:
    """End a ruling of one's own agency before its time."""
    verdict = enter(actor)
    if not verdict:
        return verdict
    if ruling.agency != actor.agency:
        return no(_l("This ruling was given by another agency."))
    if ruling.ended_at is not None:
        return no(_l("This ruling has ended already."))
    return YES


def see_all(actor: Actor, _subject: object = None) -> Verdict:
    """See the rulings of one's agency with their holders: officers of customs; the auditor sees all."""
    if actor.kind == "auditor":
        return holds(actor, P.LEDGER_READ)
    if actor.kind != "agency" or not actor.can(P.CLEARANCE_RELEASE):
        return no(_l("Rulings with their holders are for officers of customs. The public register shows the others."))
    return YES


def see_own(actor: Actor, _subject: object = None) -> Verdict:
    """See the rulings given to one's organisation, and to the traders one acts for."""
    if actor.kind not in ("trader", "broker"):
        return no(_l("Own rulings are those of traders and of the brokers who act for them."))
    return holds(actor, P.DECLARATION_READ)


def read(actor: Actor, ruling: Ruling) -> Verdict:
    """Read one ruling in full. Its finder has let nobody through whom it does not concern."""
    if actor.kind in ("trader", "broker"):
        return see_own(actor)
    return see_all(actor)
