"""What is said of watch-lists: kinds, sources, how sure, and the faults of their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.errors import Fault, Text

KINDS: Mapping[str, Any] = {
    "name": _l("name of a person or company"),
    "unp": _l("tax number"),
    "vehicle": _l("vehicle"),
    "container": _l("container"),
    "document": _l("number of a document"),
}
SOURCES: Mapping[str, Any] = {
    "own": _l("the agency itself"),
    "foreign": _l("an alert of a foreign authority"),
    "court": _l("a court or an investigation"),
}
CONFIDENCE: Mapping[str, Any] = {"low": _l("low"), "middle": _l("middle"), "high": _l("high")}
EFFECTS: Mapping[str, Any] = {
    "yellow": _l("look at the documents (yellow)"),
    "red": _l("look at the goods (red)"),
}

_WORDS: Mapping[str, tuple[Text, Text]] = {
    "WATCH-WORDS": (
        {"be": "Не напісана, каго або што шукаць.", "ru": "Не написано, кого или что искать.", "en": "It is not written whom or what to look for."},
        {"be": "Напішыце імя або нумар, ад 3 да 200 знакаў.", "ru": "Напишите имя или номер, от 3 до 200 знаков.", "en": "Write a name or a number, 3 to 200 characters."},
    ),
    "WATCH-CHOICE": (
        {"be": "Нічога не выбрана.", "ru": "Ничего не выбрано.", "en": "Nothing is chosen."},
        {"be": "Выберыце адзін з варыянтаў.", "ru": "Выберите один из вариантов.", "en": "Choose one of the answers."},
    ),
    "WATCH-REASON": (
        {"be": "Не напісана, чаму.", "ru": "Не написано, почему.", "en": "It is not written why."},
        {"be": "Напішыце адным-двума сказамі; гэта чытаюць ведамствы, якія шукаюць, і аўдытар.", "ru": "Напишите одним-двумя предложениями; это читают ведомства, которые ищут, и аудитор.", "en": "Write a sentence or two; the agencies that look out and the auditor read them."},
    ),
    "WATCH-REFERENCE": (
        {"be": "Няма спасылкі на паведамленне.", "ru": "Нет ссылки на сообщение.", "en": "The reference of the alert is missing."},
        {"be": "Напішыце нумар і дату дакумента, паводле якога ўносіцца запіс.", "ru": "Напишите номер и дату документа, по которому вносится запись.", "en": "Write the number and date of the paper on which the entry rests."},
    ),
    "WATCH-DAYS": (
        {"be": "Тэрмін не падыходзіць.", "ru": "Срок не подходит.", "en": "The days do not fit."},
        {"be": "Апошні дзень — пасля сённяшняга і не пазней чым праз год; дзень, месяц, год: 22.11.2026.", "ru": "Последний день — после сегодняшнего и не позже чем через год; день, месяц, год: 22.11.2026.", "en": "The last day is after today and within a year; day, month, year: 22.11.2026."},
    ),
    "WATCH-AGENCY": (
        {"be": "Ведамства «{value}» тут няма.", "ru": "Ведомства «{value}» здесь нет.", "en": "There is no agency “{value}” here."},
        {"be": "Адзначце ведамствы са спіса.", "ru": "Отметьте ведомства из списка.", "en": "Tick agencies of the list."},
    ),
}  # fmt: skip


def fault(code: str, field: str, *, value: str = "") -> Fault:
    """Return a fault of a form by its code, at its field. Raises KeyError for an unknown code."""
    message, remedy = _WORDS[code]
    said = {language: text.format(value=value[:200]) for language, text in message.items()}
    return Fault(code=code, message=said, remedy=remedy, value=value[:200], field=field)
