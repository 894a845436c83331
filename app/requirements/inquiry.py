"""A question about goods before anything is filed, read from what somebody typed or a program sent. Pure.

One reading for the page, the API and the what-if of a draft: the same words are asked the same, and refused the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.errors import Fault, Text
from app.requirements.compiling import CompiledEdition

DIRECTIONS = ("import", "export", "transit")
USUAL = {"import": "40", "export": "10", "transit": "80"}
"""The procedure asked about when none is named."""
MOST_ANSWERS = 60
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class Said:
    """A question as it was typed; the names are those of the boxes and of the API's query. ``yes`` and ``no``: flags and
    measures answered so."""

    hs: str = ""
    direction: str = "import"
    origin: str = ""
    region: str = ""
    destination: str = ""
    procedure: str = ""
    on: str = ""
    yes: Sequence[str] = ()
    no: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question that can be asked: ``code`` has digits only, countries are alpha-2 or empty, ``answers`` by flag or
    measure."""

    code: str
    direction: str
    origin: str
    region: str
    destination: str
    procedure: str
    on: date
    answers: Mapping[str, bool]


def _fault(box: str, code: str, value: str, message: Text, remedy: Text) -> Fault:
    return Fault(code, message, remedy, pointer=f"/{box}", value=value, field=box)


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


def digits_of(said: str) -> str:
    """Return the digits of a goods code as somebody writes it (``0201 30 000 0``, ``0201.30``); "" for words."""
    joined = "".join(said.split()).replace(".", "")
    return joined if joined.isascii() and joined.isdigit() else ""


def day_of(said: str) -> date | None:
    """Read a day as day.month.year or ISO 8601; None where there is no such day, or none a law here could speak of."""
    for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(said.strip(), pattern).date()
        except ValueError:
            continue
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
    return None


def country_of(edition: CompiledEdition, said: str) -> str:
    """Return the alpha-2 code of a country given by code or by its name in any of the three languages; else what was said."""
    wanted = said.strip().casefold()
    for code, row in edition.lists["countries"].items():
        if wanted in (code.casefold(), row.name_be.casefold(), row.name_ru.casefold(), row.name_en.casefold()):
            return code
    return said.strip()


def read(said: Said, edition: CompiledEdition, *, today: date) -> tuple[Inquiry, list[Fault]]:
    """Return the question and everything in it that cannot be asked, each fault at its box."""
    on = day_of(said.on) if said.on else today
    asked = Inquiry(
        code=digits_of(said.hs),
        direction=said.direction,
        origin=country_of(edition, said.origin),
        region=said.region.strip().upper(),
        destination=country_of(edition, said.destination),
        procedure=said.procedure.strip(),
        on=on or today,
        answers={**dict.fromkeys(said.no, False), **dict.fromkeys(said.yes, True)},
    )
    faults = [*_code_faults(asked.code, said.hs, edition), *_other_faults(asked, edition)]
    if on is None:
        faults.append(_fault("on", "DATE-WRONG", said.on, *DATE_WRONG))
    return asked, faults


def _code_faults(code: str, said: str, edition: CompiledEdition) -> list[Fault]:
    if not 2 <= len(code) <= 10:
        return [_fault("hs", "CODE-LENGTH", said, *CODE_LENGTH)]
    known = next((code[:n] for n in (6, 4, 2) if len(code) >= n), "")
    if known not in edition.goods:
        message = {language: words.format(head=known) for language, words in CODE_UNKNOWN[0].items()}
        return [_fault("hs", "CODE-NOT-IN-HS", said, message, CODE_UNKNOWN[1])]
    return []


def _other_faults(asked: Inquiry, edition: CompiledEdition) -> list[Fault]:
    faults = []
    if asked.direction not in DIRECTIONS:
        faults.append(_fault("direction", "DIRECTION-UNKNOWN", asked.direction, *DIRECTION_UNKNOWN))
    for box, country in (("origin", asked.origin), ("destination", asked.destination)):
        if country and country not in edition.lists["countries"]:
            faults.append(_fault(box, "COUNTRY-UNKNOWN", country, *COUNTRY_UNKNOWN))
    row = edition.lists["procedures"].get(asked.procedure)
    if asked.procedure and (row is None or asked.direction not in row.note.split("/")):
        faults.append(_fault("procedure", "PROCEDURE-UNFIT", asked.procedure, *PROCEDURE_UNFIT))
    strange = [code for code in asked.answers if code not in edition.flags]
    known = {measure.code for measure in edition.measures} if strange else frozenset()
    unknown = [code for code in strange if code not in known and code != "WASTE_OTHER"]
    if unknown:
        faults.append(_fault("yes", "ANSWER-UNKNOWN", unknown[0], *ANSWER_UNKNOWN))
    if len(asked.answers) > MOST_ANSWERS:
        faults.append(_fault("yes", "ANSWERS-TOO-MANY", str(len(asked.answers)), *ANSWERS_TOO_MANY))
    return faults


CODE_LENGTH = (
    _text("У кодзе тавару ад 2 да 10 лічбаў.", "В коде товара от 2 до 10 цифр.", "A goods code has 2 to 10 digits."),
    _text(
        "Увядзіце лічбы кода або знайдзіце яго словамі.",
        "Введите цифры кода или найдите его словами.",
        "Write the digits of the code, or find it by words.",
    ),
)
CODE_UNKNOWN = (
    _text(
        "Кода {head} няма ў Гарманізаванай сістэме.",
        "Кода {head} нет в Гармонизированной системе.",
        "The Harmonised System has no code {head}.",
    ),
    _text(
        "Праверце лічбы або знайдзіце тавар словамі.",
        "Проверьте цифры или найдите товар словами.",
        "Check the digits, or find the goods by words.",
    ),
)
DIRECTION_UNKNOWN = (
    _text("Такога кірунку няма.", "Такого направления нет.", "There is no such direction."),
    _text(
        "Кірунак: import (увоз), export (вываз) або transit (транзіт).",
        "Направление: import (ввоз), export (вывоз) или transit (транзит).",
        "A direction is import, export or transit.",
    ),
)
COUNTRY_UNKNOWN = (
    _text("Мы не ведаем такой краіны.", "Мы не знаем такой страны.", "We do not know this country."),
    _text(
        "Увядзіце дзве літары яе кода або назву.",
        "Введите две буквы её кода или название.",
        "Write its two letters or its name.",
    ),
)
PROCEDURE_UNFIT = (
    _text(
        "Такой працэдуры для гэтага кірунку няма.",
        "Такой процедуры для этого направления нет.",
        "There is no such procedure for this direction.",
    ),
    _text(
        "Выберыце працэдуру са спісу або пакіньце звычайную.",
        "Выберите процедуру из списка или оставьте обычную.",
        "Choose one of the list, or leave the usual one.",
    ),
)
DATE_WRONG = (
    _text("Такога дня няма.", "Такого дня нет.", "There is no such day."),
    _text(
        "Увядзіце дзень, месяц і год, напрыклад 22.11.2026.",
        "Введите день, месяц и год, например 22.11.2026.",
        "Write the date as day.month.year, for example 22.11.2026.",
    ),
)
ANSWER_UNKNOWN = (
    _text("Такога пытання мы не задаём.", "Такого вопроса мы не задаём.", "We ask no such question."),
    _text(
        "Вазьміце код з пытанняў, што стаяць у адказе.",
        "Возьмите код из вопросов, которые стоят в ответе.",
        "Take a code from the questions of the answer.",
    ),
)
ANSWERS_TOO_MANY = (
    _text("Адказаў больш за 60.", "Ответов больше 60.", "There are more than 60 answers."),
    _text(
        "Пакіньце толькі тыя, што датычаць гэтага тавару.",
        "Оставьте только те, что касаются этого товара.",
        "Leave only those about these goods.",
    ),
)
