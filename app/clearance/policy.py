"""Who may fetch a clearance, who may revoke one. Verifying is for anyone who holds the code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Actor, Permission, Verdict, holds, no
from app.clearance.models import Clearance


def download(actor: Actor, clearance: Clearance) -> Verdict:
    """Whether the actor may fetch the paper. Whose it is was asked by the finder: a stranger finds none."""
    allowed = holds(actor, Permission.CLEARANCE_DOWNLOAD)
    if allowed and clearance.sha256 is None:
        return no(_l("The clearance is being prepared. It will be here in a moment."))
    return allowed


def revoke(actor: Actor, clearance: Clearance) -> Verdict:
    """Whether the actor may revoke it: a supervisor of customs, which released the goods."""
    allowed = holds(actor, Permission.CLEARANCE_REVOKE)
    if allowed and not actor.can(Permission.CLEARANCE_RELEASE) and actor.kind != "system":
        return no(_l("A clearance is revoked by a supervisor of customs."))
    return allowed
