"""The page of one goods item."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.declarations.form_parts import SPARE_ROWS, Field, Group, earlier, table
from app.declarations.package import GOODS_CODE, OPERATION, Line


def groups(line: Line) -> tuple[Group, ...]:
    """Return the groups of the page of one goods item."""
    base = line.path.removeprefix("/Declaration/")
    goods = Group(_l("The goods"), (*_goods_fields(base, line), *_origin_fields(base)))
    value = Group(
        _l("Price and value"),
        (
            Field(
                f"{base}/Commodity/InvoiceLine/ItemChargeAmount", _l("Price of this item"), "decimal",
                attribute="currencyID", beside="currencies", hint=_l("In the currency of the invoice."),
            ),
            Field(
                f"{base}/StatisticalValueAmount", _l("Statistical value"), "decimal", attribute="currencyID",
                beside="currencies",
            ),
            Field(f"{base}/CustomsValuation/MethodCode", _l("Valuation method"), "choice", codes="valuation"),
            Field(f"{base}/Commodity/DutyTaxFee[1]/DutyRegimeCode", _l("Preference or relief"), width="w-quarter"),
        ),
    )  # fmt: skip
    return goods, _mass(base), _packing(base, line), value, _codes(base, line), earlier(base, line.previous_documents)


def _goods_fields(base: str, line: Line) -> tuple[Field, ...]:
    code = goods_code_name(line)
    return (
        Field(f"{base}/Commodity/Description", _l("Description"), "area", width="w-full",
              hint=_l("Trade name, make, kind, condition: what an officer would see in the box.")),
        Field(code, _l("Goods code"), "code", hint=_l("10 digits. Search by words if you do not know it."),
              implied=(("IdentificationTypeCode", GOODS_CODE),) if _own_list(line) else ()),
        Field(_named(line, code), _l("Scientific name"),
              hint=_l("For plants and animals, in Latin: for example Acipenser baerii."), width="w-two-thirds"),
    )  # fmt: skip


def _origin_fields(base: str) -> tuple[Field, ...]:
    return (
        Field(f"{base}/Origin[1]/CountryCode", _l("Country of origin"), "listed", codes="countries", width="w-quarter"),
        Field(f"{base}/Origin[1]/RegionID", _l("Region of origin"), width="w-quarter",
              hint=_l("Only where the law asks for it, for example RU-ORE.")),
        Field(f"{base}/GovernmentProcedure[1]/CurrentCode", _l("Customs procedure"), "choice", codes="procedures"),
        Field(f"{base}/GovernmentProcedure[1]/PreviousCode", _l("Previous procedure"), "choice", codes="all_procedures"),
    )  # fmt: skip


def goods_code_name(line: Line) -> str:
    """Return the name of the box of the goods code: where the code stands, or the first free Classification."""
    if line.code or not line.classifications:
        return line.code_path.removeprefix("/Declaration/")
    return f"{line.path.removeprefix('/Declaration/')}/Commodity/Classification[{len(line.classifications) + 1}]/ID"


def _mass(base: str) -> Group:
    measure = f"{base}/Commodity/GoodsMeasure"
    return Group(
        _l("Mass and quantity"),
        (
            Field(f"{measure}/GrossMassMeasure", _l("Gross mass, kg"), "decimal", attribute="unitCode", unit="KGM"),
            Field(f"{measure}/NetNetWeightMeasure", _l("Net mass, kg"), "decimal", attribute="unitCode", unit="KGM"),
            Field(
                f"{measure}/TariffQuantity", _l("Supplementary quantity"), "decimal", attribute="unitCode", beside="units",
                hint=_l("Where the tariff counts in pieces, litres or others."),
            ),
        ),
    )  # fmt: skip


def _packing(base: str, line: Line) -> Group:
    def row(place: str, index: int) -> tuple[Field, ...]:
        return (
            Field(f"{place}/TypeCode", _l("Kind"), "listed", codes="packages"),
            Field(f"{place}/QuantityQuantity", _l("How many"), "whole", width="w-quarter"),
            Field(f"{place}/MarksNumbersID", _l("Marks and numbers"), width="w-two-thirds"),
        )

    return table(_l("Packing"), f"{base}/Packaging", len(line.packings), row)


def _codes(base: str, line: Line) -> Group:
    """Other codes the goods are known by, and the UN number of dangerous goods."""
    above = f"{base}/Commodity/Classification"
    goods = goods_code_name(line).rpartition("/")[0]
    known = len(line.classifications)
    places = [f"{above}[{n}]" for n in range(1, known + 2 + SPARE_ROWS)]
    rows = tuple(
        (place, (
            Field(f"{place}/IdentificationTypeCode", _l("List"), "choice", codes="classifications"),
            Field(f"{place}/ID", _l("Code")),
        ))
        for place in places if place != goods
    )  # fmt: skip
    undg = tuple(
        Field(f"{base}/Commodity/DangerousGoods[{n}]/UNDGID", _l("UN number"), width="w-quarter",
              hint=_l("Dangerous goods: 4 digits, for example 1263."))
        for n in range(1, max(len(line.undg), 1) + 1)
    )  # fmt: skip
    hint = _l("Waste: Basel code, national code and operation. Ozone-depleting substances: CAS number or ASHRAE name.")
    return Group(
        _l("Other codes of the goods"),
        (*undg, _operation(base, line)),
        hint,
        rows[: known - bool(line.code) + SPARE_ROWS],
    )


def _own_list(line: Line) -> bool:
    """Whether the goods code stands, or will stand, under our own list rather than a foreign one."""
    types = {f"{one.path}/ID": one.type for one in line.classifications}
    return not line.code or types.get(line.code_path, "") == GOODS_CODE


def _named(line: Line, code: str) -> str:
    """The box of the scientific name: where one stands, else beside the goods code."""
    path = next((one.path for one in line.classifications if one.name), "")
    return f"{path.removeprefix('/Declaration/') or code.rpartition('/')[0]}/Name"


def _operation(base: str, line: Line) -> Field:
    """The D or R operation of waste: a statement of its own type."""
    free = f"{line.path}/AdditionalInformation[{len(line.answers) + len(line.notes) + 1}]"
    place = next((note.path for note in line.notes if note.type == OPERATION), free).removeprefix("/Declaration/")
    return Field(
        f"{place}/StatementDescription", _l("Operation with waste"), width="w-quarter", hint=_l("D1 to D15, or R1 to R13."),
        implied=(("StatementTypeCode", OPERATION), ("StatementCode", "WASTE_OPERATION")),
    )  # fmt: skip
