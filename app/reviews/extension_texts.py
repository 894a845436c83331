"""Why a release is extended, and what can be wrong with an extension, in the three languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.errors import Fault, Text
from app.reviews.calendars import table

OTHER, AGENCIES = "OTHER", "AGENCIES"
LONGEST = 1000
"""Characters of the head's own words."""
LANGUAGES = ("be", "ru", "en")

_TEXTS: Mapping[str, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    "EXTENSION-STEP": (
        ("Не выбрана, да якога часу працягнуць выпуск.", "Не выбрано, до какого времени продлить выпуск.",
         "Nobody has said until when the release is extended."),
        ("Выберыце адзін рабочы дзень або дзесяць рабочых дзён.", "Выберите один рабочий день или десять рабочих дней.",
         "Choose one working day or ten working days."),
    ),
    "EXTENSION-GRANTED": (
        ("Выпуск ужо працягнуты да {due}.", "Выпуск уже продлён до {due}.", "The release is extended until {due} already."),
        ("Тэрмін ніколі не карацее: выберыце даўжэйшы або прыміце рашэнне.",
         "Срок никогда не становится короче: выберите более длинный или примите решение.",
         "A deadline never moves back: choose the longer one, or decide."),
    ),
    "EXTENSION-REASON": (
        ("Не выбрана прычына працягу.", "Не выбрана причина продления.", "The extension has no reason."),
        ("Выберыце прычыну са спіса.", "Выберите причину из списка.", "Choose a reason from the list."),
    ),
    "EXTENSION-WORDS": (
        ("Прычына не названа словамі.", "Причина не названа словами.", "The reason is not said in words."),
        ("Напішыце прычыну: яе прачытае дэкларант.", "Напишите причину: её прочитает декларант.",
         "Write the reason: the trader reads it."),
    ),
    "EXTENSION-LONG": (
        ("Прычына занадта доўгая: знакаў {long}, дазволена {most}.",
         "Причина слишком длинная: знаков {long}, разрешено {most}.",
         "The reason is too long: {long} characters, {most} are allowed."),
        ("Скараціце яе.", "Сократите её.", "Shorten it."),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason of the pick-list."""

    code: str
    text: Text


def list_causes() -> tuple[Cause, ...]:
    """Return the pick-list, in the order of data/extensions.csv."""
    return _causes()


def find_cause(code: str) -> Cause | None:
    """Return one reason of the pick-list, or None."""
    return next((cause for cause in _causes() if cause.code == code), None)


def examine(step: str, cause: str, words: str) -> list[Fault]:
    """Return what is wrong with an extension as it was typed."""
    faults = []
    if step not in ("1", "2"):
        faults.append(fault("EXTENSION-STEP", "extend-step", step))
    if find_cause(cause) is None:
        faults.append(fault("EXTENSION-REASON", "extend-reason", cause))
    if cause == OTHER and not words.strip():
        faults.append(fault("EXTENSION-WORDS", "extend-words"))
    if len(words) > LONGEST:
        faults.append(fault("EXTENSION-LONG", "extend-words", words, long=len(words), most=LONGEST))
    return faults


def fault(code: str, field: str, value: str = "", **words: object) -> Fault:
    """Return a fault of an extension at a field of its form."""
    message, remedy = _TEXTS[code]
    return Fault(code, _say(message, words), _say(remedy, words), value=value[:200], field=field)


def _say(sentences: tuple[str, str, str], words: Mapping[str, object]) -> Text:
    return {language: text.format(**words) for language, text in zip(LANGUAGES, sentences, strict=True)}


@cache
def _causes() -> tuple[Cause, ...]:
    return tuple(Cause(row["code"], {one: row[f"text_{one}"] for one in LANGUAGES}) for row in table("extensions"))
