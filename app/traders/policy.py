"""Who may do what with accreditations: traders apply for their own, the agency of the kind examines, another of its people grants."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.traders.kinds import kinds_of
from app.traders.models import Accreditation

P = Permission


def apply(actor: Actor, _subject: object = None) -> Verdict:
    """Apply for an accreditation of one's own organisation."""
    if actor.kind != "trader":
        return no(_l("An accreditation is that of a trader: the trader itself applies for it."))
    return holds(actor, P.ACCREDITATION_APPLY)


def see_own(actor: Actor, _subject: object = None) -> Verdict:
    """See the accreditations and advantages of one's own organisation."""
    if actor.kind != "trader":
        return no(_l("Own accreditations are those of traders. The public register shows everybody's."))
    return holds(actor, P.DECLARATION_READ)


def change(actor: Actor, accreditation: Accreditation) -> Verdict:
    """Fill in, send, take back and give up what is one's own."""
    verdict = apply(actor)
    if verdict and accreditation.holder_id != actor.organisation_id:
        return no(_l("This accreditation is that of another trader."))
    return verdict


def see_desk(actor: Actor, _subject: object = None) -> Verdict:
    """See the applications that one's agency examines; the auditor sees all."""
    if actor.kind == "auditor":
        return holds(actor, P.LEDGER_READ)
    if actor.kind != "agency" or not kinds_of(actor.agency):
        return no(_l("Your agency examines no accreditation. The public register shows who holds one."))
    return holds(actor, P.ACCREDITATION_EXAMINE)


def read(actor: Actor, _accreditation: Accreditation) -> Verdict:
    """Read an application in full. Its finder has let nobody through whom it does not concern."""
    return see_own(actor) if actor.kind == "trader" else see_desk(actor)


def examine(actor: Actor, accreditation: Accreditation) -> Verdict:
    """Examine an application: officers of the agency that the kind belongs to."""
    return _of_the_agency(actor, accreditation, P.ACCREDITATION_EXAMINE)


def decide(actor: Actor, accreditation: Accreditation) -> Verdict:
    """Grant, refuse or return what a colleague proposes: a supervisor of the agency who did not examine it (four eyes)."""
    verdict = supervise(actor, accreditation)
    if verdict and accreditation.examiner_id is not None and accreditation.examiner_id == actor.person_id:
        return no(_l("You examined this application: another supervisor of your agency decides on it."))
    return verdict


def supervise(actor: Actor, accreditation: Accreditation) -> Verdict:
    """Suspend, restore and revoke what the agency granted: its supervisors."""
    return _of_the_agency(actor, accreditation, P.ACCREDITATION_GRANT)


def _of_the_agency(actor: Actor, accreditation: Accreditation, right: Permission) -> Verdict:
    verdict = holds(actor, right)
    if verdict and actor.kind != "agency":
        return no(_l("Accreditations are examined and granted by officers."))
    if verdict and accreditation.agency != actor.agency:
        return no(_l("This accreditation belongs to another agency."))
    return verdict if not verdict else YES
