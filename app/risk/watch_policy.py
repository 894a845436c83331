"""Who may read a watch-list, put something on it, take it off, and say whether what was found is the same."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.risk.watch_models import WatchEntry

P = Permission


def see(actor: Actor, _subject: object = None) -> Verdict:
    """Open the watch-list: officers of an agency what concerns it, the auditor all. Every reading is remembered."""
    return holds(actor, P.WATCHLIST_READ)


def read(actor: Actor, entry: WatchEntry) -> Verdict:
    """Read one entry: the agencies that look out, and the auditor."""
    verdict = see(actor)
    if not verdict or actor.kind == "auditor":
        return verdict
    return YES if actor.agency in entry.agencies else no(_l("This entry is another agency's."))


def enter(actor: Actor, _subject: object = None) -> Verdict:
    """Propose an entry: an officer of an agency."""
    if actor.kind != "agency" or not actor.agency:
        return no(_l("A watch-list belongs to an agency."))
    return holds(actor, P.WATCHLIST_READ)


def confirm(actor: Actor, entry: WatchEntry) -> Verdict:
    """Take a proposed entry on, or not: a supervisor of the agency, never the one who proposed it."""
    verdict = _manages(actor, entry)
    if verdict and entry.entered_by_id == actor.person_id:
        return no(_l("You proposed this entry: another supervisor of your agency takes it on."))
    return verdict


def end(actor: Actor, entry: WatchEntry) -> Verdict:
    """Take an entry off: a supervisor of the agency."""
    return _manages(actor, entry)


def settle(actor: Actor, candidate: Any) -> Verdict:
    """Say whether what was found is the same: an officer of an agency that looks out for it."""
    verdict = holds(actor, P.WATCHLIST_READ)
    if not verdict:
        return verdict
    return YES if actor.agency in candidate.entry.agencies else no(_l("This entry is another agency's."))


def _manages(actor: Actor, entry: WatchEntry) -> Verdict:
    verdict = holds(actor, P.WATCHLIST_MANAGE)
    if not verdict:
        return verdict
    return YES if actor.agency == entry.agency else no(_l("This entry is another agency's."))
