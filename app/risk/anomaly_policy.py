"""Who may do what with anomalies: officers and analysts of agencies see and mark them, the auditor sees; traders never."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Actor, Permission, Verdict, holds, no
from app.risk.peers_models import Anomaly

P = Permission


def see(actor: Actor, _subject: object = None) -> Verdict:
    """See anomalies, and the forecast of arrivals."""
    if actor.kind not in ("agency", "auditor"):
        return no(_l("Signals of risk are for officers of the agencies."))
    return holds(actor, P.RISK_READ)


def mark(actor: Actor, anomaly: Anomaly) -> Verdict:
    """Say that an anomaly is explained or worth a look: officers, of an agency with a lane (its finder lets nobody else in)."""
    verdict = see(actor)
    if not verdict:
        return verdict
    if actor.kind != "agency":
        return no(_l("The auditor reads and changes nothing."))
    if anomaly.status == "superseded":
        return no(_l("A newer version took the place of this one: nothing is to be said of it any more."))
    return verdict
