"""Reference data as typed values: the common shape of a CSV line and of a database row.

Dates: ``valid_from`` inclusive, ``valid_to`` exclusive or None. The CSV files say ``valid_to`` inclusive: ``read``
adds the day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

BEGINNING = date(1900, 1, 1)
"""``valid_from`` of what has held for as long as we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """From a day (inclusive) to a day (exclusive, None = open)."""

    valid_from: date = BEGINNING
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow(Dated):
    """An agency. ``mode``: signs (has a queue), issues (stands in the customs review) or none."""

    code: str
    mode: str
    name_be: str
    name_ru: str
    name_en: str
    short_be: str
    short_ru: str
    short_en: str
    remit: str
    country: str
    role: str
    website: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow(Dated):
    """One measure of the law; hours are working hours."""

    code: str
    prefix: str
    direction: str
    origin: str
    destination: str
    procedures: str
    flag: str
    scope: str
    measure_type: str
    agency: str
    documents: str
    act: str
    area: str
    service_hours: int
    permit_lead_hours: int | None
    service_basis: str
    risk_class: str
    note: str
    date_precision: str
    verified_scope: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTypeRow(Dated):
    """A kind of document. ``scope``: item or package (then it may stand on the header)."""

    code: str
    category: str
    name_ru: str
    name_en: str
    label_be: str
    label_ru: str
    label_en: str
    issuer: str
    scope: str
    number_suffices: bool
    obtained_from: str
    travels_under: str
    applies_to: str
    note: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFlagRow(Dated):
    """A word that measures use for a property of goods, carriage or use."""

    code: str
    description: str
    declared_by: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryGroupRow(Dated):
    """One country (alpha-2) in one group."""

    group: str
    group_name: str
    country: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsCodeRow(Dated):
    """One code of HS 2022, 2, 4 or 6 digits."""

    code: str
    parent: str
    section: str
    name_be: str
    name_ru: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow(Dated):
    """One code of one list: countries, currencies, units, packages, procedures, incoterms, transport modes and
    others.
    """

    code_list: str
    code: str
    name_be: str
    name_ru: str
    name_en: str
    note: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow(Dated):
    """A customs house, clearance point or border point; ``code8`` is the EAEU code used in registration numbers."""

    code: str
    code8: str
    level: str
    name_be: str
    name_ru: str
    name_en: str
    house: str
    kind: str
    mode: str
    neighbour: str
    unlocode: str
    locality: str
    note: str
    source: str
    confidence: str


AnyRow = AgencyRow | MeasureRow | DocumentTypeRow | ItemFlagRow | CountryGroupRow | GoodsCodeRow | CodeRow | OfficeRow


@dataclass(frozen=True, slots=True)
class EditionRows:
    """Everything an edition is compiled from."""

    agencies: tuple[AgencyRow, ...] = ()
    measures: tuple[MeasureRow, ...] = ()
    document_types: tuple[DocumentTypeRow, ...] = ()
    item_flags: tuple[ItemFlagRow, ...] = ()
    country_groups: tuple[CountryGroupRow, ...] = ()
    goods_codes: tuple[GoodsCodeRow, ...] = ()
    codes: tuple[CodeRow, ...] = ()
    offices: tuple[OfficeRow, ...] = ()
    texts: tuple[tuple[str, str], ...] = field(default=())
    """Name and digest of the tables that only travel with the program (effects, questions, twins, sources)."""


Csv = Mapping[str, str]


def first_day(text: str) -> date:
    """Return an inclusive first day; empty means from the beginning."""
    return date.fromisoformat(text) if text else BEGINNING


def day_after(text: str) -> date | None:
    """Turn an inclusive last day into our exclusive end; empty means open."""
    return date.fromisoformat(text) + timedelta(days=1) if text else None


def agency(row: Csv) -> AgencyRow:
    """Read a line of ``agencies.csv``."""
    return AgencyRow(
        **_same(row, "code mode name_be name_ru name_en remit country role website source confidence"),
        short_be=row["name_short_be"],
        short_ru=row["name_short_ru"],
        short_en=row["name_short_en"],
    )


def measure(row: Csv) -> MeasureRow:
    """Read a line of ``requirements.csv``."""
    lead = row["permit_lead_hours"]
    return MeasureRow(
        **_same(
            row, "direction flag measure_type agency risk_class note source confidence service_basis date_precision"
        ),
        verified_scope=row["verified_scope"],
        code=row["id"],
        prefix=row["hs_prefix"],
        origin=row["origin_filter"],
        destination=row["destination_filter"],
        procedures=row["procedure_codes"],
        scope=row["hs_scope"],
        documents=row["document_type_codes"],
        act=row["legal_basis"],
        area=row["priority_area"],
        service_hours=int(row["service_hours"] or 0),
        permit_lead_hours=int(lead) if lead else None,
        valid_from=first_day(row["valid_from"]),
        valid_to=day_after(row["valid_to"]),
    )


def document_type(row: Csv) -> DocumentTypeRow:
    """Read a line of ``document_types.csv``."""
    return DocumentTypeRow(
        **_same(row, "code category name_ru name_en label_be label_ru label_en scope obtained_from travels_under"),
        **_same(row, "applies_to note source confidence"),
        issuer=row["issuer_agency"],
        number_suffices=row["number_suffices"] == "Y",
    )


def item_flag(row: Csv) -> ItemFlagRow:
    """Read a line of ``item_flags.csv``."""
    return ItemFlagRow(code=row["flag"], **_same(row, "description declared_by source confidence"))


def country_group(row: Csv) -> CountryGroupRow:
    """Read a line of ``country_groups.csv``."""
    return CountryGroupRow(
        **_same(row, "group group_name country source confidence"),
        valid_from=first_day(row["valid_from"]),
        valid_to=day_after(row["valid_to"]),
    )


def goods_code(row: Csv) -> GoodsCodeRow:
    """Read a line of ``hs_full_2022.csv``."""
    return GoodsCodeRow(**_same(row, "code parent section name_be name_ru name_en"), valid_from=date(2022, 1, 1))


def office(row: Csv) -> OfficeRow:
    """Read a line of ``customs_offices.csv``."""
    return OfficeRow(
        **_same(row, "code level name_be name_ru name_en kind mode neighbour unlocode locality note source confidence"),
        code8=row["code_eaeu8"],
        house=row["customs_house"],
    )


def code_of(listing: str, key: str = "code", note: str = "") -> Callable[[Csv], CodeRow]:
    """Return the reader of one code list: ``key`` is its column of codes, ``note`` a column worth keeping beside the
    names.
    """

    def read(row: Csv) -> CodeRow:
        return CodeRow(
            code_list=row.get("list") or row.get("scheme") or listing,
            code=row[key],
            note=row.get(note, ""),
            name_be=row.get("name_be") or row["name_ru"] or row["name_en"],
            name_ru=row["name_ru"] or row["name_en"],
            **_same(row, "name_en source confidence"),
            valid_from=first_day(row.get("valid_from", "")),
            valid_to=day_after(row.get("valid_to", "")),
        )

    return read


def _same(row: Csv, columns: str) -> dict[str, Any]:
    return {name: row[name] for name in columns.split()}
