"""What is said of intellectual property: outcomes of a suspension, and the faults of the forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.errors import Fault, Text

OUTCOMES: Mapping[str, Any] = {
    "genuine": _l("genuine goods, or allowed by the holder: free to be released"),
    "counterfeit": _l("counterfeit: refused by customs, destroyed or handed over"),
    "no-answer": _l("the holder did not act in time: free to be released"),
}

_WORDS: Mapping[str, tuple[Text, Text]] = {
    "MARK-NUMBER": (
        {"be": "Няма нумара рэестра або ён ужо ёсць.", "ru": "Нет номера реестра или он уже есть.", "en": "The number in the register is missing or taken."},
        {"be": "Напішыце нумар, як у рашэнні аб уключэнні, да 35 знакаў.", "ru": "Напишите номер, как в решении о включении, до 35 знаков.", "en": "Write the number of the decision, at most 35 characters."},
    ),
    "MARK-HOLDER": (
        {"be": "Праваўладальнік не названы.", "ru": "Правообладатель не назван.", "en": "The right holder is not named."},
        {"be": "Напішыце назву, ад 3 да 160 знакаў.", "ru": "Напишите наименование, от 3 до 160 знаков.", "en": "Write the name, 3 to 160 characters."},
    ),
    "MARK-EMAIL": (
        {"be": "Гэта не адрас электроннай пошты.", "ru": "Это не адрес электронной почты.", "en": "This is no e-mail address."},
        {"be": "Напішыце адрас, на які пішуць праваўладальніку: name@example.by.", "ru": "Напишите адрес, на который пишут правообладателю: name@example.by.", "en": "Write the address at which the holder is told: name@example.by."},
    ),
    "MARK-WORDS": (
        {"be": "Знак не напісаны.", "ru": "Знак не написан.", "en": "The mark is not written."},
        {"be": "Напішыце словы знака, ад 2 да 160 знакаў.", "ru": "Напишите слова знака, от 2 до 160 знаков.", "en": "Write the words of the mark, 2 to 160 characters."},
    ),
    "MARK-PREFIX": (
        {"be": "«{value}» не пачатак кода тавару.", "ru": "«{value}» не начало кода товара.", "en": "“{value}” is no beginning of a goods code."},
        {"be": "Напішыце ад 2 да 10 лічбаў; некалькі падзяліце прабеламі.", "ru": "Напишите от 2 до 10 цифр; несколько разделите пробелами.", "en": "Write 2 to 10 digits; part several by blanks."},
    ),
    "MARK-DAYS": (
        {"be": "Тэрмін не падыходзіць.", "ru": "Срок не подходит.", "en": "The days do not fit."},
        {"be": "Апошні дзень — пасля сённяшняга і не пазней чым праз тры гады; дзень, месяц, год: 22.11.2027.", "ru": "Последний день — после сегодняшнего и не позже чем через три года; день, месяц, год: 22.11.2027.", "en": "The last day is after today and within three years; day, month, year: 22.11.2027."},
    ),
    "MARK-REASON": (
        {"be": "Не напісана, чаму.", "ru": "Не написано, почему.", "en": "It is not written why."},
        {"be": "Напішыце адным-двума сказамі.", "ru": "Напишите одним-двумя предложениями.", "en": "Write a sentence or two."},
    ),
    "MARK-OUTCOME": (
        {"be": "Вынік не выбраны.", "ru": "Итог не выбран.", "en": "No outcome is chosen."},
        {"be": "Выберыце, чым скончылася прыпыненне.", "ru": "Выберите, чем закончилось приостановление.", "en": "Choose how the suspension ended."},
    ),
    "DECISION-ITEM-SUSPENDED": (
        {"be": "Выпуск тавара {value} прыпынены: на ім ахоўны знак.", "ru": "Выпуск товара {value} приостановлен: на нём охраняемый знак.", "en": "The release of goods item {value} is suspended: a protected mark stands on it."},
        {"be": "Адкладзіце гэты тавар або спачатку запішыце, чым скончылася прыпыненне.", "ru": "Отложите этот товар или сначала запишите, чем закончилось приостановление.", "en": "Hold this item, or write down first how the suspension ended."},
    ),
}  # fmt: skip


def fault(code: str, field: str, *, value: str = "") -> Fault:
    """Return a fault of a form by its code, at its field. Raises KeyError for an unknown code."""
    message, remedy = _WORDS[code]
    said = {language: text.format(value=value[:200]) for language, text in message.items()}
    return Fault(code=code, message=said, remedy=remedy, value=value[:200], field=field)
