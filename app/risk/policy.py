"""Who may do what with indicators. No trader is ever let near one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.risk.lifecycle import AGREED, INDICATOR, LIVE, PROPOSED, SHADOW
from app.risk.models import IndicatorVersion

P = Permission
ANSWERABLE = (PROPOSED, AGREED, SHADOW, LIVE)
"""States in which an agency named can still agree, or take its agreement back."""


def see(actor: Actor, _subject: object = None) -> Verdict:
    """See indicators: officers of agencies and the auditor."""
    if actor.kind not in ("agency", "auditor", "system"):
        return no(_l("Risk indicators are for officers."))
    return holds(actor, P.RISK_READ)


def read(actor: Actor, _version: IndicatorVersion) -> Verdict:
    """Read one version. Its finder has let nobody through whom it does not concern."""
    return see(actor)


def propose(actor: Actor, _subject: object = None) -> Verdict:
    """Propose an indicator of one's own agency."""
    if actor.kind != "agency" or not actor.agency:
        return no(_l("Risk indicators are proposed by agencies."))
    return holds(actor, P.INDICATOR_PROPOSE)


def revise(actor: Actor, version: IndicatorVersion) -> Verdict:
    """Write a new version of an indicator of one's own agency."""
    verdict = propose(actor)
    if verdict and version.agency != actor.agency:
        return no(_l("Another agency wrote this indicator. Write one of your own, or ask that agency."))
    return verdict


def answer(actor: Actor, version: IndicatorVersion) -> Verdict:
    """Agree or decline for one's own agency, where it is named."""
    verdict = holds(actor, P.INDICATOR_AGREE)
    if not verdict:
        return verdict
    if actor.kind != "agency" or all(one.agency != actor.agency for one in version.agreements):
        return no(_l("Your agency is not among those that the indicator names."))
    if version.status not in ANSWERABLE:
        return no(_l("Nothing is left to answer: the indicator is no longer proposed or in force."))
    return YES


def try_out(actor: Actor, version: IndicatorVersion) -> Verdict:
    """Put a version on trial: a supervisor of the author's agency who did not write it."""
    return INDICATOR.verdict(version, "try_out", actor)


def activate(actor: Actor, version: IndicatorVersion) -> Verdict:
    """Put a version in force after its trial: as ``try_out``."""
    return INDICATOR.verdict(version, "activate", actor)


def end(actor: Actor, version: IndicatorVersion) -> Verdict:
    """End a version of one's own agency before its last day."""
    return INDICATOR.verdict(version, "end", actor)


def withdraw(actor: Actor, version: IndicatorVersion) -> Verdict:
    """Take back a version of one's own agency before it works."""
    return INDICATOR.verdict(version, "withdraw", actor)
