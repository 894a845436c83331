"""What is said about an absence that cannot be entered, in three languages: what is wrong, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import Text


def _t(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


FAULTS: Mapping[str, tuple[Text, Text]] = {
    "ABSENCE-OFFICER": (
        _t("Не выбрана, хто адсутнічае.", "Не выбрано, кто отсутствует.", "It is not said who is away."),
        _t("Выберыце службовую асобу са спіса.", "Выберите сотрудника из списка.", "Choose the officer from the list."),
    ),
    "ABSENCE-FROM": (
        _t("Першы дзень адсутнасці не названы.", "Первый день отсутствия не назван.", "The first day is missing."),
        _t("Назавіце дзень: напрыклад, 2026-11-23.", "Назовите день: например, 2026-11-23.", "Name a day: 2026-11-23."),
    ),
    "ABSENCE-UNTIL": (
        _t("Апошні дзень адсутнасці не названы.", "Последний день отсутствия не назван.", "The last day is missing."),
        _t("Назавіце дзень: напрыклад, 2026-11-30.", "Назовите день: например, 2026-11-30.", "Name a day: 2026-11-30."),
    ),
    "ABSENCE-BACKWARDS": (
        _t(
            "Апошні дзень адсутнасці раней за першы.",
            "Последний день отсутствия раньше первого.",
            "The last day comes before the first.",
        ),
        _t("Памяняйце дні месцамі.", "Поменяйте дни местами.", "Swap the two days."),
    ),
    "ABSENCE-OVER": (
        _t("Гэтая адсутнасць ужо скончылася.", "Это отсутствие уже закончилось.", "This absence is over already."),
        _t(
            "Назавіце апошнім сённяшні або пазнейшы дзень.",
            "Назовите последним сегодняшний или более поздний день.",
            "Let it last until today or a later day.",
        ),
    ),
    "ABSENCE-LONG": (
        _t(
            "Адсутнасць даўжэйшая за год.",
            "Отсутствие дольше года.",
            "The absence is longer than a year.",
        ),
        _t(
            "Калі чалавек больш не працуе, скончыце яго членства.",
            "Если человек больше не работает, завершите его членство.",
            "Where somebody has left, end the membership instead.",
        ),
    ),
    "ABSENCE-FAR": (
        _t(
            "Адсутнасць пачынаецца больш чым праз год.",
            "Отсутствие начинается более чем через год.",
            "The absence begins more than a year from now.",
        ),
        _t(
            "Праверце год у даце.",
            "Проверьте год в дате.",
            "Look at the year of the date.",
        ),
    ),
    "ABSENCE-TWICE": (
        _t(
            "На гэтыя дні адсутнасць гэтага чалавека ўжо запісана.",
            "На эти дни отсутствие этого человека уже записано.",
            "This officer's absence on these days is entered already.",
        ),
        _t(
            "Скончыце запісаную або выберыце іншыя дні.",
            "Завершите записанное или выберите другие дни.",
            "End the one entered or choose other days.",
        ),
    ),
    "ABSENCE-SELF": (
        _t(
            "Ніхто не можа замяшчаць сам сябе.",
            "Никто не может замещать сам себя.",
            "Nobody stands in for themselves.",
        ),
        _t("Выберыце іншага чалавека.", "Выберите другого человека.", "Choose somebody else."),
    ),
    "ABSENCE-STAND-IN-AWAY": (
        _t(
            "Той, хто мае замяшчаць, у гэтыя дні таксама адсутнічае.",
            "Тот, кто должен замещать, в эти дни тоже отсутствует.",
            "The one who is to stand in is away on these days too.",
        ),
        _t("Выберыце іншага чалавека.", "Выберите другого человека.", "Choose somebody else."),
    ),
}
