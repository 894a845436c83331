"""Rules of the supporting documents: their kind, number, dates, files, and the quantity they cover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from app.declarations.package import Line, Quantity, SupportingDocument
from app.declarations.rules.declaring import EDITION, Finding, Given, plain, rule
from app.declarations.rules.measures import IN_KG, in_kg

PERMITS = "01"
"""First digits of the classes of permits in the EAEU classifier of documents (Decision 378, annex 8)."""


def type_of(given: Given, document: SupportingDocument) -> str:
    """Return our code of a document: foreign N851 is 01207 by its twin."""
    return given.edition.document_code(document.category, document.type)


def known(given: Given) -> Iterator[tuple[str, SupportingDocument]]:
    """Yield the documents of a kind we know, with our code; foreign kinds are kept and not judged."""
    types, code_of = given.edition.document_types, given.edition.document_code
    for document in given.package.all_documents:
        code = code_of(document.category, document.type)
        if code in types:
            yield code, document


@rule("DOC-TYPE-MISSING")
def doc_type_missing(given: Given) -> Iterator[Finding]:
    """
    be: У дакумента {number} не ўказаны від.
    mend be: Выберыце від дакумента са спісу, напрыклад 01207 — фітасанітарны сертыфікат.
    ru: У документа {number} не указан вид.
    mend ru: Выберите вид документа из списка, например 01207 — фитосанитарный сертификат.
    en: The document {number} has no type.
    mend en: Choose its type from the list, such as 01207 for a phytosanitary certificate.
    """
    for document in given.package.all_documents:
        if not document.type:
            yield Finding(f"{document.path}/TypeCode", "", {"number": document.number or "—"})


@rule("DOC-TYPE-UNKNOWN", needs=EDITION)
def doc_type_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Віду дакумента {value} няма ў класіфікатары.
    mend be: Выберыце від са спісу: пяць лічбаў, напрыклад 04021 — рахунак-фактура, або мясцовы код, напрыклад L-WDEC.
    ru: Вида документа {value} нет в классификаторе.
    mend ru: Выберите вид из списка: пять цифр, например 04021 — счёт-фактура, или местный код, например L-WDEC.
    en: The classifier has no document type {value}.
    mend en: Choose a type from the list: five digits, such as 04021 for an invoice, or a local code, such as L-WDEC.
    """
    for document in given.package.all_documents:
        # A category means a foreign classifier: such papers are kept as they are, and satisfy nothing of ours.
        if document.type and not document.category and type_of(given, document) not in given.edition.document_types:
            yield Finding(f"{document.path}/TypeCode", document.type)


@rule("DOC-NUMBER-MISSING", needs=EDITION)
def doc_number_missing(given: Given) -> Iterator[Finding]:
    """
    be: У дакумента віду {type} няма нумара.
    mend be: Укажыце нумар так, як ён напісаны на дакуменце. Калі нумара няма, напішыце «б/н».
    ru: У документа вида {type} нет номера.
    mend ru: Укажите номер так, как он написан на документе. Если номера нет, напишите «б/н».
    en: The document of type {type} has no number.
    mend en: Give the number as printed on the document. If it has none, write “n/a”.
    """
    for code, document in known(given):
        if not document.number and not document.exemption:
            yield Finding(f"{document.path}/ID", "", {"type": code})


@rule("PERMIT-DATE-MISSING", needs=EDITION)
def permit_date_missing(given: Given) -> Iterator[Finding]:
    """
    be: У дазвольнага дакумента {number} не ўказана дата выдачы.
    mend be: Укажыце дату, якая стаіць на дакуменце.
    ru: У разрешительного документа {number} не указана дата выдачи.
    mend ru: Укажите дату, которая стоит на документе.
    en: The permit {number} has no date of issue.
    mend en: Give the date printed on the document.
    """
    for code, document in known(given):
        dated = document.issued_on or document.effective_on or document.exemption
        if code.startswith(PERMITS) and document.number and not dated and not _odd(given, document):
            yield Finding(f"{document.path}/IssueDateTime", "", {"number": document.number})


def _odd(given: Given, document: SupportingDocument) -> bool:
    """Whether a date of the document is one no calendar has: that is told by DATE-IMPOSSIBLE."""
    return any(odd.path.startswith(f"{document.path}/") for odd in given.package.oddities)


@rule("DOC-DATES-ORDER", between=("issue date", "expiry date"))
def doc_dates_order(given: Given) -> Iterator[Finding]:
    """
    be: Даты дакумента {number} стаяць не па парадку: {earlier} не раней за {later}.
    mend be: Зверце з дакументам: спачатку выдача, потым пачатак дзеяння, потым канец.
    ru: Даты документа {number} стоят не по порядку: {earlier} не раньше {later}.
    mend ru: Сверьте с документом: сначала выдача, потом начало действия, потом окончание.
    en: The dates of document {number} are out of order: {earlier} does not come before {later}.
    mend en: Compare with the document: issued first, then effective, then expiring.
    """
    for document in given.package.all_documents:
        starts = document.effective_on or document.issued_on
        ends = document.expires_on
        if starts is not None and ends is not None and ends < starts:
            words = {"number": document.number or "—", "earlier": starts.isoformat(), "later": ends.isoformat()}
            yield Finding(f"{document.path}/ExpirationDateTime", ends.isoformat(), words)


@rule("DOC-NOT-YET-VALID", between=("document", "filing day"))
def doc_not_yet_valid(given: Given) -> Iterator[Finding]:
    """
    be: Дакумент {number} пачынае дзейнічаць толькі {value}.
    mend be: Праверце дату. Калі яна правільная, падайце дэкларацыю ў гэты дзень або пазней.
    ru: Документ {number} начинает действовать только {value}.
    mend ru: Проверьте дату. Если она верная, подайте декларацию в этот день или позже.
    en: The document {number} is not valid before {value}.
    mend en: Check the date. If it is right, file on that day or later.
    """
    for document in given.package.all_documents:
        starts = document.effective_on or document.issued_on
        if starts is not None and starts > given.on:
            name = "EffectiveDateTime" if document.effective_on else "IssueDateTime"
            yield Finding(f"{document.path}/{name}", starts.isoformat(), {"number": document.number or "—"})


@rule("DOC-EXPIRED", between=("document", "filing day"))
def doc_expired(given: Given) -> Iterator[Finding]:
    """
    be: Тэрмін дакумента {number} скончыўся {value}.
    mend be: Прыкладзіце дзейны дакумент або выпраўце дату, калі ў ёй апіска.
    ru: Срок документа {number} истёк {value}.
    mend ru: Приложите действующий документ или исправьте дату, если в ней опечатка.
    en: The document {number} expired on {value}.
    mend en: Attach one that is in force, or correct the date if it is mistyped.
    """
    for document in given.package.all_documents:
        starts, ends = document.effective_on or document.issued_on, document.expires_on
        if ends is not None and ends < given.on and (starts is None or starts <= ends):
            words = {"number": document.number or "—"}
            yield Finding(f"{document.path}/ExpirationDateTime", ends.isoformat(), words)


@rule("DOC-TWICE", between=("document", "another document"))
def doc_twice(given: Given) -> Iterator[Finding]:
    """
    be: Дакумент {number} (від {type}) указаны двойчы ў адным месцы.
    mend be: Пакіньце адзін запіс.
    ru: Документ {number} (вид {type}) указан дважды в одном месте.
    mend ru: Оставьте одну запись.
    en: The document {number} (type {type}) is listed twice in the same place.
    mend en: Keep one entry.
    """
    seen: set[tuple[int | None, str, str]] = set()
    for document in given.package.all_documents:
        key = (document.item, type_of(given, document), document.number)
        if document.number and key in seen:
            yield Finding(f"{document.path}/ID", document.number, {"number": document.number, "type": key[1]})
        seen.add(key)


@rule("FILE-NAME-TWICE", between=("attachment", "another attachment"))
def file_name_twice(given: Given) -> Iterator[Finding]:
    """
    be: Два розныя файлы называюцца аднолькава: {value}.
    mend be: Дайце файлам розныя назвы, каб іх можна было адрозніць.
    ru: Два разных файла называются одинаково: {value}.
    mend ru: Дайте файлам разные названия, чтобы их можно было отличить.
    en: Two different files have the same name: {value}.
    mend en: Give the files different names, so that they can be told apart.
    """
    first: dict[str, str] = {}
    for document in given.package.all_documents:
        name = document.file_name
        if name and first.setdefault(name, document.file_sha256) != document.file_sha256:
            yield Finding(f"{document.path}/Attachment/FileName", name)


@rule("PERMIT-QUANTITY", needs=EDITION, between=("permits", "goods item"))
def permit_quantity(given: Given) -> Iterator[Finding]:
    """
    be: Па дазволах віду {type} спісваецца {covered} {unit}, а тавару № {item} — {goods} {unit}.
    mend be: Дазволы павінны пакрываць увесь тавар: дадайце яшчэ адзін, выпраўце колькасць спісання або тавару.
    ru: По разрешениям вида {type} списывается {covered} {unit}, а товара № {item} — {goods} {unit}.
    mend ru: Разрешения должны покрывать весь товар: добавьте ещё одно, исправьте количество списания или товара.
    en: Permits of type {type} cover {covered} {unit}, but goods item {item} has {goods} {unit}.
    mend en: The permits must cover all the goods: add another, or correct the quantity written off or declared.
    """
    for line in given.package.lines:
        for code, documents in _written_off(given, line).items():
            off = [document.writeoff for document in documents if document.writeoff is not None]
            covered = sum((amount_of(quantity) for quantity in off), Decimal(0))
            goods = _goods(line, off[0])
            if goods is not None and 0 <= covered < goods:
                words = {"type": code, "covered": plain(covered), "goods": plain(goods), "unit": unit_of(off[0])}
                yield Finding(off[0].path, plain(off[0].value), words)


@rule("PERMIT-UNIT", needs=EDITION, between=("permit", "goods item"))
def permit_unit(given: Given) -> Iterator[Finding]:
    """
    be: З дазволу {number} спісваецца ў адзінках «{value}», а тавар № {item} у іх не палічаны.
    mend be: Спісвайце ў кілаграмах (KGM) або ў дадатковай адзінцы гэтага тавару.
    ru: С разрешения {number} списывается в единицах «{value}», а товар № {item} в них не посчитан.
    mend ru: Списывайте в килограммах (KGM) или в дополнительной единице этого товара.
    en: The permit {number} is written off in “{value}”, but goods item {item} is not counted in that unit.
    mend en: Write off in kilograms (KGM), or in the supplementary unit of this item.
    """
    for line in given.package.lines:
        own = line.supplementary.unit if line.supplementary is not None else ""
        for document in line.documents:
            off = document.writeoff
            if off is not None and unit_of(off) not in ("KGM", own):
                yield Finding(off.path, off.unit or "—", {"number": document.number or "—"})


def unit_of(quantity: Quantity) -> str:
    """Return the unit a quantity is compared in: KGM for every unit of mass, without a qualifier (``KGM#G``)."""
    unit = quantity.unit.partition("#")[0]
    return "KGM" if unit and unit in IN_KG else unit


def _written_off(given: Given, line: Line) -> dict[str, list[SupportingDocument]]:
    """Return the documents of an item from which a quantity is written off, by kind; only where units agree."""
    found: dict[str, list[SupportingDocument]] = defaultdict(list)
    for document in line.documents:
        if document.writeoff is not None:
            found[type_of(given, document)].append(document)
    return {
        code: documents
        for code, documents in found.items()
        if len({unit_of(document.writeoff) for document in documents if document.writeoff is not None}) == 1
    }


def amount_of(quantity: Quantity) -> Decimal:
    """Return a quantity in kilograms, or in its own unit where that is no mass."""
    factor = IN_KG.get(quantity.unit.partition("#")[0], Decimal(1))
    return quantity.value * factor


def _goods(line: Line, quantity: Quantity) -> Decimal | None:
    """Return how much of the goods there is in the unit of a write-off; None where the item is not counted in it."""
    if unit_of(quantity) == "KGM":
        return in_kg(line.net)
    if line.supplementary is not None and line.supplementary.unit == quantity.unit:
        return line.supplementary.value
    return None
