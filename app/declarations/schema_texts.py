"""The sentences of schema faults, message and remedy, in be, ru and en."""

from __future__ import annotations

from app.declarations.parsing_texts import Words, text
from app.errors import Text

_MEND: Words = (
    "Выпраўце значэнне па схеме declaration/1.0.",
    "Исправьте значение по схеме declaration/1.0.",
    "Correct it by the schema declaration/1.0.",
)
SENTENCES: dict[str, tuple[Words, Words]] = {
    "SCHEMA-ELEMENT": (
        (
            "У «{parent}» няма элемента «{name}».",
            "В «{parent}» нет элемента «{name}».",
            "“{parent}” has no element “{name}”.",
        ),
        (
            "Выдаліце яго або замяніце; тут могуць стаяць: {expected}.",
            "Удалите его или замените; здесь могут стоять: {expected}.",
            "Remove or replace it; what may stand here: {expected}.",
        ),
    ),
    "SCHEMA-ORDER": (
        (
            "«{name}» стаіць не на сваім месцы ў «{parent}»: пасля «{later}».",
            "«{name}» стоит не на своём месте в «{parent}»: после «{later}».",
            "“{name}” is out of its place in “{parent}”: it comes after “{later}”.",
        ),
        (
            "Пастаўце «{name}» перад «{later}», у парадку мадэлі даных WCO.",
            "Поставьте «{name}» перед «{later}», в порядке модели данных WCO.",
            "Put “{name}” before “{later}”, in the order of the WCO Data Model.",
        ),
    ),
    "SCHEMA-REPEATED": (
        (
            "«{name}» стаіць у «{parent}» больш за адзін раз.",
            "«{name}» стоит в «{parent}» больше одного раза.",
            "“{name}” stands more than once in “{parent}”.",
        ),
        (
            "Пакіньце адно значэнне «{name}».",
            "Оставьте одно значение «{name}».",
            "Keep one “{name}”.",
        ),
    ),
    "SCHEMA-MISSING": (
        (
            "У «{parent}» не хапае элемента «{name}».",
            "В «{parent}» не хватает элемента «{name}».",
            "“{parent}” lacks the element “{name}”.",
        ),
        (
            "Дадайце «{name}» на яго месца ў «{parent}».",
            "Добавьте «{name}» на его место в «{parent}».",
            "Add “{name}” in its place in “{parent}”.",
        ),
    ),
    "SCHEMA-MISSING-ATTRIBUTE": (
        (
            "У «{name}» не хапае атрыбута «{attribute}».",
            "У «{name}» не хватает атрибута «{attribute}».",
            "“{name}” lacks the attribute “{attribute}”.",
        ),
        (
            "Дадайце атрыбут «{attribute}».",
            "Добавьте атрибут «{attribute}».",
            "Add the attribute “{attribute}”.",
        ),
    ),
    "SCHEMA-ATTRIBUTE": (
        (
            "Атрыбут «{attribute}» у «{name}» не прадугледжаны.",
            "Атрибут «{attribute}» у «{name}» не предусмотрен.",
            "“{name}” does not take the attribute “{attribute}”.",
        ),
        (
            "Выдаліце атрыбут «{attribute}».",
            "Удалите атрибут «{attribute}».",
            "Remove the attribute “{attribute}”.",
        ),
    ),
    "SCHEMA-ATTRIBUTE-VALUE": (
        (
            "Атрыбут «{attribute}» у «{name}» мае не тую форму.",
            "Атрибут «{attribute}» у «{name}» имеет не ту форму.",
            "The attribute “{attribute}” of “{name}” does not have the right form.",
        ),
        (
            "Запішыце код з яго спіса: currencyID тры вялікія літары (EUR), unitCode код Rec 20 (KGM), formatCode 102 або 304.",
            "Запишите код из его списка: currencyID три заглавные буквы (EUR), unitCode код Rec 20 (KGM), formatCode 102 или 304.",
            "Write a code of its list: currencyID three capital letters (EUR), unitCode a Rec 20 code (KGM), formatCode 102 or 304.",
        ),
    ),
    "SCHEMA-CONTENT": (
        (
            "У «{name}» тэкст і элементы змешаны: тут магчыма толькі адно з двух.",
            "В «{name}» текст и элементы смешаны: здесь возможно только одно из двух.",
            "“{name}” mixes text and elements: it takes only one of the two.",
        ),
        (
            "Выдаліце лішні тэкст або ўкладзеныя элементы.",
            "Удалите лишний текст или вложенные элементы.",
            "Remove the stray text or the nested elements.",
        ),
    ),
    "SCHEMA-LENGTH": (
        (
            "«{name}» мае {length} знакаў, а фармат {format}.",
            "В «{name}» {length} знаков, а формат {format}.",
            "“{name}” has {length} characters; its format is {format}.",
        ),
        (
            "Скараціце або выпраўце значэнне да фармату {format}.",
            "Сократите или исправьте значение до формата {format}.",
            "Shorten or correct the value to the format {format}.",
        ),
    ),
    "SCHEMA-NUMBER": (
        (
            "«{name}» не лік фармату {format}.",
            "«{name}» не число формата {format}.",
            "“{name}” is not a number of the format {format}.",
        ),
        (
            "Запішыце лік лічбамі з кропкай для дробнай часткі, без прабелаў, косак і адзінак.",
            "Запишите число цифрами с точкой для дробной части, без пробелов, запятых и единиц.",
            "Write the number in digits with a point for decimals, without spaces, commas or units.",
        ),
    ),
    "SCHEMA-DATE": (
        (
            "«{name}» запісана не як дата.",
            "«{name}» записано не как дата.",
            "“{name}” is not written as a date.",
        ),
        (
            "Запішыце ГГГГММДД (20261122) або ГГГГММДДггххссZ.",
            "Запишите ГГГГММДД (20261122) или ГГГГММДДччммссZ.",
            "Write YYYYMMDD (20261122) or YYYYMMDDhhmmssZ.",
        ),
    ),
    "SCHEMA-EMPTY": (
        ("«{name}» пусты.", "«{name}» пуст.", "“{name}” is empty."),
        (
            "Упішыце значэнне або выдаліце элемент.",
            "Впишите значение или удалите элемент.",
            "Write a value or remove the element.",
        ),
    ),
    "SCHEMA-PATTERN": (
        (
            "«{name}» мае не тую форму; фармат {format}.",
            "«{name}» имеет не ту форму; формат {format}.",
            "“{name}” does not have the right form; its format is {format}.",
        ),
        (
            "Выпраўце значэнне да фармату {format} (a літары, n лічбы, an любыя знакі).",
            "Исправьте значение до формата {format} (a буквы, n цифры, an любые знаки).",
            "Correct the value to the format {format} (a letters, n digits, an any characters).",
        ),
    ),
    "SCHEMA-TYPE": (
        (
            "«{name}» не адпавядае фармату {format}.",
            "«{name}» не соответствует формату {format}.",
            "“{name}” does not follow the format {format}.",
        ),
        _MEND,
    ),
    "SCHEMA-VALUE": (
        (
            "Такога значэння ў «{name}» няма.",
            "Такого значения в «{name}» нет.",
            "“{name}” does not have that value.",
        ),
        ("Выберыце адно з: {allowed}.", "Выберите одно из: {allowed}.", "Choose one of: {allowed}."),
    ),
    "SCHEMA-OTHER": (
        (
            "«{name}» не адпавядае схеме.",
            "«{name}» не соответствует схеме.",
            "“{name}” does not follow the schema.",
        ),
        _MEND,
    ),
}


def said(code: str, **facts: object) -> tuple[Text, Text]:
    """Return message and remedy of a code with the facts filled in."""
    message, remedy = SENTENCES[code]
    return text(message, **facts), text(remedy, **facts)
