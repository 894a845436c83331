"""The states of a version of an indicator, one row a step. Four eyes: nobody starts what she wrote herself."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import YES, Actor, Permission, Verdict, no
from app.lifecycle import Lifecycle, Transition

P = Permission
PROPOSED, AGREED, DECLINED, SHADOW, LIVE, ENDED, WITHDRAWN = (
    "proposed", "agreed", "declined", "shadow", "live", "ended", "withdrawn",
)  # fmt: skip
COUNTING = (SHADOW, LIVE)
"""States in which a version is compiled: on trial, it is seen and counts for nothing."""


def _own(version: Any, by: Actor) -> Verdict:
    if by.kind != "agency" or by.agency != version.agency:
        return no(_l("This is for the agency that proposed the indicator."))
    return YES


def _second(version: Any, by: Actor) -> Verdict:
    """Another person of the author's agency, within its days."""
    own = _own(version, by)
    if not own:
        return own
    if version.author_id is not None and version.author_id == by.person_id:
        return no(_l("You wrote this version: another supervisor puts it to work."))
    if version.expired_on(clock.today()):
        return no(_l("Its last day has passed. Write a new version."))
    return YES


def _trial(version: Any, by: Actor) -> Verdict:
    verdict = _second(version, by)
    if verdict and version.agencies and len(version.sharing) < 2:
        return no(_l("It names other agencies, and none of them has agreed yet."))
    return verdict


INDICATOR = Lifecycle(
    "indicator",
    {
        PROPOSED: _l("waits for the agencies named"),
        AGREED: _l("agreed"),
        DECLINED: _l("declined"),
        SHADOW: _l("on trial: seen, counts for nothing"),
        LIVE: _l("in force"),
        ENDED: _l("ended"),
        WITHDRAWN: _l("taken back"),
    },
    (
        Transition("agree", (PROPOSED,), AGREED, None, "indicator.agreed"),
        Transition("decline", (PROPOSED,), DECLINED, None, "indicator.declined"),
        # A named agency that stays silent holds nobody up: it comes to work for those that agreed.
        Transition("try_out", (PROPOSED, AGREED), SHADOW, P.INDICATOR_AGREE, "indicator.put_on_trial", _trial),
        Transition("activate", (SHADOW,), LIVE, P.INDICATOR_AGREE, "indicator.activated", _second),
        Transition("supersede", COUNTING, ENDED, None, "indicator.ended"),
        Transition("end", COUNTING, ENDED, P.INDICATOR_AGREE, "indicator.ended", _own),
        Transition("withdraw", (PROPOSED, AGREED), WITHDRAWN, P.INDICATOR_PROPOSE, "indicator.withdrawn", _own),
    ),
)
