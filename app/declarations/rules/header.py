"""Rules of the header: what the package is, where it goes, and whether it has been sent before."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from app.declarations.package import TRANSIT
from app.declarations.rules.declaring import EDITION, REGISTRY, Finding, Given, rule

TOP = "/Declaration"
SHIPMENT = "/Declaration/GoodsShipment"
ORIGINAL = "9"
"""Message function of a package that is filed (EDIFACT 1225); amendments travel another road."""

ROAD = "3"
TIR_CARNET, GUARANTEE, AEO = "02024", "07041", "09011"


@rule("LRN-MISSING")
def lrn_missing(given: Given) -> Iterator[Finding]:
    """
    be: У дэкларацыі няма вашага нумара (LRN).
    mend be: Дайце дэкларацыі свой нумар, якога ў вас яшчэ не было, напрыклад BMT-26-1187. Па ім вы яе потым знойдзеце.
    ru: В декларации нет вашего номера (LRN).
    mend ru: Дайте декларации свой номер, которого у вас ещё не было, например BMT-26-1187. По нему вы её потом найдёте.
    en: The package has no reference number of yours (LRN).
    mend en: Give it a number you have not used before, such as BMT-26-1187. You will find it by that number later.
    """
    if not given.package.lrn:
        yield Finding(f"{TOP}/FunctionalReferenceID")


@rule("LRN-SIGNS")
def lrn_signs(given: Given) -> Iterator[Finding]:
    """
    be: У вашым нумары (LRN) ёсць прабел па краях, перанос радка або нябачны знак.
    mend be: Пакіньце літары, лічбы і звычайныя знакі, напрыклад BMT-26-1187.
    ru: В вашем номере (LRN) есть пробел по краям, перенос строки или невидимый знак.
    mend ru: Оставьте буквы, цифры и обычные знаки, например BMT-26-1187.
    en: Your reference number (LRN) has a blank at its ends, a line break or an unseen sign.
    mend en: Keep letters, digits and ordinary signs, such as BMT-26-1187.
    """
    lrn = given.package.lrn
    if lrn and (lrn != lrn.strip() or any(unicodedata.category(sign)[0] == "C" for sign in lrn)):
        yield Finding(f"{TOP}/FunctionalReferenceID", lrn)


@rule("LRN-USED", needs=REGISTRY)
def lrn_used(given: Given) -> Iterator[Finding]:
    """
    be: Пад нумарам {value} у вас ужо зарэгістравана дэкларацыя {number}.
    mend be: Дайце гэтай дэкларацыі новы нумар. Калі вы хацелі змяніць ужо пададзеную, адкрыйце яе старонку і выберыце «Змяніць».
    ru: Под номером {value} у вас уже зарегистрирована декларация {number}.
    mend ru: Дайте этой декларации новый номер. Если вы хотели изменить уже поданную, откройте её страницу и выберите «Изменить».
    en: Under the number {value} you already have a registered package, {number}.
    mend en: Give this package a new number. To change the one already filed, open its page and choose “Change something”.
    """
    package = given.package
    if package.lrn and package.owner:
        number = given.asked().lrn_used(package.owner, package.lrn)
        if number:
            yield Finding(f"{TOP}/FunctionalReferenceID", package.lrn, {"number": number})


@rule("TYPE-MISSING")
def type_missing(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказана, што гэта: увоз, вываз ці транзіт.
    mend be: Укажыце від дэкларацыі: IM — увоз, EX — вываз, TR — транзіт.
    ru: Не указано, что это: ввоз, вывоз или транзит.
    mend ru: Укажите вид декларации: IM — ввоз, EX — вывоз, TR — транзит.
    en: The package does not say whether it is import, export or transit.
    mend en: State the type: IM for import, EX for export, TR for transit.
    """
    if not given.package.type_code:
        yield Finding(f"{TOP}/TypeCode")


@rule("TYPE-UNKNOWN")
def type_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Від дэкларацыі {value} нам невядомы.
    mend be: Укажыце адзін з трох: IM — увоз, EX — вываз, TR — транзіт.
    ru: Вид декларации {value} нам неизвестен.
    mend ru: Укажите один из трёх: IM — ввоз, EX — вывоз, TR — транзит.
    en: We do not know the type of declaration {value}.
    mend en: Use one of three: IM for import, EX for export, TR for transit.
    """
    if given.package.type_code and not given.package.direction:
        yield Finding(f"{TOP}/TypeCode", given.package.type_code)


@rule("FUNCTION-NOT-FILING")
def function_not_filing(given: Given) -> Iterator[Finding]:
    """
    be: Код прызначэння паведамлення — {value}, а падаецца дэкларацыя з кодам 9.
    mend be: Укажыце 9 (першая падача). Адклікаюць і змяняюць пададзеную дэкларацыю на яе старонцы.
    ru: Код назначения сообщения — {value}, а декларация подаётся с кодом 9.
    mend ru: Укажите 9 (первая подача). Отзывают и изменяют поданную декларацию на её странице.
    en: The message function is {value}, but a package is filed with 9.
    mend en: Write 9 (original). A filed package is withdrawn, and changed, on its own page.
    """
    if given.package.function_code not in ("", ORIGINAL):
        yield Finding(f"{TOP}/FunctionCode", given.package.function_code)


@rule("OFFICE-MISSING")
def office_missing(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказана мытня, у якую падаецца дэкларацыя.
    mend be: Укажыце код мытнага органа з пяці лічбаў, напрыклад 06611. Спіс ёсць у форме.
    ru: Не указана таможня, в которую подаётся декларация.
    mend ru: Укажите код таможенного органа из пяти цифр, например 06611. Список есть в форме.
    en: The package does not say which customs office it is filed with.
    mend en: Give the five-digit code of the office, such as 06611. The form has the list.
    """
    if not given.package.office:
        yield Finding(f"{TOP}/DeclarationOfficeID")


@rule("OFFICE-UNKNOWN", needs=EDITION)
def office_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Мытнага органа з кодам {value} няма ў спісе.
    mend be: Праверце код: у ім пяць лічбаў, напрыклад 06611. Выбраць орган можна ў форме.
    ru: Таможенного органа с кодом {value} нет в списке.
    mend ru: Проверьте код: в нём пять цифр, например 06611. Выбрать орган можно в форме.
    en: There is no customs office with the code {value} in the list.
    mend en: Check the code: it has five digits, such as 06611. You can pick the office in the form.
    """
    office = given.package.office
    if office and office not in given.edition.offices:
        yield Finding(f"{TOP}/DeclarationOfficeID", office)


@rule("DATE-IMPOSSIBLE")
def date_impossible(given: Given) -> Iterator[Finding]:
    """
    be: Такога дня няма ў календары: {value}.
    mend be: Запішыце год, месяц і дзень лічбамі запар, напрыклад 20261122.
    ru: Такого дня нет в календаре: {value}.
    mend ru: Запишите год, месяц и день цифрами подряд, например 20261122.
    en: The calendar has no such day: {value}.
    mend en: Write year, month and day as digits in a row, such as 20261122.
    """
    for odd in given.package.oddities:
        if odd.kind == "day":
            yield Finding(odd.path, odd.text)


@rule("ITEMS-MISSING")
def items_missing(given: Given) -> Iterator[Finding]:
    """
    be: У дэкларацыі няма ніводнага тавару.
    mend be: Дадайце хаця б адзін тавар.
    ru: В декларации нет ни одного товара.
    mend ru: Добавьте хотя бы один товар.
    en: There are no goods in the package.
    mend en: Add at least one goods item.
    """
    if not given.package.lines:
        yield Finding(SHIPMENT)


@rule("ITEM-COUNT", between=("header", "goods items"))
def item_count(given: Given) -> Iterator[Finding]:
    """
    be: Усяго тавараў указана {value}, а ў дэкларацыі іх {count}.
    mend be: Укажыце {count} або дадайце тавары, якіх не хапае.
    ru: Всего товаров указано {value}, а в декларации их {count}.
    mend ru: Укажите {count} или добавьте недостающие товары.
    en: The header says {value} goods items, but there are {count}.
    mend en: Write {count}, or add the goods items that are missing.
    """
    stated, real = given.package.item_count, len(given.package.lines)
    if stated is not None and real and stated != real:
        yield Finding(f"{TOP}/GoodsItemQuantity", str(stated), {"count": str(real)})


@rule("INCOTERM-UNKNOWN", needs=EDITION)
def incoterm_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Умоў пастаўкі {value} няма ў Incoterms.
    mend be: Выберыце тры літары са спісу, напрыклад DAP або FCA, і ўкажыце месца.
    ru: Условий поставки {value} нет в Incoterms.
    mend ru: Выберите три буквы из списка, например DAP или FCA, и укажите место.
    en: Incoterms has no delivery term {value}.
    mend en: Choose three letters from the list, such as DAP or FCA, and give the place.
    """
    terms = given.package.terms
    if terms and terms not in given.edition.lists.get("incoterms", {}):
        yield Finding(f"{SHIPMENT}/TradeTerms/ConditionCode", terms)


@rule("INCOTERM-PLACE")
def incoterm_place(given: Given) -> Iterator[Finding]:
    """
    be: Умовы пастаўкі {terms} указаны без месца.
    mend be: Дадайце месца, да якога яны дзейнічаюць: {terms} Мінск.
    ru: Условия поставки {terms} указаны без места.
    mend ru: Добавьте место, до которого они действуют: {terms} Минск.
    en: The delivery terms {terms} have no place.
    mend en: Add the place they run to: {terms} Minsk.
    """
    package = given.package
    if package.terms and not package.terms_place:
        yield Finding(f"{SHIPMENT}/TradeTerms/LocationName", "", {"terms": package.terms})


@rule("DESTINATION-MISSING")
def destination_missing(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказана краіна прызначэння.
    mend be: Укажыце двухлітарны код краіны, куды едзе груз, напрыклад DE.
    ru: Не указана страна назначения.
    mend ru: Укажите двухбуквенный код страны, куда едет груз, например DE.
    en: The country of destination is missing.
    mend en: Give the two-letter code of the country the goods go to, such as DE.
    """
    package = given.package
    outward = package.direction in ("export", TRANSIT)
    if outward and not package.destination and not all(line.destination for line in package.lines):
        yield Finding(f"{SHIPMENT}/Destination/CountryCode")


@rule("DESTINATION-DIRECTION", between=("declaration type", "destination"))
def destination_direction(given: Given) -> Iterator[Finding]:
    """
    be: Гэта вываз, а краінай прызначэння ўказана Беларусь.
    mend be: Праверце від дэкларацыі ({type}) і краіну прызначэння: адно з іх не тое.
    ru: Это вывоз, а страной назначения указана Беларусь.
    mend ru: Проверьте вид декларации ({type}) и страну назначения: что-то одно не то.
    en: This is an export, yet the country of destination is Belarus.
    mend en: Check the declaration type ({type}) and the destination: one of them is wrong.
    """
    package = given.package
    if package.direction == "export" and package.destination == "BY":
        yield Finding(f"{SHIPMENT}/Destination/CountryCode", "BY", {"type": package.type_code})


@rule("TRANSIT-GUARANTEE", between=("transit", "documents"))
def transit_guarantee(given: Given) -> Iterator[Finding]:
    """
    be: Транзіт па дарозе без забеспячэння: няма ні гарантыі, ні кніжкі МДП, ні статусу УЭА.
    mend be: Укажыце нумар гарантыі або дадайце дакумент: сертыфікат забеспячэння (07041), кніжку МДП (02024)
      або пасведчанне УЭА (09011).
    ru: Транзит автомобилем без обеспечения: нет ни гарантии, ни книжки МДП, ни статуса УЭО.
    mend ru: Укажите номер гарантии или добавьте документ: сертификат обеспечения (07041), книжку МДП (02024)
      или свидетельство УЭО (09011).
    en: Road transit without security: there is no guarantee, no TIR carnet and no AEO status.
    mend en: Give the number of the guarantee, or add a document: guarantee certificate (07041), TIR carnet (02024)
      or AEO certificate (09011).
    """
    package, code_of = given.package, given.edition.document_code
    by_road = package.border_transport is not None and package.border_transport.mode == ROAD
    if package.direction != TRANSIT or not by_road or any(package.guarantees):
        return
    shown = {code_of(document.category, document.type) for document in package.all_documents}
    if not shown & {GUARANTEE, TIR_CARNET, AEO}:
        yield Finding(f"{TOP}/ObligationGuarantee[1]/ReferenceID")


@rule("PREVIOUS-DOC", between=("procedure", "earlier documents"))
def previous_document(given: Given) -> Iterator[Finding]:
    """
    be: Для працэдуры {procedure} патрэбна папярэдняя дэкларацыя, а яна не ўказана.
    mend be: Дадайце нумар дэкларацыі, па якой гэты тавар быў вывезены або ўвезены раней.
    ru: Для процедуры {procedure} нужна предыдущая декларация, а она не указана.
    mend ru: Добавьте номер декларации, по которой этот товар вывозили или ввозили раньше.
    en: Procedure {procedure} needs the earlier declaration, and none is named.
    mend en: Add the number of the declaration under which these goods were exported or imported before.
    """
    if any(earlier.number for earlier in given.package.previous_documents):
        return
    for line in given.package.lines:
        if line.procedure in ("31", "60") and not any(earlier.number for earlier in line.previous_documents):
            yield Finding(f"{line.path}/PreviousDocument[1]/ID", "", {"procedure": line.procedure})
