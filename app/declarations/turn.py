"""Whose turn it is with a filed package: the trader's, the agencies', customs' alone, or nobody's any more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.declarations.progress import LaneLine

ENDED = ("released", "refused", "withdrawn")
"""The states in which nobody has anything left to do."""

HELD = "registered"
"""The state in which the window waits for the scanner: of its own accord nobody can do anything (``intake.holding``)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Who has to act. ``who``: trader, agencies, customs or nobody.

    ``questions``: the numbers of those that wait for an answer, the most urgent first, ``by``: until when that one wants it.
    ``missed``: questions whose time is over and that may still be answered. ``inspection``: where the trader has to be next
    (inspection_desk.Told). ``agencies``: those at work now, without those that wait for the trader or, as customs does, for the others.
    ``refused``: an agency has refused something; ``late``: the time of one at work is over.
    """

    who: str
    questions: tuple[int, ...] = ()
    by: datetime | None = None
    missed: tuple[int, ...] = ()
    inspection: Any = None
    agencies: tuple[str, ...] = ()
    refused: bool = False
    late: bool = False


def turn_of(
    status: str, lines: Sequence[LaneLine], questions: Iterable[Any], inspections: Iterable[Any], now: datetime
) -> Turn:
    """Return whose turn it is; ``questions`` are rows with status, number and due_at, ``inspections`` desk.Told."""
    if status in (*ENDED, HELD):
        return Turn("nobody")
    asked = list(questions)
    waiting = sorted((one for one in asked if one.status == "open"), key=lambda one: (one.due_at, one.number))
    ahead = next(iter(sorted((one for one in inspections if _ahead(one.inspection, now)), key=_starts)), None)
    others = any(line.open and not line.releases for line in lines)
    at_work = [line for line in lines if line.open and line.answer_by is None and not _awaits_goods(line)]
    working = [line for line in at_work if not line.releases] if others else at_work
    who = "trader" if waiting or ahead is not None else "agencies" if others or not lines else "customs"
    return Turn(
        who=who,
        questions=tuple(one.number for one in waiting),
        by=waiting[0].due_at if waiting else None,
        missed=tuple(one.number for one in asked if one.status == "lapsed"),
        inspection=ahead,
        agencies=tuple(line.agency for line in working),
        refused=any(line.state in ("refused", "mixed") for line in lines),
        late=any(line.open and line.tone == "due" for line in lines),
    )


def _awaits_goods(line: LaneLine) -> bool:
    """Whether the agency can do nothing before the goods are brought to its inspection."""
    return line.inspection is not None and line.inspection.inspection.status == "agreed" and bool(line.inspection.place)


def _ahead(inspection: Any, now: datetime) -> bool:
    """Whether goods have to be brought: place and time are agreed, and the time is not over."""
    return bool(inspection.status == "agreed" and inspection.slot_to and inspection.slot_to > now)


def _starts(told: Any) -> datetime:
    start: datetime = told.inspection.slot_from
    return start
