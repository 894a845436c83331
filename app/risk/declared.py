"""What a package itself says, as facts of the catalogue. Pure: no read, and only what is asked for is worked out.

A text that is not given is "" and a number that is not given is not known; so "is not declared" can be told from "is zero".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain

from app.declarations.package import ASHRAE, BASEL, CAS, NATIONAL_WASTE, Line, Package, Party, SupportingDocument
from app.declarations.versions import kilograms
from app.requirements import deriving, packaged
from app.requirements.compiling import CompiledEdition
from app.risk.facts import ITEM, Ref, Value, ratio

TRANSPORT_PAPERS = "020"
"""The first figures of the codes of transport documents in the EAEU classifier (02011 … 02099)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A package with what is needed to read it: the edition of the law for its code lists, and the day it is judged on."""

    package: Package
    edition: CompiledEdition
    on: date


def value_of(said: Said, ref: Ref, line: Line | None = None) -> Value:
    """Return a fact that the package itself tells, of one goods item where it is one of an item. Raises KeyError for any
    other fact."""
    if ref.kind.level == ITEM:
        assert line is not None
        return _OF_ITEM[ref.kind.name](said, line, ref.args)
    return _OF_PACKAGE[ref.kind.name](said)


def tells(ref: Ref) -> bool:
    """Whether the package itself tells a fact."""
    return ref.kind.name in _OF_ITEM or ref.kind.name in _OF_PACKAGE


# --- the whole package --------------------------------------------------------------------------------------------


def _country(*parties: Party | None) -> str:
    return next((party.country for party in parties if party is not None and party.country), "")


def _containers(package: Package) -> int:
    equipment = chain(package.containers, *(line.containers for line in package.lines))
    return len({container.id for container in equipment})


def _seals(package: Package) -> int:
    equipment = chain(package.containers, *(line.containers for line in package.lines))
    return len({*package.seals, *(seal for container in equipment for seal in container.seals)})


def _count(number: int | None) -> Value:
    return None if number is None else Decimal(number)


_OF_PACKAGE: Mapping[str, Callable[[Said], Value]] = {
    "package.direction": lambda said: said.package.direction,
    "package.office": lambda said: said.package.office,
    "package.exit_office": lambda said: said.package.exit_office,
    "package.transport_mode": lambda said: _transport(said.package)[0],
    "package.transport_nationality": lambda said: _transport(said.package)[1],
    "package.exporter_country": lambda said: _country(said.package.exporter, said.package.consignor),
    "package.importer_country": lambda said: _country(said.package.importer, said.package.consignee),
    "package.destination": lambda said: said.package.destination,
    "package.delivery_terms": lambda said: said.package.terms,
    "package.invoice_currency": lambda said: said.package.invoice.currency if said.package.invoice else "",
    "package.items": lambda said: Decimal(len(said.package.lines)),
    "package.packages": lambda said: _count(said.package.package_count),
    "package.gross_kg": lambda said: kilograms(said.package.gross),
    "package.containers": lambda said: Decimal(_containers(said.package)),
    "package.seals": lambda said: Decimal(_seals(said.package)),
    "package.guaranteed": lambda said: bool(said.package.guarantees),
    "package.through_agent": lambda said: said.package.agent is not None,
}


def _transport(package: Package) -> tuple[str, str]:
    border = package.border_transport
    return (border.mode, border.nationality) if border is not None else ("", "")


# --- one goods item -----------------------------------------------------------------------------------------------


@cache
def groups_of(country: str) -> frozenset[str]:
    """Return the groups that a country belongs to, as the reference data that travel with the program have them."""
    return frozenset(row["group"] for row in packaged.table("country_groups") if row["country"] == country)


def _packings(line: Line) -> Decimal | None:
    counts = [packing.count for packing in line.packings if packing.count is not None]
    return Decimal(sum(counts)) if counts else None


def _dispatch(said: Said, line: Line) -> str:
    return line.export_country or said.package.export_country


def _worth(line: Line) -> Decimal | None:
    return line.statistical.value if line.statistical is not None else None


def answered(said: Said, line: Line, value: str) -> frozenset[str]:
    """Return the flags that were answered so (Y or N) about an item or the whole package."""
    return frozenset(one.code for one in chain(line.answers, said.package.answers) if one.value == value)


def _flags(said: Said, line: Line) -> frozenset[str]:
    package = said.package
    mode, nationality = _transport(package)
    goods = deriving.from_goods(
        said.edition, pointer="", code=line.code, scientific_name=line.scientific_name,
        packages=[packing.type for packing in line.packings], undg=line.undg, duty_regime=line.duty_regime,
        basel_codes=line.codes(BASEL), operation=line.waste_operation, road=deriving.by_road(mode),
    )  # fmt: skip
    carriage = deriving.from_carriage(
        said.edition, on=said.on, direction=package.direction, mode=mode, nationality=nationality,
        departure=package.export_country,
    )  # fmt: skip
    return answered(said, line, "Y") | goods.flags | carriage.flags


def papers_of(said: Said, line: Line, code: str = "") -> Sequence[SupportingDocument]:
    """Return the documents that stand on an item or on the whole package; with a ``code`` those of this kind."""
    found = chain(line.documents, said.package.documents)
    if not code:
        return tuple(found)
    return tuple(one for one in found if said.edition.document_code(one.category, one.type) == code)


def _days_left(said: Said, line: Line, code: str) -> Value:
    ends = [one.expires_on for one in papers_of(said, line, code) if one.expires_on is not None]
    return Decimal((min(ends) - said.on).days) if ends else None


def _age(said: Said, line: Line, code: str) -> Value:
    issued = [one.issued_on for one in papers_of(said, line, code) if one.issued_on is not None]
    return Decimal((said.on - min(issued)).days) if issued else None


def _after_transport(said: Said, line: Line, code: str) -> Value:
    issued = [one.issued_on for one in papers_of(said, line, code) if one.issued_on is not None]
    left = [
        one.issued_on
        for one in papers_of(said, line)
        if one.issued_on is not None and said.edition.document_code(one.category, one.type).startswith(TRANSPORT_PAPERS)
    ]
    return Decimal((max(issued) - min(left)).days) if issued and left else None


def _codes(said: Said, papers: Iterable[SupportingDocument]) -> frozenset[str]:
    return frozenset(said.edition.document_code(one.category, one.type) for one in papers)


Args = tuple[str, ...]
_OF_ITEM: Mapping[str, Callable[[Said, Line, Args], Value]] = {
    "item.code": lambda said, line, args: line.code,
    "item.description": lambda said, line, args: line.description,
    "item.origin": lambda said, line, args: line.origin,
    "item.origin_groups": lambda said, line, args: groups_of(line.origin) if line.origin else None,
    "item.dispatch": lambda said, line, args: _dispatch(said, line),
    "item.dispatch_groups": lambda said, line, args: (
        groups_of(_dispatch(said, line)) if _dispatch(said, line) else None
    ),
    "item.procedure": lambda said, line, args: line.procedure,
    "item.previous_procedure": lambda said, line, args: line.previous_procedure,
    "item.net_kg": lambda said, line, args: kilograms(line.net),
    "item.gross_kg": lambda said, line, args: kilograms(line.gross),
    "item.packages": lambda said, line, args: _packings(line),
    "item.package_types": lambda said, line, args: frozenset(one.type for one in line.packings if one.type),
    "item.kg_per_package": lambda said, line, args: ratio(kilograms(line.net), _packings(line)),
    "item.statistical_value": lambda said, line, args: _worth(line),
    "item.value_per_kg": lambda said, line, args: ratio(_worth(line), kilograms(line.net)),
    "item.flags": lambda said, line, args: _flags(said, line),
    "item.denied": lambda said, line, args: answered(said, line, "N"),
    "item.scientific_name": lambda said, line, args: line.scientific_name,
    "item.cas": lambda said, line, args: frozenset(line.codes(CAS)),
    "item.refrigerants": lambda said, line, args: frozenset(line.codes(ASHRAE)),
    "item.waste_codes": lambda said, line, args: frozenset(line.codes(BASEL) + line.codes(NATIONAL_WASTE)),
    "item.waste_operation": lambda said, line, args: line.waste_operation,
    "item.dangerous_goods": lambda said, line, args: frozenset(line.undg),
    "item.quota": lambda said, line, args: line.quota,
    "item.documents": lambda said, line, args: _codes(said, papers_of(said, line)),
    "item.document_days_left": lambda said, line, args: _days_left(said, line, args[0]),
    "item.document_age_days": lambda said, line, args: _age(said, line, args[0]),
    "item.days_after_transport": lambda said, line, args: _after_transport(said, line, args[0]),
}
