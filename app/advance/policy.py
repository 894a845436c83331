"""Who may send, read and change advance information, report from the road, and settle alerts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.advance.lifecycle import ADVANCE, ON_THE_WAY, REPORTED_ON
from app.advance.models import AdvanceInfo, AdvanceReceipt, Alert

P = Permission
HOUSES = ("trader", "broker", "carrier", "warehouse")
"""Kinds of organisations whose goods, lorries and halls advance information is about."""


def file(actor: Actor, _subject: object = None) -> Verdict:
    """Send advance information: carriers, traders and brokers whose role includes it."""
    if actor.kind not in ("trader", "broker", "carrier"):
        return no(_l("Advance information is sent by carriers, traders and brokers."))
    return holds(actor, P.ADVANCE_FILE)


def list_own(actor: Actor, _subject: object = None) -> Verdict:
    """See what one's organisation sent, carries, keeps or will declare."""
    if actor.kind not in HOUSES:
        return no(
            _l("This list is for carriers, warehouses, traders and brokers. Officers look at the expected arrivals.")
        )
    if actor.can(P.DECLARATION_READ) or actor.can(P.MOVEMENT_REPORT):
        return YES
    return holds(actor, P.ADVANCE_FILE)


def expect(actor: Actor, _subject: object = None) -> Verdict:
    """See the expected arrivals of one's agency; the auditor sees what customs sees."""
    if actor.kind not in ("agency", "auditor"):
        return no(_l("Expected arrivals are for officers."))
    return holds(actor, P.ADVANCE_READ)


def read(actor: Actor, _advance: AdvanceInfo) -> Verdict:
    """Read one; whom it concerns was asked when it was found."""
    return expect(actor) if actor.kind in ("agency", "auditor") else list_own(actor)


def read_own(actor: Actor, _advance: AdvanceInfo) -> Verdict:
    """Read one on the side of those who sent, carry, keep or declare it."""
    return list_own(actor)


def read_expected(actor: Actor, _advance: AdvanceInfo) -> Verdict:
    """Read one on the officers' side."""
    return expect(actor)


def read_receipt(actor: Actor, _receipt: AdvanceReceipt) -> Verdict:
    """See a receipt of one's own organisation."""
    return file(actor)


def amend(actor: Actor, advance: AdvanceInfo) -> Verdict:
    """Change or withdraw what one's organisation sent, until the goods have come."""
    verdict = file(actor)
    if not verdict:
        return verdict
    if advance.filer_id != actor.organisation_id:
        return no(_l("This was sent by another organisation. Only that one can change it."))
    if advance.status not in ON_THE_WAY:
        return no(_l("The goods have come or the information has ended: it can no longer be changed."))
    return YES


def report_any(actor: Actor, _subject: object = None) -> Verdict:
    """Report from the road: carriers and warehouses."""
    return holds(actor, P.MOVEMENT_REPORT)


def report(actor: Actor, advance: AdvanceInfo) -> Verdict:
    """Report on a consignment that one's organisation sent, carries or keeps."""
    verdict = report_any(actor)
    if verdict and actor.organisation_id not in (advance.filer_id, advance.carrier_id, advance.warehouse_id):
        return no(_l("Reports on a consignment come from its carrier and its warehouse."))
    if verdict and advance.status not in REPORTED_ON:
        return no(ADVANCE.words[advance.status])
    return verdict


def settle(actor: Actor, alert: Alert) -> Verdict:
    """Settle an alert: an officer of an agency that the consignment concerns. That was asked when it was found."""
    if actor.kind != "agency":
        return no(_l("Alerts are settled by officers."))
    verdict = holds(actor, P.ALERT_SETTLE)
    if verdict and alert.status != "open":
        return no(_l("This alert is settled already."))
    return verdict
