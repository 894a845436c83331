"""Examining a decision before it is taken: is every goods item decided once, and does each outcome carry what it must.

Pure: values in, faults out, all at once, each at its form field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.errors import Fault, Text
from app.reviews.decision_words import TEXTS
from app.reviews.worst import APPROVED, CONDITIONS, HELD, REFUSED, clears

OUTCOMES = (APPROVED, CONDITIONS, HELD, REFUSED)
PAYMENTS = ("paid", "secured", "not-due")
"""What customs says of the payments before goods go (Customs Code, art. 118)."""
LONGEST = {"conditions": 4000, "legal_ground": 1000, "appeal_office": 160, "appeal_contact": 160}
"""Characters allowed in each text of a decision."""
LONGEST_NOTE, LONGEST_REASON, LONGEST_REFERENCE = 4000, 1000, 70
MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What an officer decides on one goods item; ``outcome`` is approved, conditions, held or refused. ``conditions`` of a
    held item say what it waits for."""

    number: int
    outcome: str
    reason_code: str = ""
    conditions: str = ""
    legal_ground: str = ""
    appeal_office: str = ""
    appeal_contact: str = ""
    appeal_days: int | None = None

    def tidy(self) -> ItemDecision:
        """Return the decision with only what its outcome carries: an approval has no ground and no appeal."""
        if self.outcome == REFUSED:
            return self
        kept = self.conditions if self.outcome in (CONDITIONS, HELD) else ""
        reason = self.reason_code if self.outcome == CONDITIONS else ""
        return ItemDecision(self.number, self.outcome, reason, kept)

    def as_dict(self) -> dict[str, Any]:
        """Return the decision as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ItemDecision:
        """Read what ``as_dict`` wrote."""
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that an officer says in one decision: goods items, the note for officers, and for customs the payment."""

    items: tuple[ItemDecision, ...]
    note: str = ""
    payment: str = ""
    payment_reference: str = ""

    @property
    def outcomes(self) -> dict[int, str]:
        """The outcome of each goods item it names."""
        return {item.number: item.outcome for item in self.items}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a decision is held against.

    ``numbers``: goods items that wait for a decision of this agency. ``reasons``: codes of the agency's pick-list.
    ``refused_by``, ``waits_for`` (customs): per item, the names of the agencies that refused it or have not decided it.
    ``decided``: items this agency has decided before; ``released``: those of them that have gone. ``against``: per item,
    what an inspection found against it. ``pays``: whether a release needs a word about the payment.
    """

    numbers: Sequence[int]
    reasons: Collection[str]
    refused_by: Mapping[int, Text] = field(default_factory=dict)
    waits_for: Mapping[int, Text] = field(default_factory=dict)
    decided: Collection[int] = ()
    released: Collection[int] = ()
    against: Mapping[int, Text] = field(default_factory=dict)
    pays: bool = False


def examine(frame: Frame, judgement: Judgement) -> list[Fault]:
    """Return every fault of a decision; an empty list when it can be taken."""
    faults = list(_whole(frame, judgement.items))
    for decision in judgement.items:
        if decision.number in frame.numbers:
            faults += _one(decision, frame, judgement.note)
    return [*faults, *_payment(frame, judgement), *_note(judgement.note)]


def examine_reason(reason: str, name: str = "reason") -> list[Fault]:
    """Return the faults of a reason that an act must carry (returning, overriding, opening again); ``name``: its field."""
    if not reason.strip():
        return [fault("REASON-MISSING", name)]
    if len(reason) > LONGEST_REASON:
        return [fault("REASON-TOO-LONG", name, reason, most=LONGEST_REASON, long=len(reason))]
    return []


def examine_outcomes(numbers: Sequence[int], outcomes: Mapping[int, str]) -> list[Fault]:
    """Return the faults of a second look that gives each goods item an outcome and nothing more."""
    faults = []
    for number in numbers:
        said = outcomes.get(number, "")
        if not said:
            faults.append(_fault("DECISION-ITEM-MISSING", number, "outcome"))
        elif said not in OUTCOMES:
            faults.append(_fault("DECISION-OUTCOME", number, "outcome", said))
    return faults


def _whole(frame: Frame, decisions: Sequence[ItemDecision]) -> Iterator[Fault]:
    counted = Counter(decision.number for decision in decisions)
    for number in frame.numbers:
        if not counted[number]:
            yield _fault("DECISION-ITEM-MISSING", number, "outcome")
        elif counted[number] > 1:
            yield _fault("DECISION-ITEM-TWICE", number, "outcome")
    for number in counted:
        if number in frame.released:
            yield _fault("DECISION-ITEM-RELEASED", number, "outcome")
        elif number in frame.decided:
            yield _fault("DECISION-ITEM-DECIDED", number, "outcome")
        elif number not in frame.numbers:
            yield _fault("DECISION-ITEM-FOREIGN", number, "outcome")


def _one(decision: ItemDecision, frame: Frame, note: str) -> Iterator[Fault]:
    number = decision.number
    if decision.outcome not in OUTCOMES:
        yield _fault("DECISION-OUTCOME", number, "outcome", decision.outcome)
        return
    if decision.outcome == CONDITIONS and not decision.conditions.strip():
        yield _fault("DECISION-CONDITIONS-MISSING", number, "conditions")
    if decision.outcome == HELD and not decision.conditions.strip() and number not in frame.waits_for:
        yield _fault("DECISION-HOLD-WHY", number, "hold")
    if decision.outcome == REFUSED:
        yield from _refusal(decision, frame.reasons)
    yield from _beside_others(decision, frame, note)
    yield from _too_long(decision)


def _beside_others(decision: ItemDecision, frame: Frame, note: str) -> Iterator[Fault]:
    """What the others have said, and what was found, bounds what can be decided."""
    number = decision.number
    if number in frame.waits_for and decision.outcome != HELD:
        yield _fault("DECISION-ITEM-WAITS", number, "outcome", agencies=frame.waits_for[number])
    elif clears(decision.outcome) and number in frame.refused_by:
        yield _fault("DECISION-AGENCY-REFUSED", number, "outcome", agencies=frame.refused_by[number])
    if clears(decision.outcome) and number in frame.against and not note.strip():
        yield _fault("DECISION-AGAINST-FINDING", number, "outcome", finding=frame.against[number])


def _refusal(decision: ItemDecision, reasons: Collection[str]) -> Iterator[Fault]:
    if decision.reason_code not in reasons:
        yield _fault("DECISION-REASON-MISSING", decision.number, "reason_code", decision.reason_code)
    if not decision.legal_ground.strip():
        yield _fault("DECISION-GROUND-MISSING", decision.number, "legal_ground")
    if not decision.appeal_office.strip():
        yield _fault("DECISION-APPEAL-OFFICE", decision.number, "appeal_office")
    if not decision.appeal_contact.strip():
        yield _fault("DECISION-APPEAL-CONTACT", decision.number, "appeal_contact")
    if decision.appeal_days is None or not 1 <= decision.appeal_days <= MOST_DAYS:
        yield _fault("DECISION-APPEAL-DAYS", decision.number, "appeal_days")


def _too_long(decision: ItemDecision) -> Iterator[Fault]:
    for name, most in LONGEST.items():
        text = getattr(decision, name)
        if len(text) > most:
            place = "hold" if name == "conditions" and decision.outcome == HELD else name
            yield _fault("DECISION-TOO-LONG", decision.number, place, text, most=most, long=len(text))


def _payment(frame: Frame, judgement: Judgement) -> Iterator[Fault]:
    if not frame.pays or not any(clears(item.outcome) for item in judgement.items):
        return
    if judgement.payment not in PAYMENTS:
        yield fault("DECISION-PAYMENT-MISSING", "payment", judgement.payment)
    reference = judgement.payment_reference
    if not reference.strip():
        yield fault("DECISION-PAYMENT-REFERENCE", "payment_reference")
    elif len(reference) > LONGEST_REFERENCE:
        words = {"most": LONGEST_REFERENCE, "long": len(reference)}
        yield fault("DECISION-PAYMENT-LONG", "payment_reference", reference, **words)


def _note(note: str) -> Iterator[Fault]:
    if len(note) > LONGEST_NOTE:
        yield fault("DECISION-NOTE-LONG", "note", note, most=LONGEST_NOTE, long=len(note))


def field_name(number: int, field: str) -> str:
    """Return the form's name for a field of a goods item: ``item-2-outcome``."""
    return f"item-{number}-{field}"


def fault(code: str, name: str, value: str = "", **words: object) -> Fault:
    """Return a fault of a decision at a field of its form."""
    message, remedy = TEXTS[code]
    words |= {"value": value}
    return Fault(code, _say(message, words), _say(remedy, words), value=value[:200], field=name)


def _fault(code: str, number: int, field: str, value: str = "", **words: object) -> Fault:
    message, remedy = TEXTS[code]
    words |= {"n": number, "value": value}
    path = f"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[{number}]"
    return Fault(
        code, _say(message, words), _say(remedy, words), path=path, value=value[:200], field=field_name(number, field)
    )


def _say(text: Text, words: Mapping[str, object]) -> Text:
    return {
        language: sentence.format(
            **{name: word[language] if isinstance(word, Mapping) else word for name, word in words.items()}
        )
        for language, sentence in text.items()
    }
