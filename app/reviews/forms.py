"""The decision form: what was typed, kept as typed, and read into a decision per goods item."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.reviews import grounds
from app.reviews.examining import ItemDecision, Judgement, field_name
from app.reviews.models import Review
from app.reviews.releasing import open_items
from app.reviews.worst import APPROVED, HELD, REFUSED

FIELDS = (
    "outcome", "reason_code", "conditions", "hold", "legal_ground", "appeal_office", "appeal_contact", "appeal_days",
)  # fmt: skip
WHOLE = ("note", "rest", "payment", "payment_reference", "override-reason")
"""Fields that concern the whole decision."""


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """A decision as sent: the version and digest that were on the screen, what was decided, and every field as typed.

    ``claim``: take the case on first. ``reason``: of an override. ``then``: "now" signs at once, "next" leaves some seconds
    to take it back and goes to the next case.
    """

    version: int
    digest: str
    said: Judgement
    typed: Mapping[str, str]
    claim: bool
    reason: str
    then: str


def blank(review: Review, language: str, *, waiting: Collection[int] = ()) -> dict[str, str]:
    """Return the fields of a fresh form: nothing chosen, the appeal data of the agency filled in, and held what still
    waits for other agencies (``waiting``)."""
    appeal = grounds.appeal_of(review.agency)
    values = dict.fromkeys(WHOLE, "")
    for number in open_items(review):
        values |= {field_name(number, field): "" for field in FIELDS}
        values[field_name(number, "outcome")] = HELD if number in waiting else ""
        values[field_name(number, "appeal_office")] = appeal.office[language]
        values[field_name(number, "appeal_contact")] = appeal.contact
        values[field_name(number, "appeal_days")] = str(appeal.days)
    return values


def again(review: Review, said: Judgement, language: str) -> dict[str, str]:
    """Return the fields of a form that holds a judgement which was not signed, so that nothing is typed twice."""
    values = blank(review, language)
    values |= {"note": said.note, "payment": said.payment, "payment_reference": said.payment_reference}
    for item in said.items:
        typed = item.as_dict()
        if item.outcome == HELD:
            typed |= {"hold": item.conditions, "conditions": ""}
        known = {field_name(item.number, name): str(value) for name, value in typed.items() if value}
        values |= {name: value for name, value in known.items() if name in values}
    return values


def read(
    form: Mapping[str, str], review: Review, language: str, *, waiting: Collection[int] = ()
) -> DecisionForm:  # fmt: skip
    """Read a sent form. A refusal without its own legal ground takes the law of the reason chosen; a tick ("rest")
    approves every item that was left open; what waits for other agencies is held unless something else was chosen."""
    numbers = open_items(review)
    named = sorted({int(name.split("-")[1]) for name in form if _is_outcome(name)} | set(numbers))
    typed = blank(review, language, waiting=waiting) | {name: form[name] for name in form if name in _names(named)}
    items = []
    for number in named:
        outcome = typed.get(field_name(number, "outcome"), "").strip()
        outcome = outcome or (APPROVED if typed["rest"] and number in numbers else "")
        if outcome and number in review.items:
            items.append(_item(number, outcome, typed, review.agency, language))
    return DecisionForm(
        version=_whole(form.get("version", "")) or 0,
        digest=form.get("digest", ""),
        said=Judgement(tuple(items), typed["note"], typed["payment"].strip(), typed["payment_reference"].strip()),
        typed={name: value for name, value in typed.items() if name in _names(review.items)},
        claim=bool(form.get("claim")),
        reason=typed["override-reason"],
        then="next" if form.get("when") == "next" else "now",
    )


def read_outcomes(form: Mapping[str, str], review: Review) -> dict[int, str]:
    """Read what a second officer thinks of each open goods item before the first one's words are shown."""
    said = {number: form.get(field_name(number, "outcome"), "").strip() for number in open_items(review)}
    return {number: outcome for number, outcome in said.items() if outcome}


def _is_outcome(name: str) -> bool:
    parts = name.split("-")
    number = parts[1] if len(parts) == 3 and parts[0] == "item" and parts[2] == "outcome" else ""
    return number.isascii() and number.isdigit() and len(number) < 5


def _names(numbers: Iterable[int]) -> set[str]:
    return {*WHOLE} | {field_name(number, field) for number in numbers for field in FIELDS}


def _item(number: int, outcome: str, typed: Mapping[str, str], agency: str, language: str) -> ItemDecision:
    said = {field: typed.get(field_name(number, field), "").strip() for field in FIELDS}
    ground = said["legal_ground"]
    if outcome == REFUSED and not ground:
        chosen = grounds.find_ground(agency, said["reason_code"])
        ground = chosen.law[language] if chosen else ""
    return ItemDecision(
        number=number,
        outcome=outcome,
        reason_code=said["reason_code"],
        conditions=said["hold"] if outcome == HELD else said["conditions"],
        legal_ground=ground,
        appeal_office=said["appeal_office"],
        appeal_contact=said["appeal_contact"],
        appeal_days=_whole(said["appeal_days"]),
    )


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
