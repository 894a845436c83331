"""Applying: a trader writes an application, answers each criterion with evidence, sends it, completes it, takes it back.

What is typed is kept as it is, draft or not: what is wrong with it is said when it is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.documents import gate
from app.documents.models import Document
from app.errors import Conflict, Fault, Invalid, NotFound
from app.ledger import recording
from app.traders import finders, policy
from app.traders.kinds import Criterion, Kind, get_kind, kinds
from app.traders.lifecycle import ACCREDITATION, must_be
from app.traders.models import Accreditation, Evidence
from app.traders.reading import LISTS, MOST_TEXT, scope_of
from app.traders.words import fault

OPEN = ("draft", "incomplete")
"""States in which the applicant writes."""
MOST_TYPED = 20_000
"""Signs of one box that are kept while it is written; what is sent is held to ``reading.MOST_TEXT``."""
MOST_FILES = 20


def start(kind: str, type_code: str, *, by: Actor) -> Accreditation:
    """Begin an application. Raises NotAllowed, Invalid for a kind or type that is not there, Conflict when one is under way."""
    require(policy.apply, by)
    known = kinds().get(kind)
    if known is None or (type_code not in known.types if known.types else type_code):
        raise Invalid([fault("ACC-KIND", "kind", kind)])
    accreditation = Accreditation(
        id=new_id(), kind=kind, type=type_code, agency=known.agency, holder_id=by.organisation_id, drafted_at=clock.now(),
        wanted={}, answers={}, findings={}, scope={},
    )  # fmt: skip
    ACCREDITATION.begin(accreditation)
    try:
        with session().begin_nested():
            session().add(accreditation)
            session().flush()
    except IntegrityError:
        raise _under_way(by, kind, type_code) from None
    recording.record(
        "accreditation.drafted",
        "accreditation",
        accreditation.id,
        by=by,
        kind=kind_of(accreditation),
        agency=known.agency,
    )
    return accreditation


def _under_way(by: Actor, kind: str, type_code: str) -> Conflict:
    there = finders.find_under_way(by.organisation_id, kind, type_code)
    return Conflict(
        _l("An application of this kind is under way already. Go on with that one."),
        {"accreditation": str(there.id) if there else ""},
    )


def kind_of(accreditation: Accreditation) -> str:
    """Return the kind with its type as the record of events says it: ``aeo-1``."""
    return f"{accreditation.kind}-{accreditation.type}" if accreditation.type else accreditation.kind


def facts_of(accreditation: Accreditation) -> dict[str, str]:
    """Return what every entry about an accreditation says."""
    return {"kind": kind_of(accreditation), "agency": accreditation.agency}


def save(
    accreditation: Accreditation, *, answers: Mapping[str, str], scope: Mapping[str, str], by: Actor
) -> Accreditation:
    """Keep what was typed so far. Raises NotAllowed, Conflict once it is sent, Invalid for what is too long to be kept."""
    accreditation = writable(accreditation, by)
    asked = criteria_of(accreditation)
    said = {one.code: answers.get(one.code, accreditation.answers.get(one.code, "")).strip() for one in asked}
    wanted = {name: scope.get(name, accreditation.wanted.get(name, "")).strip() for name in LISTS}
    long = [
        fault("ACC-ANSWER-LONG", f"answer-{code}", most=MOST_TEXT)
        for code, text in said.items()
        if len(text) > MOST_TYPED
    ]
    long += [fault("ACC-ANSWER-LONG", name, most=MOST_TEXT) for name, text in wanted.items() if len(text) > MOST_TYPED]
    if long:
        raise Invalid(long)
    accreditation.answers, accreditation.wanted = said, wanted
    session().flush()
    return accreditation


def attach(accreditation: Accreditation, *, criterion: str, document: Document, by: Actor) -> None:
    """Put a file of the applicant's library behind the answer to a criterion; the same file twice is one.

    Raises NotAllowed, NotFound for a criterion that is not asked or a file of another house, Conflict once it is sent or with
    too many files.
    """
    accreditation = writable(accreditation, by)
    if criterion not in {one.code for one in criteria_of(accreditation)} or document.owner_id != by.organisation_id:
        raise NotFound()
    there = {one.document_id for one in accreditation.evidence if one.criterion == criterion}
    if document.id in there:
        return
    if len(there) >= MOST_FILES:
        raise Conflict(_l("A condition takes twenty files. Put several papers into one file."), {"most": MOST_FILES})
    session().add(
        Evidence(accreditation_id=accreditation.id, criterion=criterion, document_id=document.id, added_at=clock.now())
    )
    session().flush()


def detach(accreditation: Accreditation, *, criterion: str, document_id: uuid.UUID, by: Actor) -> None:
    """Take a file away from an answer; it stays in the library. Raises NotAllowed, Conflict once it is sent."""
    accreditation = writable(accreditation, by)
    session().execute(
        sa.delete(Evidence).where(
            Evidence.accreditation_id == accreditation.id, Evidence.criterion == criterion,
            Evidence.document_id == document_id,
        )
    )  # fmt: skip


def send(accreditation: Accreditation, *, by: Actor) -> Accreditation:
    """Send the application, or what completes it, to the agency. Raises NotAllowed, Conflict, Invalid with every fault."""
    accreditation = writable(accreditation, by)
    faults = faults_of(accreditation)
    if faults:
        raise Invalid(faults)
    first = accreditation.status == "draft"
    ACCREDITATION.move(accreditation, "apply" if first else "complete", by=by, **facts_of(accreditation))
    if first:
        accreditation.applied_at, accreditation.applied_by_id = clock.now(), by.person_id
    session().flush()
    return accreditation


def withdraw(accreditation: Accreditation, *, by: Actor) -> Accreditation:
    """Take an application back before it is decided. Raises NotAllowed, Conflict when somebody was first."""
    accreditation = finders.lock_accreditation(accreditation)
    require(policy.change, by, accreditation)
    ACCREDITATION.move(accreditation, "withdraw", by=by, **facts_of(accreditation))
    accreditation.ended_at = clock.now()
    session().flush()
    return accreditation


def faults_of(accreditation: Accreditation) -> list[Fault]:
    """Return what is missing or wrong before the application can be sent."""
    faults: list[Fault] = []
    for one in criteria_of(accreditation):
        files = [file for file in accreditation.evidence if file.criterion == one.code]
        faults += _about(one, str(accreditation.answers.get(one.code, "")), files)
    return faults + scope_of(accreditation.wanted, _kind(accreditation))[1]


def _about(one: Criterion, answer: str, files: list[Evidence]) -> list[Fault]:
    faults = []
    if not answer:
        faults.append(fault("ACC-ANSWER-MISSING", f"answer-{one.code}", title=dict(one.title)))
    elif len(answer) > MOST_TEXT:
        faults.append(fault("ACC-ANSWER-LONG", f"answer-{one.code}", most=MOST_TEXT))
    if one.files and not files:
        faults.append(fault("ACC-FILES-MISSING", f"files-{one.code}", title=dict(one.title)))
    infected = [file.document.file_name for file in files if file.document.blob.scan == gate.INFECTED]
    return faults + [fault("ACC-FILE-INFECTED", f"files-{one.code}", name=name) for name in infected]


def criteria_of(accreditation: Accreditation) -> tuple[Criterion, ...]:
    """Return what this application answers."""
    return _kind(accreditation).asks(accreditation.type)


def _kind(accreditation: Accreditation) -> Kind:
    return get_kind(accreditation.kind)


def writable(accreditation: Accreditation, by: Actor) -> Accreditation:
    """Lock an application that its applicant may write on and return it. Raises NotAllowed, Conflict once it is sent."""
    accreditation = finders.lock_accreditation(accreditation)
    require(policy.change, by, accreditation)
    must_be(accreditation, *OPEN)
    return accreditation
