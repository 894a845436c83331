"""The decision form: what was typed, kept as typed, and read into a decision per goods item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.reviews import grounds
from app.reviews.examining import ItemDecision, field_name
from app.reviews.models import Review
from app.reviews.worst import APPROVED, REFUSED

FIELDS = ("outcome", "reason_code", "conditions", "legal_ground", "appeal_office", "appeal_contact", "appeal_days")


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """A decision as sent: the version and digest that were on the screen, decisions, note, and every field as typed."""

    version: int
    digest: str
    note: str
    items: tuple[ItemDecision, ...]
    typed: Mapping[str, str]
    claim: bool


def blank(review: Review, language: str) -> dict[str, str]:
    """Return the fields of a fresh form: nothing chosen, the appeal data of the agency filled in."""
    appeal = grounds.appeal_of(review.agency)
    values = {"note": "", "rest": ""}
    for number in review.items:
        values |= {field_name(number, field): "" for field in FIELDS}
        values[field_name(number, "appeal_office")] = appeal.office[language]
        values[field_name(number, "appeal_contact")] = appeal.contact
        values[field_name(number, "appeal_days")] = str(appeal.days)
    return values


def read(form: Mapping[str, str], review: Review, language: str) -> DecisionForm:
    """Read a sent form. A refusal without its own legal ground takes the law of the reason chosen; a tick ("rest")
    approves every item that was left open."""
    typed = blank(review, language) | {name: form[name] for name in form if name in _names(review.items)}
    items = []
    for number in review.items:
        outcome = typed[field_name(number, "outcome")].strip() or (APPROVED if typed["rest"] else "")
        if outcome:
            items.append(_item(number, outcome, typed, review.agency, language))
    return DecisionForm(
        version=_whole(form.get("version", "")) or 0,
        digest=form.get("digest", ""),
        note=typed["note"],
        items=tuple(items),
        typed=typed,
        claim=bool(form.get("claim")),
    )


def _names(numbers: Iterable[int]) -> set[str]:
    return {"note", "rest"} | {field_name(number, field) for number in numbers for field in FIELDS}


def _item(number: int, outcome: str, typed: Mapping[str, str], agency: str, language: str) -> ItemDecision:
    said = {field: typed[field_name(number, field)].strip() for field in FIELDS}
    ground = said["legal_ground"]
    if outcome == REFUSED and not ground:
        chosen = grounds.find_ground(agency, said["reason_code"])
        ground = chosen.law[language] if chosen else ""
    return ItemDecision(
        number=number,
        outcome=outcome,
        reason_code=said["reason_code"],
        conditions=said["conditions"],
        legal_ground=ground,
        appeal_office=said["appeal_office"],
        appeal_contact=said["appeal_contact"],
        appeal_days=_whole(said["appeal_days"]),
    )


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
