"""Who may see and do what at an inspection: the agencies on it, customs, the auditor; acts are of one's own agency."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.reviews import policy

P = Permission


def see_places(actor: Actor, _subject: object = None) -> Verdict:
    """See the places of inspection and their calendars: officers of an agency."""
    if actor.kind != "agency" or not actor.agency:
        return no(_l("The calendar of inspections is for officers of the agencies."))
    return holds(actor, P.REVIEW_INSPECT)


def read(actor: Actor, _seen: Any) -> Verdict:
    """Read an inspection (``inspection_finders.Seen``): the finder lets in only who may know it."""
    return holds(actor, P.REVIEW_READ)


def take_part(actor: Actor, seen: Any) -> Verdict:
    """Act at an inspection for one's agency: it is on it, and the officer may judge its case."""
    if seen.party is None:
        return no(_l("Your agency takes no part in this inspection."))
    return policy.inspect(actor, seen.review)


def cancel(actor: Actor, seen: Any) -> Verdict:
    """Cancel an inspection: the agency that ordered it."""
    verdict = take_part(actor, seen)
    if not verdict:
        return verdict
    return YES if seen.ordered_by_own else no(_l("Only the agency that ordered the inspection can cancel it."))


def decline(actor: Actor, seen: Any) -> Verdict:
    """Take no part in an inspection: an agency that was asked to join."""
    verdict = take_part(actor, seen)
    if not verdict:
        return verdict
    return no(_l("Your agency ordered this inspection: cancel it instead.")) if seen.ordered_by_own else YES
