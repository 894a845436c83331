"""Advance information as facts: what it says itself, and what is known of its trader and its goods. What a declaration would say
later (documents, answers, procedures) is not known yet, and unknown never fires. Pure but for the reads that gathering makes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from app.advance import facts
from app.advance.message import Advance, Goods
from app.advance.message import Party as Named
from app.declarations import package as wco
from app.identity.models import Organisation
from app.requirements.compiling import CompiledEdition
from app.risk.facts import ItemValues, Ref, RiskFacts, Value, reading
from app.risk.gathering import Values, gather

SAID = frozenset(
    {
        "package.direction", "package.transport_mode", "package.transport_nationality", "package.exporter_country",
        "package.importer_country", "package.destination", "package.items", "package.packages", "package.gross_kg",
        "package.containers", "package.seals", "item.code", "item.description", "item.origin", "item.origin_groups",
        "item.dispatch", "item.dispatch_groups", "item.gross_kg", "item.packages", "item.dangerous_goods",
    }
)  # fmt: skip
"""The declared facts that advance information says too; every other one is not known before the declaration."""
READ = ("history", "company", "accreditation")
"""Groups of facts that are about the trader, whatever has been declared."""


def gather_announced(
    message: Advance, owner: Organisation | None, edition: CompiledEdition, *, on: date, changed_at: datetime,
    version: int, wanted: Iterable[Ref] = (),
) -> RiskFacts:  # fmt: skip
    """Return the facts of advance information on a day."""
    package = as_package(message)
    known, _reads = gather(package, owner, edition, on=on, wanted=tuple(wanted))
    own: dict[str, Value] = {"advance.quoted": False} | facts.of_message(
        message, changed_at=changed_at, version=version
    )

    def told(values: object, ref: Ref) -> Value:
        if ref.kind.name in own:
            return own[ref.kind.name]
        said = ref.kind.name in SAID or ref.kind.group in READ
        return values[ref.key] if said else None  # type: ignore[index]

    whole = Values(lambda ref: told(known.package, ref))
    items = tuple(
        ItemValues(one.number, one.code, Values(lambda ref, values=one.values: told(values, ref)))  # type: ignore[misc]
        for one in known.items
    )
    return RiskFacts(known.direction, on, whole, items)


def reads_of(wanted: Iterable[Ref]) -> tuple[Ref, ...]:
    """Return those of the wanted facts that are read for advance information."""
    return tuple(ref for ref in wanted if reading(ref.key).kind.group in READ)


def as_package(message: Advance) -> wco.Package:
    """Return the message as a package value with everything it does not say left empty."""
    first = message.vehicles[0]
    containers = tuple(wco.Container(one.id, one.seals, "") for one in message.containers)
    return wco.Package(
        lrn=message.reference, type_code="", direction=message.direction, function_code="", office=message.post,
        item_count=len(message.goods), invoice=None, gross=wco.Quantity(message.gross, "KGM"),
        package_count=message.packages or None, declarant=_party("declarant", message.declarant), agent=None,
        submitter=None, importer=_party("importer", message.consignee), exporter=_party("exporter", message.consignor),
        consignee=_party("consignee", message.consignee), consignor=_party("consignor", message.consignor),
        border_transport=wco.Transport(message.mode, first.id, first.nationality, ""), arrival_transport=None,
        departure_transport=None, containers=containers, seals=(), destination=message.destination,
        export_country=message.dispatch, terms="", terms_place="", goods_location="", exit_office="", ucr="", documents=(),
        answers=(), notes=(), previous_documents=(), guarantees=(), warehouse=message.warehouse,
        lines=tuple(_line(one, message) for one in message.goods),
    )  # fmt: skip


def _party(role: str, party: Named) -> wco.Party | None:
    if not (party.id or party.name or party.country):
        return None
    return wco.Party(role, party.id, party.name, "", "", party.country or ("BY" if party.id else ""), "", "")


def _line(goods: Goods, message: Advance) -> wco.Line:
    packing = (wco.Packing(goods.packing, goods.packages, "", ""),) if goods.packages is not None else ()
    value = wco.Money(goods.value, goods.currency) if goods.value is not None else None
    return wco.Line(
        number=goods.number, sequence=goods.number, description=goods.description, code=goods.code, code_path="",
        classifications=(), scientific_name="", origin=goods.origin, origin_region="", export_country=message.dispatch,
        destination=message.destination, procedure="", previous_procedure="", additional_procedures=(),
        gross=wco.Quantity(goods.gross, "KGM"), net=None, supplementary=None, price=value, statistical=None,
        packings=packing, documents=(), answers=(), notes=(), previous_documents=(), undg=goods.undg, duty_regime="",
        quota="", containers=(), path="",
    )  # fmt: skip
