"""Inspections in words: for the pages of officers, for the decision form, and for the trader (never who was called)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import Actor
from app.declarations.lifecycle import DECIDABLE
from app.errors import Text
from app.reviews import finding, inspection_finders, policy, slots
from app.reviews.inspection_models import Inspection, InspectionParty
from app.reviews.lifecycle import INSPECTION
from app.reviews.models import Review
from app.reviews.naming import Names

KINDS: Mapping[str, Any] = {
    "documents": _l("Documents"),
    "physical": _l("Goods"),
    "sampling": _l("Goods, with samples to a laboratory"),
}
SERVICES: Mapping[str, Any] = {
    "canine": _l("Canine team"),
    "police": _l("Police"),
    "state-security": _l("State security"),
}
OUTCOMES: Mapping[str, Any] = {"favourable": _l("Favourable"), "unfavourable": _l("Unfavourable")}
ANSWERS: Mapping[str, Any] = {
    "pending": _l("has not answered yet"),
    "accepted": _l("accepts"),
    "declined": _l("takes no part"),
}
TONES: Mapping[str, str] = {"proposed": "due", "agreed": "blue", "done": "ok", "cancelled": ""}
TO_BRING: Mapping[str, Any] = {
    "documents": _l("Nothing has to be brought: the agencies look at the documents that you filed."),
    "physical": _l(
        "Bring the goods, the originals of the documents, and somebody who can open and unload. Leave customs seals as they are."
    ),
    "sampling": _l(
        "Bring the goods, the originals of the documents, and somebody who can open and unload. Leave customs seals as "
        "they are. Samples are taken and sent to a laboratory."
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An inspection for an officer's page. ``party``: the reader's own part; ``full``: whether texts may be read."""

    inspection: Inspection
    state: Any
    tone: str
    place: Text | None
    party: InspectionParty | None
    full: bool

    @property
    def open(self) -> bool:
        """Whether it still lies ahead."""
        return self.inspection.status in inspection_finders.OPEN

    @property
    def to_answer(self) -> bool:
        """Whether the reader's agency has still to answer the slot."""
        return self.open and self.party is not None and self.party.answer == "pending"

    @property
    def to_record(self) -> bool:
        """Whether the reader's agency has still to record what it found."""
        party = self.party
        agreed = self.inspection.status == "agreed" and party is not None and party.answer == "accepted"
        return agreed and party is not None and party.recorded_at is None


@dataclass(frozen=True, slots=True)
class Inspections:
    """The inspections of a case. ``against``: per goods item the act and words of a finding that speaks against it."""

    rows: Sequence[Row]
    can_order: bool
    against: Mapping[int, tuple[str, str]]
    kinds: Mapping[str, Any] = field(default_factory=lambda: KINDS)
    outcomes: Mapping[str, Any] = field(default_factory=lambda: OUTCOMES)
    answers: Mapping[str, Any] = field(default_factory=lambda: ANSWERS)


@dataclass(frozen=True, slots=True)
class Told:
    """An inspection as the trader is told of it: no officers, no findings in words, no services."""

    inspection: Inspection
    kind: Any
    state: Any
    tone: str
    place: Text | None
    agencies: Text
    bring: Any
    acts: Sequence[tuple[Text, str]]


def lay_out(review: Review, names: Names, *, actor: Actor, has_part: bool = False) -> Inspections:
    """Return the inspections of the package for the page of one of its cases, the newest first. An officer who has a part
    in the package learns no more of them than its trader: that there is one."""
    full = review.releases or actor.kind in ("auditor", "system")
    listed = inspection_finders.list_inspections(review.declaration_id)
    may = review.open and review.declaration.status in DECIDABLE and bool(policy.inspect(actor, review))
    return Inspections(
        rows=[
            row(one, names, agency="" if has_part else review.agency, full=full and not has_part)
            for one in reversed(listed)
        ],
        can_order=may and not has_part and review.status in ("queued", "claimed"),
        against=finding.against(review) if listed and not has_part else {},
    )


def row(inspection: Inspection, names: Names, *, agency: str, full: bool) -> Row:
    """Return one inspection in words for an agency."""
    party = next((one for one in inspection.parties if one.agency == agency), None)
    return Row(
        inspection,
        INSPECTION.words[inspection.status],
        TONES[inspection.status],
        place_words(inspection.place_code, names),
        party,
        full or party is not None,
    )


def for_trader(declaration_id: Any, names: Names) -> Sequence[Told]:
    """Return the inspections of a package for its trader: a place and time only once every agency has agreed to them."""
    return [_told(one, names) for one in reversed(inspection_finders.list_inspections(declaration_id))]


def _told(inspection: Inspection, names: Names) -> Told:
    active = [one for one in inspection.parties if one.answer != "declined"] or inspection.parties
    known = inspection.status in ("agreed", "done")
    ended = inspection.status == "done"
    return Told(
        inspection,
        KINDS[inspection.kind],
        _l("Being arranged") if inspection.status == "proposed" else INSPECTION.words[inspection.status],
        TONES[inspection.status],
        place_words(inspection.place_code, names) if known else None,
        names.agencies(one.agency for one in active),
        TO_BRING[inspection.kind],
        [(names.agency(one.agency), finding.act_words(one)) for one in active if one.act_type] if ended else [],
    )


def place_words(code: str, names: Names) -> Text | None:
    """Return a place with its office in words; None for a look at documents."""
    place = slots.find_place(code)
    if place is None:
        return {"be": code, "ru": code, "en": code} if code else None
    office = names.office(place.office)
    return {language: f"{name}, {office[language]}" for language, name in place.name.items()}
