"""Findings: what each agency found at an inspection, its samples and its act, and what speaks against a goods item."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor
from app.database import new_id, session
from app.errors import Conflict, Invalid, Text
from app.ledger.recording import digest, record_all
from app.requirements.finders import current_edition
from app.reviews import inspection_finders as found
from app.reviews import inspection_steps as steps
from app.reviews import laboratories
from app.reviews.inspection_examining import (
    DOCUMENTS,
    UNFAVOURABLE,
    Found,
    examine_found,
    examine_result,
    examine_sample,
)
from app.reviews.inspection_models import Inspection, InspectionParty, Sample
from app.reviews.inspection_steps import ACCEPTED
from app.reviews.lifecycle import INSPECTION
from app.reviews.models import Review

SHOWN = 80
"""Characters of a finding without an act that a fault quotes."""


def record(inspection: Inspection, *, said: Found, by: Actor) -> InspectionParty:
    """Record once what one's agency found; its case goes back to the queue, and the last finding ends the inspection.

    Raises Invalid with every fault, Conflict when it is recorded already or no slot is agreed, NotAllowed for an agency
    that takes no part.
    """
    held = steps.hold(inspection, by=by)
    party, inspection = steps.own(held), held.inspection
    _may_record(inspection, party)
    edition = current_edition()
    faults = examine_found(
        said, items=inspection.items, own_act=act_wanted(inspection, party.agency), acts=edition.document_types,
        slot_on=day_of(inspection), today=clock.today(),
        unanswered=[one.number for one in _samples(inspection, party) if not one.outcome],
    )  # fmt: skip
    if faults:
        raise Invalid(faults)
    _write(party, said, by)
    step = INSPECTION.step(
        inspection, "record-finding", by=by, outcome=party.outcome, against=party.against, act_type=party.act_type,
        act_digest=digest(party.act_number) if party.act_number else "", **steps.names(held),
    )  # fmt: skip
    # Nobody waits for the others: an agency goes on as soon as its own finding is recorded.
    ended = steps.out_of_inspection(inspection, [held.review], by)
    record_all([step, *ended, *steps.settle(inspection, by)], by=by)
    return party


def take_sample(
    inspection: Inspection, *, number: str, item: int | None, laboratory: str, expected_on: date | None, by: Actor
) -> Sample:
    """Write down a sample that one's agency took of goods, and the laboratory it goes to.

    Raises Invalid with every fault, Conflict once the finding is recorded and for a look at documents.
    """
    held = steps.hold(inspection, by=by)
    party, inspection = steps.own(held), held.inspection
    _may_record(inspection, party)
    if inspection.kind == DOCUMENTS:
        raise Conflict(_l("No sample is taken when documents are looked at."))
    faults = examine_sample(
        number, item, laboratory, expected_on, items=inspection.items,
        laboratories=[one.code for one in laboratories.list_laboratories()],
        numbers=[one.number for one in inspection.samples], slot_on=day_of(inspection), today=clock.today(),
    )  # fmt: skip
    if faults:
        raise Invalid(faults)
    sample = Sample(
        id=new_id(), inspection_id=inspection.id, agency=party.agency, item=item, number=number.strip(),
        laboratory=laboratory, taken_at=clock.now(), expected_on=expected_on, outcome="", result="",
    )  # fmt: skip
    inspection.samples.append(sample)
    step = INSPECTION.step(
        inspection, "take-sample", by=by, item=item, sample_digest=digest(sample.number), **steps.names(held)
    )
    session().flush()
    record_all([step], by=by)
    return sample


def answer_sample(sample: Sample, *, outcome: str, result: str, by: Actor) -> Sample:
    """Write down a laboratory's answer on a sample of one's agency, once.

    Raises Invalid with every fault, Conflict when it is written already or the agency's finding is recorded.
    """
    held = steps.hold(session().get_one(Inspection, sample.inspection_id), by=by)
    party = steps.own(held)
    _may_record(held.inspection, party)
    sample = next(one for one in _samples(held.inspection, party) if one.id == sample.id)
    if sample.outcome:
        raise Conflict(_l("The laboratory's answer is recorded already."), {"sample": sample.number})
    faults = examine_result(outcome, result, field=f"sample-{sample.id}")
    if faults:
        raise Invalid(faults)
    sample.outcome, sample.result, sample.received_at = outcome, result.strip(), clock.now()
    step = INSPECTION.step(
        held.inspection, "answer-sample", by=by, item=sample.item, outcome=outcome,
        sample_digest=digest(sample.number), **steps.names(held),
    )  # fmt: skip
    record_all([step], by=by)
    return sample


def against(review: Review) -> dict[int, tuple[str, str]]:
    """Return the goods items of a review that a finding of its agency speaks against: {item: (act, words)}.

    The newest finding on an item counts, also one on an earlier version. ``act`` is "09028 № 12 (23.11.2026)" or "".
    """
    told: dict[int, tuple[str, str]] = {}
    for inspection, party in found.list_findings(review.declaration_id, review.agency):
        for item in inspection.items:
            told.pop(item, None)
        if party.outcome == UNFAVOURABLE:
            told |= {item: (act_words(party), party.findings) for item in party.against}
    return {item: words for item, words in told.items() if item in review.items}


def against_words(review: Review) -> dict[int, Text]:
    """Return per goods item what a finding says against it, short, for the faults of a decision."""
    told: dict[int, Text] = {}
    for number, (act, words) in against(review).items():
        shown = act or (words if len(words) <= SHOWN else words[: SHOWN - 1].rstrip() + "…")
        told[number] = {"be": shown, "ru": shown, "en": shown}
    return told


def act_words(party: InspectionParty) -> str:
    """Return the act of a finding in one line, "" where there is none."""
    on = f" ({party.act_on:%d.%m.%Y})" if party.act_on else ""
    return f"{party.act_type} № {party.act_number}{on}" if party.act_type else ""


def act_wanted(inspection: Inspection, agency: str) -> str:
    """Return the type of the act that the agency must draw up about this inspection, "" where none is demanded."""
    return "" if inspection.kind == DOCUMENTS else laboratories.act_of(agency)


def day_of(inspection: Inspection) -> date | None:
    """Return the day of the slot in Minsk, None for a look at documents."""
    return inspection.slot_from.astimezone(clock.MINSK).date() if inspection.slot_from else None


def _may_record(inspection: Inspection, party: InspectionParty) -> None:
    if party.recorded_at is not None:
        at = party.recorded_at.astimezone(clock.MINSK)
        raise Conflict(
            _l(
                "The finding of your agency is recorded already: by %(name)s on %(at)s.",
                name=party.recorded_by_name,
                at=f"{at:%d.%m.%Y %H:%M}",
            ),
            {"recorded_at": at.isoformat()},
        )
    if party.answer != ACCEPTED:
        raise Conflict(_l("Your agency takes no part in this inspection yet: accept it first."))
    if inspection.status == "proposed":
        raise Conflict(_l("The inspection is not agreed yet: another agency has still to answer."))


def _write(party: InspectionParty, said: Found, by: Actor) -> None:
    party.outcome, party.findings = said.outcome, said.text.strip()
    party.against = sorted(set(said.against)) if said.outcome == UNFAVOURABLE else []
    if said.act.type:
        party.act_type, party.act_number, party.act_on = said.act.type, said.act.number.strip(), said.act.on
    party.recorded_at, party.recorded_by_id = clock.now(), by.person_id
    party.recorded_by_name, party.recorded_by_post = by.name, by.post[:80]
    session().flush()


def _samples(inspection: Inspection, party: InspectionParty) -> Sequence[Sample]:
    return [one for one in inspection.samples if one.agency == party.agency]
