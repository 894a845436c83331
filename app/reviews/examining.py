"""Examining a decision before it is taken: is every goods item decided once, and does each outcome carry what it must.

Pure: values in, faults out, all at once, each at its form field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.errors import Fault, Text
from app.reviews.worst import APPROVED, CONDITIONS, REFUSED, clears

OUTCOMES = (APPROVED, CONDITIONS, REFUSED)
LONGEST = {"conditions": 4000, "legal_ground": 1000, "appeal_office": 160, "appeal_contact": 160}
"""Characters allowed in each text of a decision."""
MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What an officer decides on one goods item; ``outcome`` is approved, conditions or refused."""

    number: int
    outcome: str
    reason_code: str = ""
    conditions: str = ""
    legal_ground: str = ""
    appeal_office: str = ""
    appeal_contact: str = ""
    appeal_days: int | None = None

    def tidy(self) -> ItemDecision:
        """Return the decision with only what its outcome carries: an approval has no ground and no appeal."""
        if self.outcome == REFUSED:
            return self
        kept = self.conditions if self.outcome == CONDITIONS else ""
        reason = self.reason_code if self.outcome == CONDITIONS else ""
        return ItemDecision(self.number, self.outcome, reason, kept)


def examine(
    numbers: Sequence[int],
    decisions: Sequence[ItemDecision],
    *,
    reasons: Collection[str],
    refused_by: Mapping[int, Text],
) -> list[Fault]:
    """Return every fault of a decision on the goods items ``numbers``; an empty list when it can be taken.

    ``reasons``: codes of the agency's pick-list. ``refused_by``: per item, the names of the agencies that refused it.
    """
    return list(_whole(numbers, decisions)) + [
        fault for decision in decisions if decision.number in numbers for fault in _one(decision, reasons, refused_by)
    ]


def _whole(numbers: Sequence[int], decisions: Sequence[ItemDecision]) -> Iterator[Fault]:
    counted = Counter(decision.number for decision in decisions)
    for number in numbers:
        if not counted[number]:
            yield _fault("DECISION-ITEM-MISSING", number, "outcome")
        elif counted[number] > 1:
            yield _fault("DECISION-ITEM-TWICE", number, "outcome")
    for number in counted:
        if number not in numbers:
            yield _fault("DECISION-ITEM-FOREIGN", number, "outcome")


def _one(decision: ItemDecision, reasons: Collection[str], refused_by: Mapping[int, Text]) -> Iterator[Fault]:
    number = decision.number
    if decision.outcome not in OUTCOMES:
        yield _fault("DECISION-OUTCOME", number, "outcome", decision.outcome)
        return
    if decision.outcome == CONDITIONS and not decision.conditions.strip():
        yield _fault("DECISION-CONDITIONS-MISSING", number, "conditions")
    if decision.outcome == REFUSED:
        yield from _refusal(decision, reasons)
    if clears(decision.outcome) and number in refused_by:
        yield _fault("DECISION-AGENCY-REFUSED", number, "outcome", agencies=refused_by[number])
    yield from _too_long(decision)


def _refusal(decision: ItemDecision, reasons: Collection[str]) -> Iterator[Fault]:
    if decision.reason_code not in reasons:
        yield _fault("DECISION-REASON-MISSING", decision.number, "reason_code", decision.reason_code)
    if not decision.legal_ground.strip():
        yield _fault("DECISION-GROUND-MISSING", decision.number, "legal_ground")
    if not decision.appeal_office.strip():
        yield _fault("DECISION-APPEAL-OFFICE", decision.number, "appeal_office")
    if not decision.appeal_contact.strip():
        yield _fault("DECISION-APPEAL-CONTACT", decision.number, "appeal_contact")
    if decision.appeal_days is None or not 1 <= decision.appeal_days <= MOST_DAYS:
        yield _fault("DECISION-APPEAL-DAYS", decision.number, "appeal_days")


def _too_long(decision: ItemDecision) -> Iterator[Fault]:
    for field, most in LONGEST.items():
        text = getattr(decision, field)
        if len(text) > most:
            yield _fault("DECISION-TOO-LONG", decision.number, field, text, most=most, long=len(text))


def field_name(number: int, field: str) -> str:
    """Return the form's name for a field of a goods item: ``item-2-outcome``."""
    return f"item-{number}-{field}"


def _fault(code: str, number: int, field: str, value: str = "", **words: object) -> Fault:
    message, remedy = _TEXTS[code]
    words |= {"n": number, "value": value}
    path = f"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[{number}]"
    return Fault(
        code, _say(message, words), _say(remedy, words), path=path, value=value[:200], field=field_name(number, field)
    )


def _say(text: Text, words: Mapping[str, object]) -> Text:
    return {
        language: sentence.format(
            **{name: word[language] if isinstance(word, Mapping) else word for name, word in words.items()}
        )
        for language, sentence in text.items()
    }


def _t(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


_TEXTS: Mapping[str, tuple[Text, Text]] = {
    "DECISION-ITEM-MISSING": (
        _t("Па тавары № {n} няма рашэння.", "По товару № {n} нет решения.", "Goods item {n} has no decision."),
        _t(
            "Выберыце для яго адзін з трох вынікаў.",
            "Выберите для него один из трёх результатов.",
            "Choose one of the three outcomes for it.",
        ),
    ),
    "DECISION-ITEM-TWICE": (
        _t("Па тавары № {n} два рашэнні.", "По товару № {n} два решения.", "Goods item {n} is decided twice."),
        _t("Пакіньце адно.", "Оставьте одно.", "Keep one of them."),
    ),
    "DECISION-ITEM-FOREIGN": (
        _t(
            "Тавар № {n} не ўваходзіць у гэту справу.",
            "Товар № {n} не входит в это дело.",
            "Goods item {n} is not part of this case.",
        ),
        _t("Прыбярыце яго з рашэння.", "Уберите его из решения.", "Leave it out of the decision."),
    ),
    "DECISION-OUTCOME": (
        _t(
            "Вынік «{value}» для тавару № {n} невядомы.",
            "Результат «{value}» для товара № {n} неизвестен.",
            "The outcome “{value}” for goods item {n} is not known.",
        ),
        _t(
            "Ужыйце approved, conditions або refused.",
            "Используйте approved, conditions или refused.",
            "Use approved, conditions or refused.",
        ),
    ),
    "DECISION-CONDITIONS-MISSING": (
        _t(
            "Тавар № {n} адобраны з умовамі, але ўмовы не названы.",
            "Товар № {n} одобрен с условиями, но условия не названы.",
            "Goods item {n} is approved with conditions, but none is written.",
        ),
        _t(
            "Напішыце ўмовы так, як іх прачытае заяўнік.",
            "Напишите условия так, как их прочтёт заявитель.",
            "Write the conditions as the trader will read them.",
        ),
    ),
    "DECISION-REASON-MISSING": (
        _t(
            "Для адмовы па тавары № {n} не выбрана прычына.",
            "Для отказа по товару № {n} не выбрана причина.",
            "The refusal of goods item {n} has no reason from the list.",
        ),
        _t("Выберыце прычыну са спіса.", "Выберите причину из списка.", "Choose a reason from the list."),
    ),
    "DECISION-GROUND-MISSING": (
        _t(
            "Для адмовы па тавары № {n} не названа прававая падстава.",
            "Для отказа по товару № {n} не названо правовое основание.",
            "The refusal of goods item {n} names no legal ground.",
        ),
        _t(
            "Назавіце акт і яго артыкул або пункт.",
            "Назовите акт и его статью или пункт.",
            "Name the act and its article or point.",
        ),
    ),
    "DECISION-APPEAL-OFFICE": (
        _t(
            "Не сказана, куды абскардзіць адмову па тавары № {n}.",
            "Не сказано, куда обжаловать отказ по товару № {n}.",
            "It is not said where the refusal of goods item {n} can be appealed.",
        ),
        _t("Назавіце ведамства або суд.", "Назовите ведомство или суд.", "Name the body or court."),
    ),
    "DECISION-APPEAL-CONTACT": (
        _t(
            "Няма кантакту ведамства або суда, куды абскардзіць адмову па тавары № {n}.",
            "Нет контакта ведомства или суда, куда обжаловать отказ по товару № {n}.",
            "The body for the appeal on goods item {n} has no contact.",
        ),
        _t("Дайце адрас, тэлефон або сайт.", "Дайте адрес, телефон или сайт.", "Give an address, telephone or site."),
    ),
    "DECISION-APPEAL-DAYS": (
        _t(
            "Тэрмін абскарджання для тавару № {n} павінен быць цэлым лікам дзён ад 1.",
            "Срок обжалования для товара № {n} должен быть целым числом дней от 1.",
            "The time limit of the appeal for goods item {n} must be a whole number of days, from 1.",
        ),
        _t("Напрыклад: 365.", "Например: 365.", "For example: 365."),
    ),
    "DECISION-AGENCY-REFUSED": (
        _t(
            "Тавар № {n} нельга адобрыць: яму адмовіла іншае ведамства ({agencies}).",
            "Товар № {n} нельзя одобрить: ему отказало другое ведомство ({agencies}).",
            "Goods item {n} cannot be approved: another agency refused it ({agencies}).",
        ),
        _t(
            "Адмоўце гэтаму тавару; астатнія можна выпусціць.",
            "Откажите этому товару; остальные можно выпустить.",
            "Refuse this item; the others can be released.",
        ),
    ),
    "DECISION-TOO-LONG": (
        _t(
            "Тэкст для тавару № {n} задоўгі: {long} знакаў.",
            "Текст для товара № {n} слишком длинный: {long} знаков.",
            "The text for goods item {n} is too long: {long} characters.",
        ),
        _t("Скараціце да {most} знакаў.", "Сократите до {most} знаков.", "Shorten it to {most} characters."),
    ),
}
