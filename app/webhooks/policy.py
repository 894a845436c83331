"""Who may do what with webhooks and the feed: a trader's or broker's own organisation, and nobody else."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no

P = Permission


def read_feed(actor: Actor, _subject: Any = None) -> Verdict:
    """Read the events of one's organisation's packages: whoever may read the packages."""
    if actor.kind not in ("trader", "broker"):
        return no(_l("The feed tells traders and brokers of their packages."))
    return holds(actor, P.DECLARATION_READ)


def manage(actor: Actor, subject: Any = None) -> Verdict:
    """Add, change and remove webhooks of one's organisation, see their deliveries and their secret.

    ``subject``: an endpoint, or a delivery together with its endpoint's organisation; None for the list.
    """
    if actor.kind not in ("trader", "broker"):
        return no(_l("Webhooks tell traders and brokers of their packages."))
    verdict = holds(actor, P.WEBHOOK_MANAGE)
    if verdict and subject is not None and subject.organisation_id != actor.organisation_id:
        return no(_l("This webhook belongs to another organisation."))
    return verdict if not verdict else YES
