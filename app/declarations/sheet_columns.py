"""The columns of a spreadsheet of goods items: what each is called in three languages and which leaf it fills.

A heading is understood by our identifier and by its words in any of the languages, so that a table need not be made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.declarations.form_map import GOODS
from app.declarations.form_parts import Field
from app.declarations.package import GOODS_CODE
from app.errors import Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``leaf`` is the path below the goods item; ``beside`` names the column whose value this one is the unit or
    the currency of (``attribute``). ``kind``, ``codes``, ``unit`` and ``implied`` are those of ``form_parts.Field``."""

    id: str
    heading: Text
    leaf: str = ""
    kind: str = "text"
    codes: str = ""
    unit: str = ""
    attribute: str = ""
    beside: str = ""
    implied: tuple[tuple[str, str], ...] = ()
    example: str = ""

    def field(self, language: str) -> Field:
        """Return the box of the form that this column stands for, for its checks and its words."""
        return Field(
            f"{GOODS}[1]/{self.leaf}", self.heading[language], self.kind, codes=self.codes, unit=self.unit,
            attribute="unitCode" if self.unit else "", implied=self.implied,
        )  # fmt: skip


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


_MEASURE = "Commodity/GoodsMeasure"
COLUMNS = (
    Column("description", _text("Апісанне тавару", "Описание товара", "Description"), "Commodity/Description", "area",
           example="Bicycles, new"),
    Column("goods_code", _text("Код тавару", "Код товара", "Goods code"), "Commodity/Classification[1]/ID", "code",
           implied=(("IdentificationTypeCode", GOODS_CODE),), example="8712003000"),
    Column("scientific_name", _text("Навуковая назва", "Научное название", "Scientific name"),
           "Commodity/Classification[1]/Name", example="Acipenser baerii"),
    Column("origin", _text("Краіна паходжання", "Страна происхождения", "Country of origin"), "Origin[1]/CountryCode",
           "listed", "countries", example="CN"),
    Column("procedure", _text("Працэдура", "Процедура", "Customs procedure"), "GovernmentProcedure[1]/CurrentCode",
           "choice", "procedures", example="40"),
    Column("previous_procedure", _text("Папярэдняя працэдура", "Предыдущая процедура", "Previous procedure"),
           "GovernmentProcedure[1]/PreviousCode", "choice", "all_procedures", example="00"),
    Column("gross_kg", _text("Маса брута, кг", "Масса брутто, кг", "Gross mass, kg"), f"{_MEASURE}/GrossMassMeasure",
           "decimal", unit="KGM", example="1450,5"),
    Column("net_kg", _text("Маса нета, кг", "Масса нетто, кг", "Net mass, kg"), f"{_MEASURE}/NetNetWeightMeasure",
           "decimal", unit="KGM", example="1300"),
    Column("quantity", _text("Дадатковая колькасць", "Дополнительное количество", "Supplementary quantity"),
           f"{_MEASURE}/TariffQuantity", "decimal", example="100"),
    Column("quantity_unit", _text("Адзінка", "Единица", "Unit"), codes="units", attribute="unitCode", beside="quantity",
           example="NAR"),
    Column("package_kind", _text("Від упакоўкі", "Вид упаковки", "Kind of packages"), "Packaging[1]/TypeCode", "listed",
           "packages", example="CT"),
    Column("package_count", _text("Колькасць месцаў", "Количество мест", "Number of packages"),
           "Packaging[1]/QuantityQuantity", "whole", example="100"),
    Column("package_marks", _text("Маркіроўка месцаў", "Маркировка мест", "Marks and numbers"),
           "Packaging[1]/MarksNumbersID", example="GLM 1-100"),
    Column("price", _text("Цана", "Цена", "Price"), "Commodity/InvoiceLine/ItemChargeAmount", "decimal", example="12500,00"),
    Column("currency", _text("Валюта цаны", "Валюта цены", "Currency of the price"), codes="currencies",
           attribute="currencyID", beside="price", example="EUR"),
    Column("statistical_value", _text("Статыстычны кошт", "Статистическая стоимость", "Statistical value"),
           "StatisticalValueAmount", "decimal", example="12500,00"),
    Column("statistical_currency",
           _text("Валюта статыстычнага кошту", "Валюта статистической стоимости", "Currency of the statistical value"),
           codes="currencies", attribute="currencyID", beside="statistical_value", example="USD"),
    Column("valuation_method", _text("Метад ацэнкі", "Метод оценки", "Valuation method"), "CustomsValuation/MethodCode",
           "choice", "valuation", example="1"),
    Column("preference", _text("Прэферэнцыя", "Преференция", "Preference or relief"),
           "Commodity/DutyTaxFee[1]/DutyRegimeCode", example="100"),
    Column("un_number", _text("Нумар ААН", "Номер ООН", "UN number"), "Commodity/DangerousGoods[1]/UNDGID", example="1263"),
)  # fmt: skip
BY_ID: Mapping[str, Column] = {column.id: column for column in COLUMNS}


def find_column(heading: str) -> Column | None:
    """Return the column a heading names, by identifier or by its words in any language; None for any other heading."""
    return _NAMED.get(_bare(heading))


def _bare(heading: str) -> str:
    return " ".join(heading.replace("_", " ").replace("*", " ").casefold().split())


_NAMED = {_bare(name): column for column in COLUMNS for name in (column.id, *column.heading.values())}
