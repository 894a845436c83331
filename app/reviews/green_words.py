"""What is said when a rule for signing off, or a second look, cannot be kept: each sentence and its remedy in three languages."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import Fault, Text


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


WORDS: Mapping[str, tuple[Text, Text]] = {
    "GREEN-MEASURE": (
        _text(
            "Такой меры вашага органа сёння няма.",
            "Такой меры вашего органа сегодня нет.",
            "Your agency has no such measure in force today.",
        ),
        _text("Выберыце меру са спіса.", "Выберите меру из списка.", "Choose a measure from the list."),
    ),
    "GREEN-NEVER": (
        _text(
            "Гэтую меру нельга падпісваць паводле правіла: {because}.",
            "Эту меру нельзя подписывать по правилу: {because}.",
            "This measure is never signed off by a rule: {because}.",
        ),
        _text(
            "Выберыце іншую меру; па гэтай вырашае службовая асоба.",
            "Выберите другую меру; по этой решает должностное лицо.",
            "Choose another measure; on this one an officer decides.",
        ),
    ),
    "GREEN-RELEASE": (
        _text(
            "Мытня выпускае паводле правіла толькі тавары ўпаўнаважанага эканамічнага аператара з гарантыяй.",
            "Таможня выпускает по правилу только товары уполномоченного экономического оператора с гарантией.",
            "Customs lets goods go by a rule only for an authorised economic operator with a guarantee.",
        ),
        _text(
            "Выберыце як доказ «упаўнаважаны эканамічны аператар».",
            "Выберите доказательством «уполномоченный экономический оператор».",
            "Choose “authorised economic operator” as the proof.",
        ),
    ),
    "GREEN-NAME": (
        _text(
            "У правіла няма назвы, або яна задоўгая.",
            "У правила нет названия, или оно слишком длинное.",
            "The rule has no name, or too long a one.",
        ),
        _text(
            "Назавіце правіла так, каб яго пазнаў іншы начальнік: да {limit} знакаў.",
            "Назовите правило так, чтобы его узнал другой начальник: до {limit} знаков.",
            "Name the rule so that another supervisor knows it: up to {limit} signs.",
        ),
    ),
    "GREEN-PROOF": (
        _text(
            "Не выбрана, чым пацвярджаюцца дакументы.",
            "Не выбрано, чем подтверждаются документы.",
            "It is not said what proves the documents.",
        ),
        _text(
            "Выберыце рэестр або від акрэдытацыі.",
            "Выберите реестр или вид аккредитации.",
            "Choose a registry or a kind of accreditation.",
        ),
    ),
    "GREEN-SHARE": (
        _text(
            "Доля паўторнага погляду — не лік ад 0 да 1000.",
            "Доля повторного взгляда — не число от 0 до 1000.",
            "The share of second looks is not a number from 0 to 1000.",
        ),
        _text(
            "Увядзіце тысячныя долі: 100 — кожны дзясяты падпіс.",
            "Введите тысячные доли: 100 — каждая десятая подпись.",
            "Write thousandths: 100 is every tenth sign-off.",
        ),
    ),
    "GREEN-FROM": (
        _text(
            "Першы дзень — не дзень ад сённяшняга да наступнага года.",
            "Первый день — не день от сегодняшнего до следующего года.",
            "The first day is not a day from today to a year from now.",
        ),
        _text(
            "Увядзіце дзень, месяц і год: 22.11.2026.",
            "Введите день, месяц и год: 22.11.2026.",
            "Write day, month, year: 22.11.2026.",
        ),
    ),
    "SECOND-LOOK-FOUND": (
        _text(
            "Не выбрана, што паказаў паўторны погляд.",
            "Не выбрано, что показал повторный взгляд.",
            "It is not said what the second look found.",
        ),
        _text("Выберыце адказ.", "Выберите ответ.", "Choose an answer."),
    ),
    "SECOND-LOOK-NOTE": (
        _text(
            "Не сказана, чым ваша рашэнне было б іншым, або тэкст задоўгі.",
            "Не сказано, чем ваше решение было бы иным, или текст слишком длинный.",
            "It is not said how you would have decided otherwise, or the text is too long.",
        ),
        _text(
            "Напішыце коратка, што вы ўбачылі: да {limit} знакаў.",
            "Напишите коротко, что вы увидели: до {limit} знаков.",
            "Write briefly what you saw: up to {limit} signs.",
        ),
    ),
}


def fault(code: str, field: str, value: str = "", **figures: object) -> Fault:
    """Return a fault of this room at a field, with its figures filled in."""
    message, remedy = (
        {language: text.format(**figures) for language, text in one.items()} for one in WORDS[code]
    )  # fmt: skip
    return Fault(code, message, remedy, value=value[:200], field=field)


def never(field: str, value: str, because: Text) -> Fault:
    """Return the fault of a measure that no rule may sign off, with why."""
    message, remedy = WORDS["GREEN-NEVER"]
    said = {language: text.format(because=because[language]) for language, text in message.items()}
    return Fault("GREEN-NEVER", said, remedy, value=value[:200], field=field)
