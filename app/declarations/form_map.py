"""The web form as data: which leaf of the package stands on which page, under which words, in which kind of box.

A field is named by the XPath of its leaf below Declaration, so that a fault finds its field without a second table. What
no field names stays in the package untouched and is shown read-only on the check page.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.declarations import item_form
from app.declarations.form_parts import Field, Group, earlier, table
from app.declarations.package import Package
from app.declarations.pointers import steps

PARTIES, TRANSPORT, ITEM, DOCUMENTS, QUESTIONS = "parties", "transport", "item", "documents", "questions"
SHIPMENT = "GoodsShipment"
GOODS = f"{SHIPMENT}/GovernmentAgencyGoodsItem"
TYPE_CODES = {"import": "IM", "export": "EX", "transit": "TR"}


# --- the pages ----------------------------------------------------------------------------------------------------


def groups(section: str, package: Package, number: int | None = None) -> tuple[Group, ...]:
    """Return the groups of one page for this package; ``number`` is the goods item on page ``item``, from 1."""
    if section == ITEM:
        return item_form.groups(package.lines[(number or 1) - 1])
    return {PARTIES: _parties, TRANSPORT: _transport}[section](package)


def paths(package: Package) -> frozenset[str]:
    """Return the XPaths of every leaf that some page has a box for."""
    found: set[str] = set()
    pages = [(PARTIES, None), (TRANSPORT, None), *((ITEM, line.number) for line in package.lines)]
    for section, number in pages:
        for group in groups(section, package, number):
            for field in group.every():
                found.add(field.path)
                found.update(f"{field.path.rpartition('/')[0]}/{name}" for name, _value in field.implied)
    return frozenset(found)


def place_of(path: str) -> tuple[str, int | None]:
    """Return the page that mends a fault at an XPath, and its goods item: ``("item", 2)``, ``("parties", None)``."""
    names = steps(path)
    item = next((index or 1 for name, index in names if name == "GovernmentAgencyGoodsItem"), None)
    inside = {name for name, _index in names}
    if "AdditionalDocument" in inside:
        return DOCUMENTS, item
    if "AdditionalInformation" in inside:
        return QUESTIONS, item
    if item is not None:
        return ITEM, item
    return (TRANSPORT, None) if inside & _ON_TRANSPORT or path == f"/Declaration/{SHIPMENT}" else (PARTIES, None)


_ON_TRANSPORT = {
    "BorderTransportMeans", "Consignment", "ExportCountry", "Destination", "ExitOffice", "Warehouse", "PreviousDocument",
    "ObligationGuarantee", "Surety", "Itinerary",
}  # fmt: skip


def _parties(package: Package) -> tuple[Group, ...]:
    about = Group(
        _l("The declaration"),
        (
            Field(
                "FunctionalReferenceID", _l("Your reference"),
                hint=_l("Your own number for this package (LRN), for example BMT-26-1187. Use each one once."),
            ),
            Field("TypeCode", _l("Direction"), "choice", codes="directions"),
            Field("DeclarationOfficeID", _l("Customs office"), "choice", codes="offices", width="w-two-thirds"),
        ),
    )  # fmt: skip
    totals = Group(
        _l("Totals and terms of sale"),
        (
            Field(
                "InvoiceAmount", _l("Invoice total"), "decimal", attribute="currencyID", beside="currencies",
                hint=_l("The sum of the prices of all goods items, for example 118240,00 EUR."),
            ),
            Field(
                "TotalGrossMassMeasure", _l("Gross mass of all goods, kg"), "decimal", attribute="unitCode", unit="KGM",
                hint=_l("Goods with their packaging, without containers and vehicles."),
            ),
            Field("TotalPackageQuantity", _l("Number of packages"), "whole"),
            Field(f"{SHIPMENT}/TradeTerms/ConditionCode", _l("Delivery terms"), "choice", codes="incoterms"),
            Field(f"{SHIPMENT}/TradeTerms/LocationName", _l("Place named in the terms"), hint=_l("For example Minsk.")),
        ),
    )  # fmt: skip
    return (about, *(_party(role) for role in _roles(package)), totals)


_ROLES: dict[str, tuple[str, Any]] = {
    "importer": (f"{SHIPMENT}/Importer", _l("Importer")),
    "exporter": ("Exporter", _l("Exporter")),
    "consignor": (f"{SHIPMENT}/Consignor", _l("Consignor (sender of the goods)")),
    "consignee": (f"{SHIPMENT}/Consignee", _l("Consignee (receiver of the goods)")),
    "declarant": ("Declarant", _l("Declarant")),
    "agent": ("Agent", _l("Customs broker")),
    "submitter": ("Submitter", _l("Who sends the message")),
}
_USUAL = {
    "import": ("importer", "exporter", "declarant", "agent"),
    "export": ("exporter", "consignee", "declarant", "agent"),
    "transit": ("declarant", "consignor", "consignee", "agent"),
}


def _roles(package: Package) -> list[str]:
    """The parties a direction needs, and whoever else the package names."""
    usual = _USUAL.get(package.direction, _USUAL["import"])
    return [*usual, *(role for role in _ROLES if role not in usual and getattr(package, role) is not None)]


def _party(role: str) -> Group:
    base, title = _ROLES[role]
    own = role in ("importer", "declarant", "agent")
    hint = _l("UNP: 9 digits. Foreign firms: the number of their own register, or leave it empty.")
    fields = (
        Field(f"{base}/ID", _l("UNP or registration number"), hint=hint if not own else _l("9 digits.")),
        Field(f"{base}/Name", _l("Name"), width="w-two-thirds"),
        Field(f"{base}/Address/Line", _l("Street and number"), width="w-two-thirds"),
        Field(f"{base}/Address/CityName", _l("City")),
        Field(f"{base}/Address/PostcodeID", _l("Postcode"), width="w-quarter"),
        Field(f"{base}/Address/CountryCode", _l("Country"), "listed", codes="countries", width="w-quarter"),
    )
    if role == "agent":
        status = Field(f"{base}/FunctionCode", _l("Acts in whose name"), "choice", codes="agent_status")
        return Group(title, (*fields, status), _l("Leave empty when the trader files in its own name."))
    return Group(title, fields)


def _transport(package: Package) -> tuple[Group, ...]:
    consignment = f"{SHIPMENT}/Consignment"
    inland, heading = (
        ("DepartureTransportMeans", _l("At departure inside the country"))
        if package.direction == "export"
        else ("ArrivalTransportMeans", _l("At arrival"))
    )
    border = Group(
        _l("At the border"),
        (
            Field("BorderTransportMeans/ModeCode", _l("Mode of transport"), "choice", codes="transport"),
            Field("BorderTransportMeans/ID", _l("Number of the vehicle"), hint=_l("Plate, wagon, flight or vessel number.")),
            Field(
                "BorderTransportMeans/RegistrationNationalityCode", _l("Country of registration"), "listed",
                codes="countries", width="w-quarter",
            ),
        ),
    )  # fmt: skip
    arrival = Group(
        heading,
        (
            Field(f"{consignment}/{inland}/ModeCode", _l("Mode of transport"), "choice", codes="transport"),
            Field(f"{consignment}/{inland}/ID", _l("Number of the vehicle")),
        ),
    )
    return (
        border, arrival, _route(), _containers(package), earlier(SHIPMENT, package.previous_documents), _guarantees(package),
    )  # fmt: skip


def _route() -> Group:
    consignment = f"{SHIPMENT}/Consignment"
    return Group(
        _l("Route"),
        (
            Field(f"{SHIPMENT}/ExportCountry/ID", _l("Country of dispatch"), "listed", codes="countries"),
            Field(f"{consignment}/ContainerCode", _l("Goods in containers"), "choice", codes="in_containers"),
            Field(f"{SHIPMENT}/Destination/CountryCode", _l("Country of destination"), "listed", codes="countries"),
            Field("ExitOffice/ID", _l("Customs office of exit"), "choice", codes="offices", width="w-two-thirds"),
            Field(
                f"{consignment}/GoodsLocation/ID",
                _l("Where the goods are (code)"),
                hint=_l("Code of the zone or place."),
            ),
            Field(f"{consignment}/GoodsLocation/Name", _l("Where the goods are (words)"), width="w-two-thirds"),
            Field(f"{SHIPMENT}/Warehouse/ID", _l("Warehouse"), hint=_l("Only for goods placed in a warehouse.")),
        ),
    )


def _containers(package: Package) -> Group:
    base = f"{SHIPMENT}/Consignment/TransportEquipment"

    def row(place: str, index: int) -> tuple[Field, ...]:
        seals = len(package.containers[index].seals) if index < len(package.containers) else 0
        return (
            Field(f"{place}/ID", _l("Container"), hint=_l("For example MSKU1234565.")),
            *(Field(f"{place}/Seal[{n}]/ID", _l("Seal")) for n in range(1, max(seals, 1) + 1)),
        )

    return table(_l("Containers and seals"), base, len(package.containers), row)


def _guarantees(package: Package) -> Group:
    def row(place: str, index: int) -> tuple[Field, ...]:
        return (
            Field(f"{place}/SecurityDetailsCode", _l("Kind"), width="w-quarter"),
            Field(f"{place}/ID", _l("Number of the security")),
            Field(f"{place}/ReferenceID", _l("Reference of the guarantee")),
            Field(f"{place}/AmountAmount", _l("Amount"), "decimal", attribute="currencyID", beside="currencies"),
        )

    return table(_l("Security for duties"), "ObligationGuarantee", len(package.guarantees), row)
