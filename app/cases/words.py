"""What is said of a check after release: its grounds, kinds of findings, weights; and the faults of its forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.errors import Fault, Text

GROUNDS: Mapping[str, Any] = {
    "hand": _l("by decision of the agency"),
    "risk": _l("a risk was seen"),
    "alert": _l("an alert came in"),
    "draw": _l("drawn at random"),
}
"""Why a check is made. The trader is told that there is one, never why."""

KINDS: Mapping[str, Any] = {
    "none": _l("everything as declared"),
    "not-shown": _l("documents were not shown"),
    "document": _l("a document is not genuine or does not fit"),
    "goods": _l("other goods than declared"),
    "code": _l("another goods code"),
    "origin": _l("another origin"),
    "value": _l("another customs value"),
    "quantity": _l("another quantity"),
    "use": _l("conditions of the release are not kept"),
    "other": _l("something else"),
}
"""What can be found, after the headings of article 340 and of the acts of control (our own list)."""

WEIGHTS: Mapping[str, Any] = {"none": _l("no finding"), "minor": _l("minor"), "serious": _l("serious")}
"""How heavy a finding is, the lightest first."""

_WORDS: Mapping[str, tuple[Text, Text]] = {
    "PCC-TEXT": (
        {"be": "Не напісана, што трэба паказаць.", "ru": "Не написано, что нужно показать.", "en": "It is not written what is to be shown."},
        {"be": "Напішыце двума-трыма сказамі; гэта чытае ўдзельнік ЗЭД.", "ru": "Напишите двумя-тремя предложениями; это читает участник ВЭД.", "en": "Write two or three sentences; the trader reads them."},
    ),
    "PCC-LONG": (
        {"be": "Тэкст даўжэйшы за {most} знакаў.", "ru": "Текст длиннее {most} знаков.", "en": "The text is longer than {most} characters."},
        {"be": "Напішыце карацей.", "ru": "Напишите короче.", "en": "Write less."},
    ),
    "PCC-REASON": (
        {"be": "Не напісана, чаму.", "ru": "Не написано, почему.", "en": "It is not written why."},
        {"be": "Напішыце адным-двума сказамі; гэта чытаюць толькі ваша ведамства і аўдытар.", "ru": "Напишите одним-двумя предложениями; это читают только ваше ведомство и аудитор.", "en": "Write a sentence or two; only your agency and the auditor read them."},
    ),
    "PCC-GROUND": (
        {"be": "Падстава не выбрана.", "ru": "Основание не выбрано.", "en": "No ground is chosen."},
        {"be": "Выберыце, што стала падставай праверкі.", "ru": "Выберите, что стало основанием проверки.", "en": "Choose what gave rise to the check."},
    ),
    "PCC-ITEMS": (
        {"be": "Не выбраны выпушчаныя тавары.", "ru": "Не выбраны выпущенные товары.", "en": "No released goods item is chosen."},
        {"be": "Адзначце хаця б адну пазіцыю, якая ўжо выпушчана.", "ru": "Отметьте хотя бы одну позицию, которая уже выпущена.", "en": "Tick at least one goods item that is released."},
    ),
    "PCC-WANTED": (
        {"be": "Дакумента «{value}» няма ў класіфікатары.", "ru": "Документа «{value}» нет в классификаторе.", "en": "The classifier has no document “{value}”."},
        {"be": "Выберыце код са спіса; некалькі кодаў падзяліце прабеламі.", "ru": "Выберите код из списка; несколько кодов разделите пробелами.", "en": "Take a code from the list; part several codes by blanks."},
    ),
    "PCC-DAYS": (
        {"be": "Тэрмін не выбраны.", "ru": "Срок не выбран.", "en": "No deadline is chosen."},
        {"be": "Выберыце, колькі рабочых дзён ёсць на адказ.", "ru": "Выберите, сколько рабочих дней есть на ответ.", "en": "Choose how many working days there are for the answer."},
    ),
    "PCC-EMPTY": (
        {"be": "Адказ пусты.", "ru": "Ответ пуст.", "en": "The answer is empty."},
        {"be": "Напішыце адказ або дадайце хаця б адзін файл.", "ru": "Напишите ответ или приложите хотя бы один файл.", "en": "Write an answer or add at least one file."},
    ),
    "PCC-KIND": (
        {"be": "Вынік не выбраны.", "ru": "Результат не выбран.", "en": "No result is chosen."},
        {"be": "Выберыце, што знойдзена, або «усё як заяўлена».", "ru": "Выберите, что найдено, или «всё как заявлено».", "en": "Choose what was found, or “everything as declared”."},
    ),
    "PCC-WEIGHT": (
        {"be": "Вага не адпавядае выніку.", "ru": "Тяжесть не соответствует результату.", "en": "The weight does not fit the result."},
        {"be": "«Усё як заяўлена» не мае вагі; усё іншае — нязначнае або сур’ёзнае.", "ru": "«Всё как заявлено» не имеет тяжести; всё остальное — незначительное или серьёзное.", "en": "“Everything as declared” has no weight; anything else is minor or serious."},
    ),
    "PCC-CONCLUSION": (
        {"be": "Выснова не напісана.", "ru": "Вывод не написан.", "en": "The conclusion is not written."},
        {"be": "Напішыце, што праверана і што з гэтага вынікае; гэта чытае ўдзельнік ЗЭД.", "ru": "Напишите, что проверено и что из этого следует; это читает участник ВЭД.", "en": "Write what was checked and what follows from it; the trader reads it."},
    ),
    "PCC-ACT": (
        {"be": "Няма нумара акта.", "ru": "Нет номера акта.", "en": "The number of the act is missing."},
        {"be": "Сур’ёзны вынік патрабуе акта: напішыце яго нумар, да 35 знакаў.", "ru": "Серьёзный результат требует акта: напишите его номер, до 35 знаков.", "en": "A serious finding needs an act: write its number, at most 35 characters."},
    ),
}  # fmt: skip


def fault(code: str, field: str, *, value: str = "", **words: object) -> Fault:
    """Return a fault of a form by its code, at its field. Raises KeyError for an unknown code."""
    message, remedy = _WORDS[code]
    words |= {"value": value[:200]}
    said = {language: text.format(**words) for language, text in message.items()}
    return Fault(code=code, message=said, remedy=remedy, value=value[:200], field=field)
