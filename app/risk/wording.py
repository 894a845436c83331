"""What the room of indicators says when one cannot be kept: each sentence and its remedy in three languages."""

from __future__ import annotations

from collections.abc import Sequence

from app.errors import Fault, Text


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


WORDS: dict[str, tuple[Text, Text]] = {
    "CONDITION-EMPTY": (
        _text("Умова {place} пустая.", "Условие {place} пустое.", "Condition {place} is empty."),
        _text("Дадайце хаця б адзін факт.", "Добавьте хотя бы один факт.", "Add at least one fact."),
    ),
    "CONDITION-SHAPE": (
        _text("Умову {place} немагчыма прачытаць.", "Условие {place} нельзя прочитать.", "Condition {place} cannot be read."),
        _text(
            "Умова — гэта all, any, not, факт (fact, op, value) або спасылка на індыкатар.",
            "Условие — это all, any, not, факт (fact, op, value) или ссылка на индикатор.",
            "A condition is all, any, not, a fact (fact, op, value) or the code of an indicator.",
        ),
    ),
    "CONDITION-DEEP": (
        _text("Умова {place} укладзена глыбей за {limit} узроўняў.", "Условие {place} вложено глубже {limit} уровней.", "Condition {place} lies deeper than {limit} levels."),
        _text("Спрасціце яе або падзяліце індыкатар на два.", "Упростите его или разделите индикатор на два.", "Make it plainer, or split the indicator in two."),
    ),
    "CONDITION-LONG": (
        _text("Фактаў больш за {limit}.", "Фактов больше {limit}.", "There are more than {limit} facts."),
        _text("Падзяліце індыкатар на два.", "Разделите индикатор на два.", "Split the indicator in two."),
    ),
    "CONDITION-FACT": (
        _text("Ва ўмове {place} названы факт, якога няма.", "В условии {place} назван факт, которого нет.", "Condition {place} names a fact that does not exist."),
        _text("Выберыце факт са спіса.", "Выберите факт из списка.", "Choose a fact of the list."),
    ),
    "CONDITION-PARAMETER": (
        _text("Ва ўмове {place} няма ўдакладнення факта «{name}», або яно не такое.", "В условии {place} нет уточнения факта «{name}», или оно не такое.", "Condition {place} lacks a detail of the fact ({name}), or it cannot be that."),
        _text(
            "Упішыце: код тавару 2–10 лічбаў (некалькі — праз +), месяцы 1–36, дні 1–1095, код віду дакумента.",
            "Впишите: код товара 2–10 цифр (несколько — через +), месяцы 1–36, дни 1–1095, код вида документа.",
            "Write goods as 2 to 10 digits (several with +), months 1 to 36, days 1 to 1095, the code of a kind of document.",
        ),
    ),
    "CONDITION-OPERATOR": (
        _text("Ва ўмове {place} параўнанне не пасуе да факта.", "В условии {place} сравнение не подходит к факту.", "Condition {place} has an operator that does not fit its fact."),
        _text("Выберыце адно з: {allowed}.", "Выберите одно из: {allowed}.", "Choose one of: {allowed}."),
    ),
    "CONDITION-VALUE": (
        _text("Ва ўмове {place} значэнне не пасуе да факта.", "В условии {place} значение не подходит к факту.", "Condition {place} has a value that does not fit its fact."),
        _text("Увядзіце: {wanted}.", "Введите: {wanted}.", "Write: {wanted}."),
    ),
    "CONDITION-CODE": (
        _text("Ва ўмове {place} названы код, якога няма ў спісе.", "В условии {place} назван код, которого нет в списке.", "Condition {place} names a code that its list does not hold."),
        _text("Зверце код: {wanted}.", "Сверьте код: {wanted}.", "Check the code: {wanted}."),
    ),
    "CONDITION-OTHER": (
        _text("Ва ўмове {place} параўноўваюцца факты розных адзінак.", "В условии {place} сравниваются факты разных единиц.", "Condition {place} compares facts of different units."),
        _text("Выберыце другі факт той самай адзінкі.", "Выберите второй факт той же единицы.", "Choose a second fact of the same unit."),
    ),
    "CONDITION-NEVER": (
        _text("Умова {place} ніколі не можа споўніцца: яе часткі супярэчаць адна адной.", "Условие {place} никогда не может выполниться: его части противоречат друг другу.", "Condition {place} can never hold: its parts contradict each other."),
        _text("Змяніце адно са значэнняў факта «{fact}».", "Измените одно из значений факта «{fact}».", "Change one of the values for “{fact}”."),
    ),
    "CONDITION-REFERENCE": (
        _text("Ва ўмове {place} названы індыкатар {indicator}, якога няма або якім з вамі не дзеляцца.", "В условии {place} назван индикатор {indicator}, которого нет или которым с вами не делятся.", "Condition {place} names the indicator {indicator}, which does not exist or is not shared with you."),
        _text("Зверце код індыкатара.", "Сверьте код индикатора.", "Check the code of the indicator."),
    ),
    "CONDITION-CYCLE": (
        _text("Індыкатары спасылаюцца адзін на аднаго па крузе: {chain}.", "Индикаторы ссылаются друг на друга по кругу: {chain}.", "The indicators refer to each other in a circle: {chain}."),
        _text("Прыбярыце адну са спасылак.", "Уберите одну из ссылок.", "Take one of the references out."),
    ),
    "INDICATOR-TITLE": (
        _text("Няма назвы індыкатара.", "Нет названия индикатора.", "The indicator has no title."),
        _text("Назавіце яго коратка, да {limit} знакаў.", "Назовите его коротко, до {limit} знаков.", "Name it shortly, up to {limit} signs."),
    ),
    "INDICATOR-REASON": (
        _text("Няма прычыны.", "Нет причины.", "There is no reason."),
        _text("Напішыце, чаму, да {limit} знакаў.", "Напишите, почему, до {limit} знаков.", "Write why, up to {limit} signs."),
    ),
    "INDICATOR-LONG": (
        _text("Тэкст занадта доўгі.", "Текст слишком длинный.", "The text is too long."),
        _text("Скараціце да {limit} знакаў.", "Сократите до {limit} знаков.", "Shorten it to {limit} signs."),
    ),
    "INDICATOR-BASIS": (
        _text("Не сказана, на чым індыкатар грунтуецца і як моцна.", "Не сказано, на чём индикатор основан и насколько твёрдо.", "It is not said what the indicator rests on, and how firmly."),
        _text("Назавіце крыніцу і выберыце ступень упэўненасці.", "Назовите источник и выберите степень уверенности.", "Name the source and choose the confidence."),
    ),
    "INDICATOR-PREFIX": (
        _text("Код тавару мае не 2–10 лічбаў, або кодаў больш за 40.", "Код товара имеет не 2–10 цифр, или кодов больше 40.", "A goods code does not have 2 to 10 digits, or there are more than 40."),
        _text("Упішыце пачаткі кодаў лічбамі праз прагал або пакіньце пустым для ўсіх тавараў.", "Впишите начала кодов цифрами через пробел или оставьте пустым для всех товаров.", "Write beginnings of codes in digits with blanks between, or leave it empty for all goods."),
    ),
    "INDICATOR-DIRECTION": (
        _text("Такога напрамку няма.", "Такого направления нет.", "There is no such direction."),
        _text("Выберыце ўвоз, вываз, транзіт або любы.", "Выберите ввоз, вывоз, транзит или любое.", "Choose import, export, transit or any."),
    ),
    "INDICATOR-AGENCY": (
        _text("Ведамства няма ў спісе, або яно ваша, або названа двойчы.", "Ведомства нет в списке, или оно ваше, или названо дважды.", "An agency is not on the list, is your own, or is named twice."),
        _text("Выберыце да дзесяці іншых ведамстваў.", "Выберите до десяти других ведомств.", "Choose up to ten other agencies."),
    ),
    "INDICATOR-WEIGHT": (
        _text("Вага не лік ад 0 да 100.", "Вес не число от 0 до 100.", "The weight is not a number from 0 to 100."),
        _text("Увядзіце цэлы лік ад 0 да 100.", "Введите целое число от 0 до 100.", "Write a whole number from 0 to 100."),
    ),
    "INDICATOR-EFFECT": (
        _text("Не выбрана, што робіць індыкатар.", "Не выбрано, что делает индикатор.", "It is not chosen what the indicator does."),
        _text("Выберыце: толькі вага, не ніжэй за жоўты, чырвоны.", "Выберите: только вес, не ниже жёлтого, красный.", "Choose weight alone, at least yellow, or red."),
    ),
    "INDICATOR-NOTHING": (
        _text("Вага 0 і няма калідора: індыкатар нічога не робіць.", "Вес 0 и нет коридора: индикатор ничего не делает.", "A weight of 0 and no lane: the indicator does nothing."),
        _text("Дайце вагу або выберыце калідор.", "Дайте вес или выберите коридор.", "Give it a weight, or choose a lane."),
    ),
    "INDICATOR-BEGINS": (
        _text("Першы дзень не прачытаны або ўжо мінуў.", "Первый день не прочитан или уже прошёл.", "The first day cannot be read, or has passed."),
        _text("Увядзіце дзень ад сённяшняга: 22.11.2026.", "Введите день начиная с сегодняшнего: 22.11.2026.", "Write a day from today on: 22.11.2026."),
    ),
    "INDICATOR-ENDS": (
        _text("Апошні дзень не прачытаны, раней за першы або далей за два гады.", "Последний день не прочитан, раньше первого или дальше двух лет.", "The last day cannot be read, is before the first, or more than two years after it."),
        _text("Увядзіце дзень у межах двух гадоў ад першага.", "Введите день в пределах двух лет от первого.", "Write a day within two years of the first."),
    ),
}  # fmt: skip


WARNINGS: dict[str, Text] = {
    "ALWAYS": _text(
        "Гэтая ўмова спаўняецца заўсёды: выбіраецца кожны пакет з такімі таварамі.",
        "Это условие выполняется всегда: выбирается каждый пакет с такими товарами.",
        "This condition always holds: every package with these goods is selected.",
    ),
}
"""What is said beside an indicator that may be kept all the same."""

_SCOPE: dict[str, Text] = {
    "import": _text("Пры ўвозе", "При ввозе", "On import"),
    "export": _text("Пры вывазе", "При вывозе", "On export"),
    "transit": _text("Пры транзіце", "При транзите", "In transit"),
    "": _text("У любым напрамку", "В любом направлении", "In any direction"),
    "goods": _text("тавараў {goods}", "товаров {goods}", "of goods {goods}"),
    "any": _text("любых тавараў", "любых товаров", "of any goods"),
    "or": _text(" або ", " или ", " or "),
    "when": _text("калі", "если", "when"),
}


def sentence(direction: str, prefixes: Sequence[str], condition: str, language: str) -> str:
    """A whole indicator read aloud: its scope, then its condition (already in words)."""
    goods = _SCOPE["goods" if prefixes else "any"][language].format(goods=_SCOPE["or"][language].join(prefixes))
    return f"{_SCOPE[direction][language]} {goods}, {_SCOPE['when'][language]} {condition}"


def fault(code: str, field: str = "", value: str = "", **words: object) -> Fault:
    """One fault at a box of the form; ``words`` fill the sentence (a mapping is said in the reader's language)."""
    message, remedy = WORDS[code]
    return Fault(code, _filled(message, words), _filled(remedy, words), field=field, value=value)


def _filled(text: Text, words: dict[str, object]) -> Text:
    return {
        language: sentence.format(
            **{name: word[language] if isinstance(word, dict) else word for name, word in words.items()}
        )
        for language, sentence in text.items()
    }
