"""Examining a question before it is sent: does it carry all that article 325(5) of the Customs Code asks for.

Pure: values in, faults out, all at once, each at its form field. Moments and the calendar come from outside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.errors import Fault, Text
from app.reviews.calendars import WorkingCalendar
from app.reviews.question_words import WORDS

ON_FILE, REFUSAL = "on-file", "refusal"
SILENCE = (ON_FILE, REFUSAL)
MOST_TEXT = 4000
"""Characters of one message of a thread."""
MOST_WANTED = 12
"""Kinds of documents one question may want: more are questions of their own."""
LEAST_MINUTES = 60
"""Working minutes the trader has at least: a shorter time is one nobody can keep (``clocks.ANSWER_AT_LEAST``)."""
MOST_DAYS = 10
"""Working days the trader has at most: those of the longest release (art. 119); one who needs more is asked again."""
WARNING_MINUTES = 60
PATH, SIGN, TEXT, WANTED, DEADLINE, ON_SILENCE = "path", "sign", "text", "wanted", "deadline", "on_silence"
NEVERTHELESS, CLOSED = "nevertheless", "closed"
"""Names of the form's fields; the last two are ticks that confirm a warning."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as an officer means it: where, which sign, in which words, which documents, until when, and what then.

    ``none_wanted``: no document is needed, said on purpose. ``nevertheless``: asked although somebody has asked before;
    ``closed``: due outside of working hours on purpose.
    """

    path: str
    sign: str
    text: str
    wanted: tuple[str, ...]
    due_at: datetime | None
    on_silence: str
    none_wanted: bool = False
    nevertheless: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a question is examined against: places of the version (and which of them are documents), codes of signs and
    documents, the agency's calendar, the moment, and how many questions stand already about the same."""

    is_place: bool
    is_document: bool
    signs: Collection[str]
    documents: Collection[str]
    calendar: WorkingCalendar
    now: datetime
    twins: int = 0


def examine(asking: Asking, around: Around) -> list[Fault]:
    """Return every fault of a question; an empty list when it can be sent."""
    return [
        *_place(asking, around),
        *_sign(asking, around),
        *examine_text(asking.text),
        *_wanted(asking, around),
        *examine_deadline(asking.due_at, around.calendar, around.now, closed=asking.closed),
        *_silence(asking),
        *_twins(asking, around),
    ]


def examine_text(text: str, field: str = TEXT) -> list[Fault]:
    """Return the faults of a message: none at all, or too long."""
    if not text.strip():
        return [fault("ASK-TEXT-MISSING", field)]
    if len(text) > MOST_TEXT:
        return [fault("ASK-TEXT-LONG", field, long=len(text), most=MOST_TEXT)]
    return []


def examine_deadline(
    due_at: datetime | None, calendar: WorkingCalendar, now: datetime, *, closed: bool = False
) -> list[Fault]:
    """Return the faults of a deadline: none, past, too short to keep, too late, outside of working hours unconfirmed."""
    if due_at is None:
        return [fault("ASK-DEADLINE-MISSING", DEADLINE)]
    if due_at <= now:
        return [fault("ASK-DEADLINE-PAST", DEADLINE)]
    if due_at > latest(calendar, now):
        return [fault("ASK-DEADLINE-LATE", DEADLINE, days=MOST_DAYS)]
    if calendar.between(now, due_at) < LEAST_MINUTES:
        return [fault("ASK-DEADLINE-SHORT", DEADLINE)]
    # The end of a working day is the last moment of work: a deadline may stand there.
    if not closed and not calendar.is_working(due_at - timedelta(minutes=1)):
        return [fault("ASK-DEADLINE-CLOSED", CLOSED)]
    return []


def latest(calendar: WorkingCalendar, now: datetime) -> datetime:
    """Return the last moment that may be named as a deadline."""
    return calendar.add_days(now, MOST_DAYS)


def warn_at(asked_at: datetime, due_at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return when the trader is warned: at half of the working time given, or one working hour before the end, whichever
    is later. Late enough to be no nuisance, early enough to act."""
    half = calendar.add(asked_at, calendar.between(asked_at, due_at) // 2)
    return max(half, calendar.add(due_at, -WARNING_MINUTES))


def _place(asking: Asking, around: Around) -> Iterator[Fault]:
    if not asking.path:
        yield fault("ASK-PLACE-MISSING", PATH)
    elif not around.is_place:
        yield fault("ASK-PLACE-UNKNOWN", PATH, value=asking.path)


def _sign(asking: Asking, around: Around) -> Iterator[Fault]:
    if asking.sign not in around.signs:
        yield fault("ASK-SIGN-MISSING", SIGN, value=asking.sign)


def _wanted(asking: Asking, around: Around) -> Iterator[Fault]:
    for code in asking.wanted:
        if code not in around.documents:
            yield fault("ASK-WANTED-UNKNOWN", WANTED, value=code)
    if asking.wanted and asking.none_wanted:
        yield fault("ASK-WANTED-BOTH", WANTED)
    if len(asking.wanted) > MOST_WANTED:
        yield fault("ASK-WANTED-MANY", WANTED, most=MOST_WANTED)
    if not asking.wanted and around.is_document:
        yield fault("ASK-WANTED-DOCUMENT", WANTED)
    elif not asking.wanted and not asking.none_wanted:
        yield fault("ASK-WANTED-MISSING", WANTED)


def _silence(asking: Asking) -> Iterator[Fault]:
    if asking.on_silence not in SILENCE:
        yield fault("ASK-SILENCE-MISSING", ON_SILENCE)


def _twins(asking: Asking, around: Around) -> Iterator[Fault]:
    if around.twins and not asking.nevertheless:
        yield fault("ASK-ALREADY", NEVERTHELESS)


def fault(code: str, field: str, *, value: str = "", **words: object) -> Fault:
    """Return a fault of a question or an answer by its code, at its form field. Raises KeyError for an unknown code."""
    message, remedy = WORDS[code]
    words |= {"value": value[:200]}
    return Fault(code, _say(message, words), _say(remedy, words), value=value[:200], field=field)


def _say(text: Sequence[str], words: Mapping[str, object]) -> Text:
    return {language: sentence.format(**words) for language, sentence in zip(("be", "ru", "en"), text, strict=True)}
