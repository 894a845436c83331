"""Who may see and choose notices: everybody their own. Whose a notice is, the finder asks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Verdict, no


def have_notices(actor: Actor, _subject: Any = None) -> Verdict:
    """See one's own notices and choose what to be told: whoever is signed in."""
    return YES if actor.signed_in else no(_l("Sign in to go on."))
