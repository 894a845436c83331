"""The answer of matching: lanes, the agencies not triggered, questions, what is missing or prohibited, notices.

Everything is a frozen value with ``as_dict`` and ``from_dict``: the answer is stored with the package as its
explanation, with the hash of the edition it was given under. Texts are dicts {"be", "ru", "en"}.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar, Self

from app.errors import Text


class Stored:
    """Mixin: to JSON-ready dicts and back. ``nested`` names the fields that hold tuples of other stored values."""

    __slots__: tuple[str, ...] = ()
    nested: ClassVar[Mapping[str, Any]] = {}

    def as_dict(self) -> dict[str, Any]:
        """Return the value as JSON-ready dicts and lists."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``as_dict`` wrote; fields unknown to an older answer keep their default."""
        values = {part.name: data[part.name] for part in fields(cls) if part.name in data}  # type: ignore[arg-type]
        for name, value in values.items():
            kind = cls.nested.get(name)
            if kind is not None:
                values[name] = tuple(kind.from_dict(entry) for entry in value)
            elif name == "on":
                values[name] = date.fromisoformat(value)
            else:
                values[name] = _frozen(value)
        return cls(**values)


SIMPLE = frozenset({str, int, bool, type(None)})


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in SIMPLE:
        return value
    if kind is tuple:
        return [_plain(entry) for entry in value]
    if isinstance(value, Stored):
        return {name: _plain(getattr(value, name)) for name in value.__slots__}
    return value.isoformat() if kind is date else dict(value)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(entry) for entry in value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Wanted(Stored):
    """A kind of document: plain label, the code of its issuer, how and where to get it, the code it travels under
    abroad.
    """

    code: str
    label: Text
    issuer: str
    how: Text
    scope: str
    travels_under: str


@dataclass(frozen=True, slots=True)
class Fact(Stored):
    """What was read in the package: which fact, at which WCO pointer, with which value."""

    name: str
    pointer: str
    value: str


@dataclass(frozen=True, slots=True)
class Found(Stored):
    """A document that satisfies a code. ``state``: shown (file or registry), declared (number alone, where that is
    enough) or held (an accreditation, whose number it is, stands in its place).
    """

    code: str
    number: str
    path: str
    state: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ItemFinding(Stored):
    """One measure on one goods item: the facts that matched, the documents found, the ways to mend what is missing."""

    item: int
    facts: tuple[Fact, ...]
    found: tuple[Found, ...]
    missing: tuple[tuple[tuple[str, ...], ...], ...]
    nested: ClassVar[Mapping[str, Any]] = {"facts": Fact, "found": Found}


@dataclass(frozen=True, slots=True)
class AppliedMeasure(Stored):
    """A measure that applies, with why. ``required`` holds one entry per document demanded, each a tuple of
    alternatives.

    ``reason`` is empty or "not classified" (waste nobody has classified yet: it goes to the agency). ``prohibited``:
    a ban without proof of an exception. Hours are working hours. ``confidence``: "recalled" is never presented as law.
    """

    code: str
    agency: str
    prefix: str
    effect: str
    measure_type: str
    clock: str
    act: str
    edition: str
    confidence: str
    note: str
    required: tuple[tuple[tuple[str, ...], ...], ...]
    may_be_asked: tuple[str, ...]
    service_hours: int
    permit_lead_hours: int | None
    valid_from: str
    reason: str
    prohibited: bool
    findings: tuple[ItemFinding, ...]
    nested: ClassVar[Mapping[str, Any]] = {"findings": ItemFinding}

    @property
    def items(self) -> tuple[int, ...]:
        """Numbers of the goods items it applies to."""
        return tuple(finding.item for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Lane(Stored):
    """One agency and what it must judge. ``mode`` signs opens a review; issues stands inside the customs review.

    ``behind`` (customs only): the issuing agencies whose measures and items customs decides on.
    """

    agency: str
    mode: str
    items: tuple[int, ...]
    measures: tuple[AppliedMeasure, ...]
    service_hours: int
    behind: tuple[str, ...]
    fingerprints: tuple[str, ...]
    nested: ClassVar[Mapping[str, Any]] = {"measures": AppliedMeasure}

    @property
    def review(self) -> bool:
        """Whether the agency opens a review of its own."""
        return self.mode == "signs"


@dataclass(frozen=True, slots=True)
class Why(Stored):
    """Why an agency is not triggered: by one measure (``measure``, ``detail``) or because none covers the goods.

    ``kind``: uncovered, procedure, origin, destination, flag_no, flag_open, described_no, described_open, inform,
    not_needed.
    Its sentence: ``wording.why``.
    """

    kind: str
    measure: str
    detail: str
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotTriggered(Stored):
    """An agency without a lane and why."""

    agency: str
    mode: str
    reasons: tuple[Why, ...]
    nested: ClassVar[Mapping[str, Any]] = {"reasons": Why}


@dataclass(frozen=True, slots=True)
class Option(Stored):
    """One box of a question. ``code`` is a flag or a measure id; ``answer`` is Y, N or empty when not given."""

    code: str
    label: Text
    answer: str


@dataclass(frozen=True, slots=True)
class Question(Stored):
    """One question. ``items`` is empty for a question about the whole package. ``kind``: yesno, one or many.

    ``none_allowed``: "none of these" is an answer (every option N); else the list ends with the option WASTE_OTHER.
    """

    code: str
    level: str
    kind: str
    text: Text
    options: tuple[Option, ...]
    none_allowed: bool
    items: tuple[int, ...]
    measures: tuple[str, ...]
    unanswered: bool
    nested: ClassVar[Mapping[str, Any]] = {"options": Option}


@dataclass(frozen=True, slots=True)
class Missing(Stored):
    """A required document that is not there (fault DOC-MISSING), wanted by ``measure`` and ``also``.

    ``ways``: each a set of codes that would do.

    ``problem``: absent, expired, early, no_number, not_shown or misplaced (on the header, but its type belongs to an
    item).
    """

    measure: str
    also: tuple[str, ...]
    agency: str
    act: str
    confidence: str
    ways: tuple[tuple[str, ...], ...]
    documents: tuple[Wanted, ...]
    items: tuple[int, ...]
    problem: str
    lead_hours: int | None
    nested: ClassVar[Mapping[str, Any]] = {"documents": Wanted}


@dataclass(frozen=True, slots=True)
class Prohibited(Stored):
    """A ban that applies without proof of an exception: names the act, asks for no document."""

    measure: str
    agency: str
    act: str
    confidence: str
    note: str
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Notice(Stored):
    """Something to know that opens no review. ``kind``: inform or no_package (goods of the Union need no
    declaration).
    """

    kind: str
    measure: str
    agency: str
    act: str
    note: str
    items: tuple[int, ...]
    depends_on: str


@dataclass(frozen=True, slots=True)
class Outcome(Stored):
    """The whole answer for one package under one edition on one day."""

    edition: str
    on: date
    direction: str
    lanes: tuple[Lane, ...]
    not_triggered: tuple[NotTriggered, ...]
    questions: tuple[Question, ...]
    missing: tuple[Missing, ...]
    prohibited: tuple[Prohibited, ...]
    notices: tuple[Notice, ...]
    nested: ClassVar[Mapping[str, Any]] = {
        "lanes": Lane,
        "not_triggered": NotTriggered,
        "questions": Question,
        "missing": Missing,
        "prohibited": Prohibited,
        "notices": Notice,
    }

    def lane(self, agency: str) -> Lane | None:
        """Return the lane of an agency, None when it is not triggered."""
        return next((lane for lane in self.lanes if lane.agency == agency), None)

    @property
    def reviews(self) -> tuple[Lane, ...]:
        """Lanes that open a review; the lanes of issuing agencies stand behind customs."""
        return tuple(lane for lane in self.lanes if lane.review)

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """Questions still open: each is a fault that names it."""
        return tuple(question for question in self.questions if question.unanswered)

    def standing_in(self, agency: str) -> Iterator[Lane]:
        """Yield the lane of an agency and those that stand behind it (the issuing agencies behind customs)."""
        own = self.lane(agency)
        if own is None:
            return
        yield own
        for code in own.behind:
            lane = self.lane(code)
            if lane is not None:
                yield lane

    def digest(self, agency: str) -> str:
        """Return a SHA-256 of what the agency's measures read: its items, matched facts, documents. Empty without a
        lane.

        The edition is left out: an amendment is matched under the law of the original day, and the same facts stay
        the same.
        """
        read = [
            [lane.agency, list(lane.items), list(lane.fingerprints), [_read(measure) for measure in lane.measures]]
            for lane in self.standing_in(agency)
        ]
        if not read:
            return ""
        return hashlib.sha256(json.dumps(read, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _read(measure: AppliedMeasure) -> list[Any]:
    return [
        measure.code,
        measure.reason,
        measure.prohibited,
        [
            [
                finding.item,
                [[fact.name, fact.value] for fact in finding.facts],
                [[found.code, found.number, found.state, found.fingerprint] for found in finding.found],
                [[list(way) for way in ways] for ways in finding.missing],
            ]
            for finding in measure.findings
        ],
    ]
