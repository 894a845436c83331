"""Who may see and fetch a clearance, who may replace or revoke one. Verifying is for anyone who holds the code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Actor, Permission, Verdict, holds, no
from app.clearance.models import Clearance
from app.reviews import needs


def read(actor: Actor, _clearance: Clearance) -> Verdict:
    """Whether the actor may open its page. Whose it is was asked by the finder: a stranger finds none."""
    return holds(actor, Permission.CLEARANCE_DOWNLOAD)


def download(actor: Actor, clearance: Clearance) -> Verdict:
    """Whether the actor may fetch the paper."""
    allowed = read(actor, clearance)
    if allowed and clearance.sha256 is None:
        if clearance.waiting_since is not None:
            return no(
                _l("The clearance waits for its signature: the window cannot sign at the moment. It comes by itself.")
            )
        return no(_l("The clearance is being prepared. It will be here in a moment."))
    if allowed and actor.kind == "agency" and not needs.grants(actor.agency, needs.ANY):
        return no(
            _l(
                "The paper carries the whole package, and your agency sees only the part that it needs. This page says what holds."
            )
        )
    return allowed


def replace(actor: Actor, _clearance: Clearance) -> Verdict:
    """Whether the actor may ask for a new paper for the same goods: a supervisor of customs, which released them."""
    return _supervises(actor)


def ask_revocation(actor: Actor, _clearance: Clearance) -> Verdict:
    """Whether the actor may ask for a revocation: a supervisor of customs."""
    return _supervises(actor)


def settle_revocation(actor: Actor, clearance: Clearance) -> Verdict:
    """Whether the actor may confirm a revocation: a supervisor of customs, never the one who asked for it."""
    allowed = _supervises(actor)
    if allowed and clearance.revocation_by_id is not None and clearance.revocation_by_id == actor.person_id:
        return no(_l("You asked for this revocation: another supervisor of customs confirms it, or you take it back."))
    return allowed


def drop_revocation(actor: Actor, _clearance: Clearance) -> Verdict:
    """Whether the actor may drop a revocation: any supervisor of customs, the one who asked for it among them."""
    return _supervises(actor)


def _supervises(actor: Actor) -> Verdict:
    allowed = holds(actor, Permission.CLEARANCE_REVOKE)
    if allowed and not actor.can(Permission.CLEARANCE_RELEASE):
        return no(_l("A clearance is revoked and replaced by supervisors of customs."))
    return allowed
