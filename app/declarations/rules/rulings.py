"""Rules of advance rulings: a number that is quoted must be one of ours, the owner's, in force, and agree with the package."""

from __future__ import annotations

from collections.abc import Iterator

from app.declarations import quoted
from app.declarations.quoted import AdvanceRuling, Quote
from app.declarations.rules.declaring import REGISTRY, Finding, Given, rule


@rule("RULING-UNKNOWN", needs=REGISTRY, between=("document", "advance rulings of the window"))
def ruling_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Папярэдняга рашэння {value} у рэестры няма.
    mend be: Зверце нумар з самім рашэннем. Калі рашэнне ёсць, а ў рэестры яго няма, звярніцеся ў мытню.
    ru: Предварительного решения {value} в реестре нет.
    mend ru: Сверьте номер с самим решением. Если решение есть, а в реестре его нет, обратитесь в таможню.
    en: The register holds no advance ruling {value}.
    mend en: Compare the number with the ruling itself. If it is right, ask customs to enter the ruling.
    """
    known = _known(given)
    for quote in _quotes(given):
        if quote.document.number not in known:
            yield Finding(f"{quote.document.path}/ID", quote.document.number)


@rule("RULING-HOLDER", needs=REGISTRY, between=("owner of the package", "holder of the ruling"))
def ruling_holder(given: Given) -> Iterator[Finding]:
    """
    be: Папярэдняе рашэнне {value} дадзена не ўладальніку грузу (УНП {owner}).
    mend be: Праверце нумар. Рашэнне дзейнічае толькі для таго, каму яно дадзена: чужое прыбярыце.
    ru: Предварительное решение {value} дано не владельцу груза (УНП {owner}).
    mend ru: Проверьте номер. Решение действует только для того, кому оно дано: чужое уберите.
    en: The advance ruling {value} was not given to the owner of the goods (UNP {owner}).
    mend en: Check the number. A ruling holds for its holder alone: take out one of somebody else.
    """
    owner = given.package.owner
    for quote, ruling in _pairs(given):
        if owner and ruling.holder != owner:
            yield Finding(f"{quote.document.path}/ID", ruling.number, {"owner": owner})


@rule("RULING-KIND", needs=REGISTRY, between=("kind of the document", "kind of the ruling"))
def ruling_kind(given: Given) -> Iterator[Finding]:
    """
    be: Рашэнне {number} заяўлена як дакумент віду {value}, а яно — віду {kind}.
    mend be: Выберыце від {kind}: 05013 — класіфікацыя, 06015 — паходжанне, 04400 — мытная вартасць.
    ru: Решение {number} заявлено как документ вида {value}, а оно — вида {kind}.
    mend ru: Выберите вид {kind}: 05013 — классификация, 06015 — происхождение, 04400 — таможенная стоимость.
    en: The ruling {number} is declared as a document of kind {value}, but it is of kind {kind}.
    mend en: Choose kind {kind}: 05013 is classification, 06015 origin, 04400 customs value.
    """
    for quote, ruling in _own(given):
        if quote.code != ruling.document_code:
            words = {"number": ruling.number, "kind": ruling.document_code}
            yield Finding(f"{quote.document.path}/TypeCode", quote.document.type, words)


@rule("RULING-NOT-VALID", needs=REGISTRY, between=("filing day", "days of the ruling"))
def ruling_not_valid(given: Given) -> Iterator[Finding]:
    """
    be: Папярэдняе рашэнне {value} на дзень падачы не дзейнічае: яно дзейнічала з {begins}, а з {ends} ужо не.
    mend be: Прыбярыце яго або назавіце рашэнне, якое дзейнічае на гэты дзень.
    ru: Предварительное решение {value} на день подачи не действует: оно действовало с {begins}, а с {ends} уже нет.
    mend ru: Уберите его или назовите решение, которое действует на этот день.
    en: The advance ruling {value} does not hold on the filing day: it held from {begins}, and from {ends} no more.
    mend en: Take it out, or quote one that holds on that day.
    """
    for quote, ruling in _own(given):
        if not ruling.holds_on(given.on):
            words = {"begins": f"{ruling.valid_from:%d.%m.%Y}", "ends": f"{ruling.holds_until:%d.%m.%Y}"}
            yield Finding(f"{quote.document.path}/ID", ruling.number, words)


@rule("RULING-CODE-DIFFERS", needs=REGISTRY, between=("goods code", "advance ruling"))
def ruling_code_differs(given: Given) -> Iterator[Finding]:
    """
    be: Тавар № {item} заяўлены пад кодам {value}, а папярэдняе рашэнне {number} дадзена на код {ruled}.
    mend be: Пастаўце код {ruled} або прыбярыце рашэнне, калі яно пра іншы тавар.
    ru: Товар № {item} заявлен под кодом {value}, а предварительное решение {number} дано на код {ruled}.
    mend ru: Поставьте код {ruled} или уберите решение, если оно о другом товаре.
    en: Goods item {item} is declared under {value}, but the advance ruling {number} says {ruled}.
    mend en: Declare {ruled}, or take the ruling out if it is about other goods.
    """
    for quote, ruling in _own(given):
        for line in quoted.code_differs(quote, ruling, given.package):
            yield Finding(line.code_path, line.code, {"number": ruling.number, "ruled": ruling.code})


@rule("RULING-ORIGIN-DIFFERS", needs=REGISTRY, between=("country of origin", "advance ruling"))
def ruling_origin_differs(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} заяўлена паходжанне {value}, а папярэдняе рашэнне {number} кажа {ruled}.
    mend be: Пастаўце краіну {ruled} або прыбярыце рашэнне, калі яно пра іншы тавар.
    ru: У товара № {item} заявлено происхождение {value}, а предварительное решение {number} говорит {ruled}.
    mend ru: Поставьте страну {ruled} или уберите решение, если оно о другом товаре.
    en: Goods item {item} is declared with origin {value}, but the advance ruling {number} says {ruled}.
    mend en: Declare {ruled}, or take the ruling out if it is about other goods.
    """
    for quote, ruling in _own(given):
        for line in quoted.origin_differs(quote, ruling, given.package):
            words = {"number": ruling.number, "ruled": ruling.origin}
            yield Finding(f"{line.path}/Origin[1]/CountryCode", line.origin, words)


def _quotes(given: Given) -> list[Quote]:
    return quoted.quotes(given.package, given.edition)


def _known(given: Given) -> dict[str, AdvanceRuling]:
    """The rulings quoted, asked of the register all at once; nothing quoted asks nothing."""
    numbers = frozenset(quote.document.number for quote in _quotes(given))
    return dict(given.asked().rulings(numbers)) if numbers else {}


def _pairs(given: Given) -> Iterator[tuple[Quote, AdvanceRuling]]:
    known = _known(given)
    for quote in _quotes(given):
        if quote.document.number in known:
            yield quote, known[quote.document.number]


def _own(given: Given) -> Iterator[tuple[Quote, AdvanceRuling]]:
    """Only what the owner itself holds is compared: of somebody else's ruling nothing is told but that it is not the owner's."""
    for quote, ruling in _pairs(given):
        if ruling.holder == given.package.owner:
            yield quote, ruling
