"""What the room of rulings says when something cannot be kept: each sentence and its remedy in three languages."""

from __future__ import annotations

from app.errors import Fault, Text


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


WORDS: dict[str, tuple[Text, Text]] = {
    "RULING-NUMBER": (
        _text("Нумара рашэння няма, або ў ім іншыя знакі.", "Номера решения нет, или в нём другие знаки.", "The number of the ruling is missing, or has other signs."),
        _text(
            "Увядзіце нумар з рашэння: лацінскія літары, лічбы, рыса, касая рыса і кропка, да 50 знакаў.",
            "Введите номер из решения: латинские буквы, цифры, дефис, косая черта и точка, до 50 знаков.",
            "Write the number on the ruling: Latin letters, digits, hyphen, slash and dot, up to 50 signs.",
        ),
    ),
    "RULING-NUMBER-TAKEN": (
        _text(
            "Рашэнне з такім нумарам ужо ёсць.",
            "Решение с таким номером уже есть.",
            "There is a ruling with this number already.",
        ),
        _text(
            "Зверце нумар. Рашэнне не выпраўляюць: яго спыняюць і ўносяць новае.",
            "Сверьте номер. Решение не исправляют: его прекращают и вносят новое.",
            "Check the number. A ruling is never changed: it is ended, and a new one entered.",
        ),
    ),
    "RULING-KIND-MISSING": (
        _text("Не выбрана, пра што рашэнне.", "Не выбрано, о чём решение.", "It is not said what the ruling is about."),
        _text(
            "Выберыце: класіфікацыя, паходжанне або мытная вартасць.",
            "Выберите: классификация, происхождение или таможенная стоимость.",
            "Choose classification, origin or customs value.",
        ),
    ),
    "RULING-HOLDER-UNKNOWN": (
        _text(
            "Арганізацыі з такім УНП тут няма.",
            "Организации с таким УНП здесь нет.",
            "No trader is registered here under this UNP.",
        ),
        _text(
            "Увядзіце дзевяць знакаў УНП таго, каму дадзена рашэнне.",
            "Введите девять знаков УНП того, кому дано решение.",
            "Write the nine signs of the UNP of the trader to whom it was given.",
        ),
    ),
    "RULING-OWN": (
        _text(
            "Вы працуеце і ў гэтай арганізацыі.",
            "Вы работаете и в этой организации.",
            "You work for this organisation too.",
        ),
        _text(
            "Няхай рашэнне ўнясе іншы начальнік.",
            "Пусть решение внесёт другой начальник.",
            "Another supervisor enters this ruling.",
        ),
    ),
    "RULING-GOODS": (
        _text("Не апісаны тавар.", "Не описан товар.", "The goods are not described."),
        _text(
            "Апішыце тавар так, як у рашэнні, да 4000 знакаў.",
            "Опишите товар так, как в решении, до 4000 знаков.",
            "Describe the goods as the ruling does, up to 4000 signs.",
        ),
    ),
    "RULING-CODE": (
        _text(
            "Код тавару не з дзесяці лічбаў або яго няма ў Гарманізаванай сістэме.",
            "Код товара не из десяти цифр или его нет в Гармонизированной системе.",
            "The goods code has not ten digits, or the Harmonised System has it not.",
        ),
        _text(
            "Увядзіце дзесяць лічбаў кода; для класіфікацыі код абавязковы.",
            "Введите десять цифр кода; для классификации код обязателен.",
            "Write the ten digits; a classification ruling needs them.",
        ),
    ),
    "RULING-ORIGIN": (
        _text("Не пазначана краіна паходжання.", "Не указана страна происхождения.", "The country of origin is missing."),
        _text(
            "Увядзіце дзве літары кода або назву краіны.",
            "Введите две буквы кода или название страны.",
            "Write the two letters of the country, or its name.",
        ),
    ),
    "RULING-METHOD": (
        _text(
            "Не выбраны метад вызначэння мытнай вартасці.",
            "Не выбран метод определения таможенной стоимости.",
            "No method of customs valuation is chosen.",
        ),
        _text("Выберыце адзін з шасці метадаў.", "Выберите один из шести методов.", "Choose one of the six methods."),
    ),
    "RULING-REASONS": (
        _text("Рашэнне не абгрунтавана.", "Решение не обосновано.", "The ruling gives no reasons."),
        _text(
            "Напішыце, чаму так вырашана і паводле якой нормы, да 4000 знакаў.",
            "Напишите, почему так решено и по какой норме, до 4000 знаков.",
            "Say why it was ruled so and by which provision, up to 4000 signs.",
        ),
    ),
    "RULING-DAY": (
        _text("Няма такога дня.", "Нет такого дня.", "There is no such day."),
        _text(
            "Увядзіце дзень, месяц і год, напрыклад 22.11.2026.",
            "Введите день, месяц и год, например 22.11.2026.",
            "Write the date as day.month.year, for example 22.11.2026.",
        ),
    ),
    "RULING-DAYS-ORDER": (
        _text(
            "Апошні дзень дзеяння раней за першы.",
            "Последний день действия раньше первого.",
            "The last day comes before the first.",
        ),
        _text("Выпраўце адзін з двух дзён.", "Исправьте один из двух дней.", "Correct one of the two days."),
    ),
    "RULING-PUBLISHED-BOTH": (
        _text(
            "Для публічнага рэестра запоўнена толькі адно поле з двух.",
            "Для публичного реестра заполнено только одно поле из двух.",
            "Only one of the two boxes of the public register is filled in.",
        ),
        _text(
            "Запоўніце тавар і абгрунтаванне, або пакіньце абодва пустымі.",
            "Заполните товар и обоснование, или оставьте оба пустыми.",
            "Fill in goods and reasons, or leave both empty.",
        ),
    ),
    "RULING-PUBLISHED-HOLDER": (
        _text(
            "Тэкст для публічнага рэестра называе таго, каму дадзена рашэнне.",
            "Текст для публичного реестра называет того, кому дано решение.",
            "The text for the public register names the holder.",
        ),
        _text(
            "Прыбярыце назву і УНП: рэестр чытаюць усе.",
            "Уберите название и УНП: реестр читают все.",
            "Take the name and the UNP out: everybody reads the register.",
        ),
    ),
    "RULING-END-REASON": (
        _text("Не сказана, чаму рашэнне спыняецца.", "Не сказано, почему решение прекращается.", "It is not said why the ruling ends."),
        _text(
            "Напішыце прычыну: яе прачытае той, каму дадзена рашэнне.",
            "Напишите причину: её прочтёт тот, кому дано решение.",
            "Write the reason: the holder reads it.",
        ),
    ),
}  # fmt: skip


def fault(code: str, field: str, value: str = "") -> Fault:
    """Return the fault of a box of the form."""
    message, remedy = WORDS[code]
    return Fault(code, message, remedy, value=value, field=field)
