"""Rules of masses, sums, counts and units: what the items say together must be what the header says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.declarations.package import TRANSIT, Line, Money, Quantity
from app.declarations.rules.declaring import EDITION, Finding, Given, plain, rule

TOP = "/Declaration"
IN_KG = {"": Decimal(1), "KGM": Decimal(1), "TNE": Decimal(1000), "GRM": Decimal("0.001")}
"""Units of mass we add up, in kilograms; a mass without a unit is in kilograms, as the Data Model says."""

CENT = Decimal("0.01")
"""What sums and masses may differ by: the rounding of the last figure."""


def in_kg(mass: Quantity | None) -> Decimal | None:
    """Return a mass in kilograms, None where there is none or its unit is not one of mass."""
    factor = IN_KG.get(mass.unit) if mass is not None else None
    return mass.value * factor if mass is not None and factor is not None else None


def masses(line: Line) -> Iterator[Quantity]:
    """Yield the masses a goods item states."""
    yield from (mass for mass in (line.gross, line.net) if mass is not None)


@rule("GROSS-MISSING")
def gross_missing(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} не ўказана маса брута.
    mend be: Укажыце масу тавару разам з упакоўкай, у кілаграмах.
    ru: У товара № {item} не указана масса брутто.
    mend ru: Укажите массу товара вместе с упаковкой, в килограммах.
    en: Goods item {item} has no gross mass.
    mend en: Give the mass of the goods with their packaging, in kilograms.
    """
    for line in given.package.lines:
        if line.gross is None:
            yield Finding(f"{line.path}/Commodity/GoodsMeasure/GrossMassMeasure")


@rule("NET-MISSING")
def net_missing(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} не ўказана маса нета.
    mend be: Укажыце масу самога тавару без упакоўкі, у кілаграмах.
    ru: У товара № {item} не указана масса нетто.
    mend ru: Укажите массу самого товара без упаковки, в килограммах.
    en: Goods item {item} has no net mass.
    mend en: Give the mass of the goods without packaging, in kilograms.
    """
    for line in given.package.lines:
        if line.net is None and given.package.direction != TRANSIT:
            yield Finding(f"{line.path}/Commodity/GoodsMeasure/NetNetWeightMeasure")


@rule("GROSS-BELOW-NET", between=("gross mass", "net mass"))
def gross_below_net(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} маса брута ({gross} кг) меншая за масу нета ({net} кг).
    mend be: Праверце абедзве: брута — гэта тавар разам з упакоўкай, лягчэйшым за сам тавар яно быць не можа.
    ru: У товара № {item} масса брутто ({gross} кг) меньше массы нетто ({net} кг).
    mend ru: Проверьте обе: брутто — это товар вместе с упаковкой, легче самого товара оно быть не может.
    en: Goods item {item} has a gross mass ({gross} kg) below its net mass ({net} kg).
    mend en: Check both: gross is the goods with their packaging, so it cannot be lighter than the goods alone.
    """
    for line in given.package.lines:
        gross, net = in_kg(line.gross), in_kg(line.net)
        if line.gross is not None and gross is not None and net is not None and gross < net:
            words = {"gross": plain(gross), "net": plain(net)}
            yield Finding(line.gross.path, plain(line.gross.value), words)


@rule("MASS-NOT-POSITIVE")
def mass_not_positive(given: Given) -> Iterator[Finding]:
    """
    be: Маса тавару № {item} — {value}, а яна павінна быць большая за нуль.
    mend be: Укажыце сапраўдную масу ў кілаграмах; для вельмі лёгкіх тавараў — з дробавай часткай, напрыклад 0.250.
    ru: Масса товара № {item} — {value}, а она должна быть больше нуля.
    mend ru: Укажите настоящую массу в килограммах; для очень лёгких товаров — с дробной частью, например 0.250.
    en: The mass of goods item {item} is {value}; it must be above zero.
    mend en: Give the real mass in kilograms; for very light goods use decimals, such as 0.250.
    """
    for line in given.package.lines:
        for mass in masses(line):
            if mass.value <= 0:
                yield Finding(mass.path, plain(mass.value))


@rule("MASS-UNIT")
def mass_unit(given: Given) -> Iterator[Finding]:
    """
    be: Адзінка масы ў тавары № {item} — «{value}», а чакаецца кілаграм.
    mend be: Укажыце KGM (кілаграм); прымаюцца таксама TNE (тона) і GRM (грам).
    ru: Единица массы у товара № {item} — «{value}», а ожидается килограмм.
    mend ru: Укажите KGM (килограмм); принимаются также TNE (тонна) и GRM (грамм).
    en: The unit of mass of goods item {item} is “{value}”, where kilograms are expected.
    mend en: Write KGM (kilogram); TNE (tonne) and GRM (gram) are taken as well.
    """
    for line in given.package.lines:
        for mass in masses(line):
            if mass.unit not in IN_KG:
                yield Finding(mass.path, mass.unit)


@rule("NUMBER-NEGATIVE")
def number_negative(given: Given) -> Iterator[Finding]:
    """
    be: Колькасць {value} меншая за нуль.
    mend be: Укажыце сапраўдную колькасць без мінуса.
    ru: Количество {value} меньше нуля.
    mend ru: Укажите настоящее количество без минуса.
    en: The quantity {value} is below zero.
    mend en: Give the real quantity, without a minus.
    """
    for odd in given.package.oddities:
        if odd.kind == "negative":
            yield Finding(odd.path, odd.text)


@rule("GROSS-TOTAL", between=("header", "goods items"))
def gross_total(given: Given) -> Iterator[Finding]:
    """
    be: Агульная маса брута — {total} кг, а па таварах выходзіць {sum} кг.
    mend be: Выпраўце агульную масу або масу тавару, у якім памылка.
    ru: Общая масса брутто — {total} кг, а по товарам выходит {sum} кг.
    mend ru: Исправьте общую массу или массу товара, в котором ошибка.
    en: The total gross mass is {total} kg, but the items add up to {sum} kg.
    mend en: Correct the total, or the item whose mass is wrong.
    """
    stated = given.package.gross
    total = in_kg(stated)
    found = [in_kg(line.gross) for line in given.package.lines]
    known = [mass for mass in found if mass is not None]
    if stated is None or total is None or not found or len(known) < len(found):
        return
    added = sum(known, Decimal(0))
    if total >= 0 and abs(total - added) > CENT:
        yield Finding(stated.path, plain(stated.value), {"total": plain(total), "sum": plain(added)})


@rule("PACKAGE-COUNT", between=("header", "packaging of goods items"))
def package_count(given: Given) -> Iterator[Finding]:
    """
    be: Усяго месцаў указана {value}, а па таварах іх {sum}.
    mend be: Выпраўце агульную колькасць або колькасць месцаў у таварах.
    ru: Всего мест указано {value}, а по товарам их {sum}.
    mend ru: Исправьте общее количество или количество мест в товарах.
    en: The header says {value} packages, but the items have {sum}.
    mend en: Correct the total, or the number of packages in the items.
    """
    stated = given.package.package_count
    counts = [packing.count for line in given.package.lines for packing in line.packings]
    known = [count for count in counts if count is not None]
    if stated is not None and known and len(known) == len(counts) and sum(known) != stated:
        yield Finding(f"{TOP}/TotalPackageQuantity", str(stated), {"sum": str(sum(known))})


@rule("PACKAGE-TYPE-UNKNOWN", needs=EDITION)
def package_type_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Віду ўпакоўкі {value} няма ў спісе.
    mend be: Выберыце двухзначны код, напрыклад CT — скрынка з кардону, PX — паддон, BG — мяшок.
    ru: Вида упаковки {value} нет в списке.
    mend ru: Выберите двузначный код, например CT — картонная коробка, PX — поддон, BG — мешок.
    en: There is no kind of package {value} in the list.
    mend en: Choose a two-character code, such as CT for carton, PX for pallet, BG for bag.
    """
    kinds = given.edition.lists.get("packages", {})
    for line in given.package.lines:
        for packing in line.packings:
            if packing.type and packing.type not in kinds:
                yield Finding(f"{packing.path}/TypeCode", packing.type)


@rule("UNIT-UNKNOWN", needs=EDITION)
def unit_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Дадатковай адзінкі вымярэння «{value}» (тавар № {item}) няма ў спісе.
    mend be: Выберыце адзінку са спісу, напрыклад H87 — штука, LTR — літр, MTK — квадратны метр.
    ru: Дополнительной единицы измерения «{value}» (товар № {item}) нет в списке.
    mend ru: Выберите единицу из списка, например H87 — штука, LTR — литр, MTK — квадратный метр.
    en: The supplementary unit “{value}” of goods item {item} is not in the list.
    mend en: Choose a unit from the list, such as H87 for piece, LTR for litre, MTK for square metre.
    """
    units = given.edition.lists.get("units", {})
    for line in given.package.lines:
        if line.supplementary is not None and line.supplementary.unit not in units:
            yield Finding(line.supplementary.path, line.supplementary.unit or "—")


@rule("INVOICE-MISSING")
def invoice_missing(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказана агульная сума паводле рахунку.
    mend be: Укажыце суму рахунку-фактуры і яе валюту.
    ru: Не указана общая сумма по счёту.
    mend ru: Укажите сумму счёта-фактуры и её валюту.
    en: The invoice total is missing.
    mend en: Give the total of the invoice and its currency.
    """
    if given.package.invoice is None and given.package.direction != TRANSIT:
        yield Finding(f"{TOP}/InvoiceAmount")


@rule("PRICE-MISSING")
def price_missing(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} не ўказаны кошт.
    mend be: Укажыце кошт гэтага тавару паводле рахунку.
    ru: У товара № {item} не указана стоимость.
    mend ru: Укажите стоимость этого товара по счёту.
    en: Goods item {item} has no value.
    mend en: Give the value of this item as on the invoice.
    """
    for line in given.package.lines:
        if line.price is None and given.package.direction != TRANSIT:
            yield Finding(f"{line.path}/Commodity/InvoiceLine/ItemChargeAmount")


@rule("PRICE-NEGATIVE")
def price_negative(given: Given) -> Iterator[Finding]:
    """
    be: Сума {value} меншая за нуль.
    mend be: Укажыце кошт без мінуса; зніжкі адымаюцца ад кошту тавару да таго, як ён тут пішацца.
    ru: Сумма {value} меньше нуля.
    mend ru: Укажите стоимость без минуса; скидки вычитаются из стоимости товара до того, как она здесь пишется.
    en: The amount {value} is below zero.
    mend en: Give the value without a minus; take discounts off the item before writing its value here.
    """
    for amount in amounts(given):
        if amount.value < 0:
            yield Finding(amount.path, plain(amount.value))


@rule("CURRENCY-UNKNOWN", needs=EDITION)
def currency_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Валюты з кодам «{value}» няма ў спісе.
    mend be: Укажыце тры лацінскія літары паводле ISO 4217, напрыклад EUR, USD, BYN.
    ru: Валюты с кодом «{value}» нет в списке.
    mend ru: Укажите три латинские буквы по ISO 4217, например EUR, USD, BYN.
    en: There is no currency with the code “{value}”.
    mend en: Use the three Latin letters of ISO 4217, such as EUR, USD or BYN.
    """
    currencies = given.edition.lists.get("currencies", {})
    for amount in amounts(given):
        if amount.currency not in currencies:
            yield Finding(amount.path, amount.currency)


@rule("CURRENCY-DIFFERS", between=("header", "goods item"))
def currency_differs(given: Given) -> Iterator[Finding]:
    """
    be: Кошт тавару № {item} указаны ў {value}, а ўвесь рахунак — у {currency}.
    mend be: Укажыце кошт у той жа валюце, што і агульная сума: {currency}.
    ru: Стоимость товара № {item} указана в {value}, а весь счёт — в {currency}.
    mend ru: Укажите стоимость в той же валюте, что и общая сумма: {currency}.
    en: The value of goods item {item} is in {value}, while the invoice is in {currency}.
    mend en: Give the value in the currency of the total: {currency}.
    """
    total, currencies = given.package.invoice, given.edition.lists.get("currencies", {})
    for line in given.package.lines:
        if total is None or line.price is None or line.price.currency == total.currency:
            continue
        if line.price.currency in currencies and total.currency in currencies:
            yield Finding(line.price.path, line.price.currency, {"currency": total.currency})


@rule("INVOICE-TOTAL", between=("header", "goods items"))
def invoice_total(given: Given) -> Iterator[Finding]:
    """
    be: Сума паводле рахунку — {total} {currency}, а тавары разам каштуюць {sum} {currency}.
    mend be: Выпраўце агульную суму або кошт тавару, у якім памылка.
    ru: Сумма по счёту — {total} {currency}, а товары вместе стоят {sum} {currency}.
    mend ru: Исправьте общую сумму или стоимость товара, в котором ошибка.
    en: The invoice total is {total} {currency}, but the items add up to {sum} {currency}.
    mend en: Correct the total, or the item whose value is wrong.
    """
    total, lines = given.package.invoice, given.package.lines
    prices = [line.price.value for line in lines if line.price is not None and total is not None]
    if total is None or not lines or len(prices) < len(lines) or min(prices) < 0:
        return
    if any(line.price is not None and line.price.currency != total.currency for line in lines):
        return
    added = sum(prices, Decimal(0))
    if abs(total.value - added) > CENT:
        words = {"total": plain(total.value), "sum": plain(added), "currency": total.currency}
        yield Finding(total.path, plain(total.value), words)


def amounts(given: Given) -> Iterator[Money]:
    """Yield every amount the package states: the invoice total, the value of each item."""
    if given.package.invoice is not None:
        yield given.package.invoice
    yield from (line.price for line in given.package.lines if line.price is not None)
