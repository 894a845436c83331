"""Magic references: the end of a package's own reference (LRN) says what the robot decides. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from app.reviews.worst import APPROVED, HELD, REFUSED

APPROVE, REFUSE, QUESTION, SLOW, PART = "APPROVE", "REFUSE", "QUESTION", "SLOW", "PART"
WAIT_SECONDS = 60
"""How long the robot takes its time where the reference asks for it."""

OUTCOMES = {
    APPROVE: _l("Every agency approves, customs last: the package is released and its clearance issued. Without any of "
                "these endings the same happens."),
    REFUSE: _l("The first agency that signs refuses every goods item it judges, with ground and appeal; customs refuses "
               "the whole package."),
    QUESTION: _l("The first agency that signs asks a question, to be answered within one working hour. Answered: it "
                 "approves. Not answered in time: what it asked about is refused."),
    SLOW: _l("Every agency takes the case on and approves it one minute later."),
    PART: _l("Customs releases the first goods item at once and the others one minute after the package was registered: "
             "two clearances. A package of one goods item is released whole."),
}  # fmt: skip
"""What each ending forces, in words."""


def magic_of(lrn: str) -> str:
    """Return what the end of a reference asks for: ``…-REFUSE`` and its like, in capital or small letters."""
    ending = lrn.strip().upper().rpartition("-")[2] if "-" in lrn else ""
    return ending if ending in OUTCOMES else APPROVE


@dataclass(frozen=True, slots=True)
class Case:
    """What the robot sees of a case.

    ``leads``: whether this is the first agency that signs; ``still``: goods items to be decided now, ``items``: all of the
    case; ``refused``: items that another agency refused (customs), ``silent``: those whose question nobody answered in
    time; ``asked``: whether the package was asked about before; ``age``: seconds since the case was opened.
    """

    magic: str
    leads: bool
    releases: bool
    items: Sequence[int]
    still: Sequence[int]
    refused: Collection[int] = ()
    silent: Collection[int] = ()
    asked: bool = False
    age: float = 0.0

    @property
    def asks(self) -> bool:
        """Whether the trader is asked now."""
        return self.magic == QUESTION and self.leads and not self.asked

    @property
    def waits(self) -> bool:
        """Whether the case stays claimed for now."""
        slow = self.magic == SLOW or (self.magic == PART and self.releases and len(self.still) < len(self.items))
        return slow and self.age < WAIT_SECONDS


@dataclass(frozen=True, slots=True)
class Plan:
    """The outcome of each goods item that is decided now."""

    outcomes: Mapping[int, str] = field(default_factory=dict)

    @property
    def releases(self) -> bool:
        """Whether any goods are let go."""
        return APPROVED in self.outcomes.values()


def plan(case: Case) -> Plan:
    """Return what the robot decides on a case: one outcome for each item that is still open, none for another."""
    outcomes = {number: _outcome(case, number) for number in case.still}
    if case.magic == PART and case.releases and len(case.still) == len(case.items):
        clearing = [number for number in case.still if outcomes[number] == APPROVED]
        outcomes |= dict.fromkeys(clearing[1:], HELD)
    return Plan(outcomes)


def _outcome(case: Case, number: int) -> str:
    refuses = case.magic == REFUSE and (case.leads or case.releases)
    return REFUSED if refuses or number in case.refused or number in case.silent else APPROVED
