"""Examining: an officer of the agency takes an application, marks each criterion, asks for what is missing, proposes a decision.

Nothing is examined before every file behind it has passed the scanner.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import session
from app.documents import gate
from app.errors import Conflict, Fault, Invalid, NotAllowed
from app.identity.finders import list_memberships
from app.ledger import recording
from app.traders import finders, policy
from app.traders.applying import criteria_of, facts_of
from app.traders.lifecycle import ACCREDITATION, must_be
from app.traders.models import Accreditation
from app.traders.reading import MOST_TEXT
from app.traders.words import fault

MET, NOT_MET = "yes", "no"
GRANT, REFUSE = "grant", "refuse"


def take(accreditation: Accreditation, *, by: Actor) -> Accreditation:
    """Take an application to examine it, also over from a colleague. Raises NotAllowed, Conflict while a file is scanned."""
    accreditation = locked(accreditation, by)
    require(policy.examine, by, accreditation)
    _files_passed(accreditation)
    ACCREDITATION.move(accreditation, "take", by=by, **facts_of(accreditation))
    accreditation.examiner_id = by.person_id
    session().flush()
    return accreditation


def mark(accreditation: Accreditation, *, findings: Mapping[str, Mapping[str, str]], by: Actor) -> Accreditation:
    """Keep what was found by criterion: {"met": "yes" | "no" | "", "note"}. Raises NotAllowed, Conflict, Invalid for a note too
    long."""
    accreditation = _mine(accreditation, by)
    kept: dict[str, dict[str, str]] = {}
    long: list[Fault] = []
    for one in criteria_of(accreditation):
        said = findings.get(one.code, {})
        met, note = said.get("met", ""), said.get("note", "").strip()
        kept[one.code] = {"met": met if met in (MET, NOT_MET) else "", "note": note}
        if len(note) > MOST_TEXT:
            long.append(fault("ACC-ANSWER-LONG", f"note-{one.code}", most=MOST_TEXT))
    if long:
        raise Invalid(long)
    accreditation.findings = kept
    session().flush()
    return accreditation


def ask(accreditation: Accreditation, *, text: str, by: Actor) -> Accreditation:
    """Ask the applicant to complete the application. Raises NotAllowed, Conflict, Invalid without words."""
    accreditation = _mine(accreditation, by)
    words = words_of(text, "ACC-TEXT-MISSING", "asked")
    ACCREDITATION.move(
        accreditation, "ask", by=by, text_digest=recording.digest(words), **facts_of(accreditation)
    )  # fmt: skip
    accreditation.asked = words
    session().flush()
    return accreditation


def propose(accreditation: Accreditation, *, proposal: str, note: str, by: Actor) -> Accreditation:
    """Propose to grant or refuse: a supervisor who did not examine it decides. Raises NotAllowed, Conflict, Invalid with every
    criterion that is not marked."""
    accreditation = _mine(accreditation, by)
    _files_passed(accreditation)
    faults = _unmarked(accreditation, proposal)
    if len(note) > MOST_TEXT:
        faults.append(fault("ACC-ANSWER-LONG", "note", most=MOST_TEXT))
    if faults:
        raise Invalid(faults)
    ACCREDITATION.move(
        accreditation,
        "propose",
        by=by,
        proposal=proposal,
        text_digest=recording.digest(note.strip()),
        **facts_of(accreditation),
    )
    accreditation.proposal, accreditation.proposal_note, accreditation.returned = proposal, note.strip(), ""
    session().flush()
    return accreditation


def _unmarked(accreditation: Accreditation, proposal: str) -> list[Fault]:
    faults: list[Fault] = []
    for one in criteria_of(accreditation):
        found = accreditation.findings.get(one.code) or {}
        if not found.get("met"):
            faults.append(fault("ACC-FINDING-MISSING", f"met-{one.code}", title=dict(one.title)))
        elif found["met"] == NOT_MET and not found.get("note"):
            faults.append(fault("ACC-NOTE-MISSING", f"note-{one.code}", title=dict(one.title)))
    unmet = any((found or {}).get("met") == NOT_MET for found in accreditation.findings.values())
    if proposal not in (GRANT, REFUSE):
        faults.append(fault("ACC-PROPOSAL", "proposal", proposal))
    elif proposal == GRANT and unmet:
        faults.append(fault("ACC-PROPOSAL-UNMET", "proposal"))
    return faults


def words_of(text: str, code: str, field: str) -> str:
    """Return words that must be there. Raises Invalid."""
    words = text.strip()
    if not words or len(words) > MOST_TEXT:
        raise Invalid([fault(code, field, most=MOST_TEXT)])
    return words


def locked(accreditation: Accreditation, by: Actor) -> Accreditation:
    """Lock an application for an officer. Raises NotAllowed for one who works for the applicant too."""
    accreditation = finders.lock_accreditation(accreditation)
    if by.person_id is not None:
        houses = {one.organisation_id for one in list_memberships(by.person_id, clock.today())}
        if accreditation.holder_id in houses:
            raise NotAllowed(_l("You work for this trader too: a colleague of your agency does this."))
    return accreditation


def _mine(accreditation: Accreditation, by: Actor) -> Accreditation:
    accreditation = locked(accreditation, by)
    require(policy.examine, by, accreditation)
    must_be(accreditation, "examination")
    if accreditation.examiner_id != by.person_id:
        raise NotAllowed(_l("A colleague examines this application. Take it over first."))
    return accreditation


def _files_passed(accreditation: Accreditation) -> None:
    held = [one for one in accreditation.evidence if not gate.passes(one.document.blob)]
    if held:
        raise Conflict(
            _l("Files of this application wait for the virus scanner, or did not pass it. It is examined after that."),
            {"files": len(held)},
        )
