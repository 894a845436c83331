"""What stands in the way of changing a filed package, in three languages, each with how to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from app.declarations.pointers import placed
from app.errors import VALUE_SHOWN, Fault, Text

LANGUAGES = ("be", "ru", "en")

# code: (message, remedy), each (be, ru, en)
WORDS: dict[str, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    "AMEND-NOTHING": (
        (
            "Нічога не зменена: пакет кажа тое самае, што і дзейная версія {number}.",
            "Ничего не изменено: пакет говорит то же самое, что и действующая версия {number}.",
            "Nothing has changed: the package says the same as version {number}, which holds now.",
        ),
        (
            "Змяніце тое, што хацелі, і адпраўце яшчэ раз, або прыбярыце чарнавік змены.",
            "Измените то, что хотели, и отправьте ещё раз, или уберите черновик изменения.",
            "Change what you meant to change and send it again, or drop the change.",
        ),
    ),
    "AMEND-ITEM-JUDGED": (
        (
            "Тавар {number} ужо разгледжаны або аглядаецца ({agencies}): яго нельга прыбраць, замяніць іншым або даць яму "
            "іншы нумар.",
            "Товар {number} уже рассмотрен или осматривается ({agencies}): его нельзя убрать, заменить другим или дать ему "
            "другой номер.",
            "Goods item {number} has been decided already, or is inspected ({agencies}): it cannot be taken out, replaced "
            "by other goods or numbered anew.",
        ),
        (
            "Вярніце тавар на яго месца; новыя тавары дадавайце ў канец. Каб гэты тавар не ішоў, адклічце пакет і "
            "скапіруйце яго як новы.",
            "Верните товар на его место; новые товары добавляйте в конец. Чтобы этот товар не шёл, отзовите пакет и "
            "скопируйте его как новый.",
            "Put the item back in its place; add new items at the end. If these goods are not to move, withdraw the "
            "package and copy it as new.",
        ),
    ),
    "AMEND-OTHER-LRN": (
        (
            "Змена мае іншы нумар LRN, чым пададзены пакет ({was}).",
            "Изменение имеет другой номер LRN, чем поданный пакет ({was}).",
            "The change has another reference (LRN) than the package that was filed ({was}).",
        ),
        (
            "Пакіньце той самы нумар. Для іншай партыі падайце новы пакет.",
            "Оставьте тот же номер. Для другой партии подайте новый пакет.",
            "Keep the same reference. For another consignment, file a new package.",
        ),
    ),
    "AMEND-OTHER-OWNER": (
        (
            "Змена называе іншага ўладальніка, чым пададзены пакет (УНП {was}).",
            "Изменение называет другого владельца, чем поданный пакет (УНП {was}).",
            "The change names another owner than the package that was filed (UNP {was}).",
        ),
        (
            "Пакіньце таго самага ўладальніка. Калі ён быў названы памылкова, адклічце пакет і падайце новы.",
            "Оставьте того же владельца. Если он был назван ошибочно, отзовите пакет и подайте новый.",
            "Keep the same owner. If it was named by mistake, withdraw the package and file a new one.",
        ),
    ),
    "AMEND-OTHER-DIRECTION": (
        (
            "Змена мяняе напрамак (было {was}): увоз, вываз і транзіт — розныя пакеты.",
            "Изменение меняет направление (было {was}): ввоз, вывоз и транзит — разные пакеты.",
            "The change turns the direction around (it was {was}): import, export and transit are different packages.",
        ),
        (
            "Вярніце напрамак, або адклічце пакет і падайце новы.",
            "Верните направление, или отзовите пакет и подайте новый.",
            "Put the direction back, or withdraw the package and file a new one.",
        ),
    ),
    "AMEND-OTHER-OFFICE": (
        (
            "Змена называе іншы мытны орган, чым той, дзе пакет зарэгістраваны ({was}).",
            "Изменение называет другой таможенный орган, чем тот, где пакет зарегистрирован ({was}).",
            "The change names another customs office than the one where the package is registered ({was}).",
        ),
        (
            "Вярніце мытны орган, або адклічце пакет і падайце новы ў патрэбны.",
            "Верните таможенный орган, или отзовите пакет и подайте новый в нужный.",
            "Put the office back, or withdraw the package and file a new one with the office you need.",
        ),
    ),
}


def fault(code: str, *, path: str = "", value: str = "", **named: str | Text) -> Fault:
    """Return the fault with this code; ``named`` fills the places of its sentences, a text in three languages as a dict.

    Raises KeyError for a code that has no words.
    """
    message, remedy = WORDS[code]
    return placed(
        Fault(
            code=code,
            message={
                language: _filled(words, named, language) for language, words in zip(LANGUAGES, message, strict=True)
            },
            remedy=dict(zip(LANGUAGES, remedy, strict=True)),
            path=path,
            value=value[:VALUE_SHOWN],
        )
    )


def _filled(words: str, named: Mapping[str, str | Text], language: str) -> str:
    return words.format(**{name: one if isinstance(one, str) else one[language] for name, one in named.items()})
