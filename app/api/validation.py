"""What pydantic finds in a request, in our words and three languages: where, what, how to mend it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from app.errors import Fault, Text

Words = tuple[Text, Text]
"""A message and its remedy; ``%(name)s`` stand for what pydantic says about the limit."""


def _words(be: str, ru: str, en: str, be_mend: str, ru_mend: str, en_mend: str) -> Words:
    return {"be": be, "ru": ru, "en": en}, {"be": be_mend, "ru": ru_mend, "en": en_mend}


MISSING = _words(
    "Тут павінна стаяць значэнне.", "Здесь должно стоять значение.", "A value is needed here.",
    "Дадайце значэнне.", "Добавьте значение.", "Add the value.",
)  # fmt: skip
UNKNOWN = _words(
    "API не ведае такога імя.", "API не знает такого имени.", "The API does not know this name.",
    "Прыбярыце яго або выпраўце напісанне.", "Уберите его или исправьте написание.", "Take it out or mend its spelling.",
)  # fmt: skip
REPEATED = _words(
    "Гэты параметр стаіць больш за адзін раз: якое значэнне маецца на ўвазе, невядома.",
    "Этот параметр стоит больше одного раза: какое значение имеется в виду, неизвестно.",
    "This parameter stands more than once: which value is meant cannot be known.",
    "Пакіньце адно значэнне.", "Оставьте одно значение.", "Leave one value.",
)  # fmt: skip
SHORT = _words(
    "Занадта кароткае: патрэбна не менш за %(min_length)s.",
    "Слишком коротко: нужно не меньше %(min_length)s.",
    "It is too short: at least %(min_length)s needed.",
    "Дапішыце.", "Допишите.", "Write more.",
)  # fmt: skip
LONG = _words(
    "Занадта доўгае: дазволена не больш за %(max_length)s.",
    "Слишком длинно: допустимо не больше %(max_length)s.",
    "It is too long: at most %(max_length)s allowed.",
    "Скараціце.", "Сократите.", "Shorten it.",
)  # fmt: skip
CHOICE = _words(
    "Тут можа стаяць толькі адно з: %(expected)s.", "Здесь может стоять только одно из: %(expected)s.",
    "Only one of these can stand here: %(expected)s.",
    "Вазьміце адно з названых значэнняў.", "Возьмите одно из названных значений.", "Take one of the values named.",
)  # fmt: skip
PATTERN = _words(
    "Значэнне не той формы: %(pattern)s.", "Значение не той формы: %(pattern)s.",
    "The value does not have this form: %(pattern)s.",
    "Напішыце яго ў гэтай форме.", "Напишите его в этой форме.", "Write it in this form.",
)  # fmt: skip
SIGNS = _words(
    "Тут ёсць знакі, якіх няма ні ў адной мове (NUL або палова знака).",
    "Здесь есть знаки, которых нет ни в одном языке (NUL или половина знака).",
    "There are signs here that are letters of no language (NUL, or half a sign).",
    "Прыбярыце іх.", "Уберите их.", "Take them out.",
)  # fmt: skip
NUMBER = _words(
    "Тут павінен стаяць цэлы лік.", "Здесь должно стоять целое число.", "A whole number is needed here.",
    "Напішыце лік лічбамі.", "Напишите число цифрами.", "Write the number in digits.",
)  # fmt: skip
DECIMAL = _words(
    "Тут павінен стаяць лік.", "Здесь должно стоять число.", "A number is needed here.",
    "Напішыце лік з кропкай, напрыклад 12.5.", "Напишите число с точкой, например 12.5.",
    "Write the number with a point, for example 12.5.",
)  # fmt: skip
TEXT = _words(
    "Тут павінен стаяць тэкст.", "Здесь должен стоять текст.", "A text is needed here.",
    "Напішыце значэнне ў двукоссі.", "Напишите значение в кавычках.", "Write the value in quotation marks.",
)  # fmt: skip
TRUTH = _words(
    "Тут павінна стаяць true або false.", "Здесь должно стоять true или false.", "true or false is needed here.",
    "Напішыце true або false.", "Напишите true или false.", "Write true or false.",
)  # fmt: skip
LISTED = _words(
    "Тут павінен стаяць спіс.", "Здесь должен стоять список.", "A list is needed here.",
    "Напішыце значэнні ў квадратных дужках.", "Напишите значения в квадратных скобках.", "Write the values in square brackets.",
)  # fmt: skip
OBJECT = _words(
    "Тут павінен стаяць аб'ект JSON.", "Здесь должен стоять объект JSON.", "A JSON object is needed here.",
    "Дашліце JSON у фігурных дужках з Content-Type: application/json.",
    "Пришлите JSON в фигурных скобках с Content-Type: application/json.",
    "Send JSON in braces with Content-Type: application/json.",
)  # fmt: skip
DAY = _words(
    "Тут павінна стаяць дата.", "Здесь должна стоять дата.", "A date is needed here.",
    "Напішыце яе як 2026-11-22.", "Напишите её как 2026-11-22.", "Write it as 2026-11-22.",
)  # fmt: skip
MOMENT = _words(
    "Тут павінен стаяць момант часу з поясам.", "Здесь должен стоять момент времени с поясом.",
    "A moment with its time zone is needed here.",
    "Напішыце яго як 2026-11-22T09:30:00+03:00.", "Напишите его как 2026-11-22T09:30:00+03:00.",
    "Write it as 2026-11-22T09:30:00+03:00.",
)  # fmt: skip
KEY = _words(
    "Тут павінен стаяць UUID.", "Здесь должен стоять UUID.", "A UUID is needed here.",
    "Вазьміце ідэнтыфікатар з адказу API.", "Возьмите идентификатор из ответа API.", "Take the id from an answer of the API.",
)  # fmt: skip
LESS = _words(
    "Значэнне за мяжой: дазволена ад %(ge)s да %(le)s.", "Значение за пределом: допустимо от %(ge)s до %(le)s.",
    "The value is out of bounds: from %(ge)s to %(le)s allowed.",
    "Напішыце значэнне ў гэтых межах.", "Напишите значение в этих пределах.", "Write a value within these bounds.",
)  # fmt: skip
OTHER = _words(
    "Значэнне не той формы, якую чакае API.", "Значение не той формы, которую ждёт API.",
    "The value does not have the form that the API asks for.",
    "Форма апісана ў /api/openapi.json.", "Форма описана в /api/openapi.json.", "The form is described in /api/openapi.json.",
)  # fmt: skip

_KINDS: Sequence[tuple[tuple[str, ...], Words]] = (
    (("missing",), MISSING),
    (("extra_forbidden",), UNKNOWN),
    (("repeated",), REPEATED),
    (("signs", "string_unicode"), SIGNS),
    (("string_too_short", "too_short"), SHORT),
    (("string_too_long", "too_long"), LONG),
    (("literal_error", "enum"), CHOICE),
    (("string_pattern_mismatch",), PATTERN),
    (("greater_than", "less_than"), LESS),
    (("int",), NUMBER),
    (("float", "decimal", "finite_number"), DECIMAL),
    (("string",), TEXT),
    (("bool",), TRUTH),
    (("list", "tuple", "set"), LISTED),
    (("model", "dict", "json"), OBJECT),
    (("datetime", "timezone"), MOMENT),
    (("date",), DAY),
    (("uuid",), KEY),
)
"""Beginnings of pydantic's types of errors, and our words; the first that fits."""

_NAMES = {"min_length": "1", "max_length": "", "expected": "", "pattern": "", "ge": "−∞", "le": "∞"}


def faults(error: ValidationError) -> list[Fault]:
    """Return one fault for each place that does not fit, its JSON pointer in ``pointer`` (RFC 6901)."""
    return [_fault(one) for one in error.errors(include_url=False)]


def _fault(one: Mapping[str, Any]) -> Fault:
    message, remedy = next((words for starts, words in _KINDS if one["type"].startswith(starts)), OTHER)
    said = _said(one.get("ctx") or {})
    return Fault(
        "request",
        {language: text % said for language, text in message.items()},
        remedy,
        pointer="".join(f"/{_token(part)}" for part in one["loc"]),
        value="" if one["type"] == "missing" else _shown(one["input"]),
        kind="request",
    )


def _said(context: Mapping[str, Any]) -> dict[str, str]:
    limits = {"gt": "ge", "lt": "le"}
    return _NAMES | {limits.get(name, name): str(value) for name, value in context.items()}


def _token(part: Any) -> str:
    return _storable(str(part)).replace("~", "~0").replace("/", "~1")


def _shown(value: Any) -> str:
    return _storable(str(value))[:200]


def _storable(text: str) -> str:
    """A text that any encoding carries: half a sign becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def unstorable(value: Any) -> bool:
    """Whether a value of a JSON document holds a text that no database stores: NUL or a lone surrogate."""
    if isinstance(value, str):
        return "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, Mapping):
        return any(map(unstorable, _members(value)))
    return isinstance(value, list | tuple) and any(map(unstorable, value))


def _members(value: Mapping[Any, Any]) -> Iterable[Any]:
    yield from value
    yield from value.values()
