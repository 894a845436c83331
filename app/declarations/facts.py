"""The facts of a package that the law reads: the typed view turned into plain values for the requirements room."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import date

from app.declarations.package import Answer, Line, Package, SupportingDocument
from app.declarations.rules.declaring import Registry
from app.declarations.rules.environment import BASEL, coded, operation_of
from app.declarations.rules.goods import procedure_of
from app.requirements import deriving
from app.requirements.compiling import CompiledEdition
from app.requirements.facts import DocumentFacts, ItemFacts, PackageFacts

ANSWERS = {"Y": True, "N": False}


def facts_of(
    package: Package,
    *,
    edition: CompiledEdition,
    on: date,
    attached: Collection[str] | None = frozenset(),
    registry: Registry | None = None,
) -> PackageFacts:
    """Return what measures read in a package as of its filing day.

    ``attached``: XPaths of the documents that a file stands behind; None where that cannot be known (a checker without
    the files), then no document is held to be without one. ``registry`` tells which numbers the window itself knows.
    """
    transport = package.border_transport
    mode = transport.mode if transport else ""
    carriage = deriving.from_carriage(
        edition,
        on=on,
        direction=package.direction,
        mode=mode,
        nationality=transport.nationality if transport else "",
        departure=package.export_country or next((line.export_country for line in package.lines), ""),
    )
    shelf = _Shelf(edition, attached, registry)
    return PackageFacts(
        direction=package.direction,
        on=on,
        items=tuple(_item(line, edition, shelf, deriving.by_road(mode)) for line in package.lines),
        destination=package.destination or next((line.destination for line in package.lines if line.destination), ""),
        answers=_answers(package.answers),
        data_flags=carriage.flags,
        settled=carriage.settled,
        evidence=carriage.evidence,
        documents=tuple(map(shelf.facts, package.documents)),
    )


def fingerprint(line: Line) -> str:
    """Return a SHA-256 of everything a goods item says, so that a review notices any change in what it judged."""
    return hashlib.sha256(repr(line).encode()).hexdigest()


class _Shelf:
    """Turns documents into facts: our code, whether a file stands behind, whether the window knows the number."""

    __slots__ = ("_attached", "_edition", "_registry")

    def __init__(self, edition: CompiledEdition, attached: Collection[str] | None, registry: Registry | None) -> None:
        self._edition, self._attached, self._registry = edition, attached, registry

    def facts(self, document: SupportingDocument) -> DocumentFacts:
        """Return the facts of one document; a permit that was revoked proves nothing."""
        known = self._registry.permit(document.number) if self._registry is not None and document.number else None
        return DocumentFacts(
            type=self._edition.document_code(document.category, document.type),
            number=document.number,
            issued_on=document.effective_on or document.issued_on,
            expires_on=document.expires_on,
            attached=self._attached is None or document.path in self._attached,
            registered=known is not None and not known.revoked,
            path=document.path,
            fingerprint=document.file_sha256,
        )


def _item(line: Line, edition: CompiledEdition, shelf: _Shelf, road: bool) -> ItemFacts:
    derived = deriving.from_goods(
        edition,
        pointer=f"42A/67A/68A[{line.number}]",
        code=line.code,
        scientific_name=line.scientific_name,
        packages=[packing.type for packing in line.packings if packing.type],
        undg=line.undg,
        duty_regime=line.duty_regime,
        basel_codes=[one.id for one in coded(line, BASEL)],
        operation=operation_of(line)[0],
        road=road,
    )
    return ItemFacts(
        number=line.number,
        code=line.code,
        origin=line.origin,
        origin_region=line.origin_region,
        procedure=procedure_of(line),
        answers=_answers(line.answers),
        data_flags=derived.flags,
        settled=derived.settled,
        evidence=derived.evidence,
        documents=tuple(map(shelf.facts, line.documents)),
        fingerprint=fingerprint(line),
    )


def _answers(answers: Iterable[Answer]) -> dict[str, bool]:
    """Return yes and no by code; anything else is a fault of its own and answers nothing."""
    return {answer.code: ANSWERS[answer.value] for answer in answers if answer.value in ANSWERS}
