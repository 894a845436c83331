"""The form of one supporting document, and which kinds of document are wanted where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.declarations.draft_edits import Change, document_path
from app.declarations.form_lists import Lists
from app.declarations.form_parts import Field, Group
from app.declarations.package import Package, SupportingDocument
from app.requirements.outcome import Missing, Outcome
from app.requirements.satisfaction import HELD

LEAVES = frozenset(
    {
        "TypeCode", "CategoryCode", "ID", "Name", "IssueDateTime", "EffectiveDateTime", "ExpirationDateTime",
        "LPCOExemptionCode", "WriteOff/QuantityQuantity", "Attachment/FileName", "Attachment/SHA256", "Attachment/MediaType",
    }
)  # fmt: skip
"""Leaves below AdditionalDocument that the pages of documents show."""


def group(item: int | None, place: int) -> Group:
    """Return the boxes of the n-th document of a goods item, or of the whole package (None)."""
    base = document_path(item, place).removeprefix("/Declaration/")
    fields = [
        Field(f"{base}/TypeCode", _l("Kind of document"), "choice", codes="document_types", width="w-full"),
        Field(f"{base}/ID", _l("Number"), hint=_l("As printed on the document.")),
        Field(f"{base}/IssueDateTime", _l("Date of issue"), "day", hint=_l("For example 22.11.2026."), width="w-quarter"),
        Field(f"{base}/EffectiveDateTime", _l("Valid from"), "day", width="w-quarter"),
        Field(f"{base}/ExpirationDateTime", _l("Valid until"), "day", width="w-quarter"),
        Field(f"{base}/Name", _l("Short name"), hint=_l("Only where the kind alone does not say it.")),
        Field(f"{base}/CategoryCode", _l("Category"), width="w-quarter", hint=_l("N, X or C in foreign messages.")),
        Field(
            f"{base}/LPCOExemptionCode", _l("Exemption or state"), width="w-quarter",
            hint=_l("Only when the document is replaced by an exemption."),
        ),
    ]  # fmt: skip
    if item is not None:
        fields.append(
            Field(
                f"{base}/WriteOff/QuantityQuantity", _l("Quantity this item takes from the permit"), "decimal",
                attribute="unitCode", beside="units", hint=_l("For permits that cover a quantity."),
            )
        )  # fmt: skip
    return Group(_l("The document"), tuple(fields))


def fields_of(changes: Sequence[Change], item: int | None, place: int) -> dict[str, str | None]:
    """Turn the changes of a read form into leaves below AdditionalDocument, attributes as ``leaf@name``."""
    base = f"{document_path(item, place)}/"
    found: dict[str, str | None] = {}
    for path, value, attributes in changes:
        leaf = path.removeprefix(base)
        found[leaf] = value
        found |= {f"{leaf}@{name}": mark for name, mark in (attributes or {}).items()}
    return found


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of one place: the whole package (item None) or one goods item, and what is still missing there."""

    item: int | None
    title: str
    documents: tuple[tuple[int, SupportingDocument, str], ...]
    missing: tuple[tuple[Missing, int], ...]
    """What is missing, and the place of the document that stands there but does not do yet (0: none)."""


def shelves(package: Package, outcome: Outcome, lists: Lists) -> list[Shelf]:
    """Return the documents place by place, each with its words, and what the law still wants there."""
    names = lists.document_names(package)

    def shelf(item: int | None, title: str, documents: tuple[SupportingDocument, ...]) -> Shelf:
        wanted = tuple(
            (one, place) for one in outcome.missing if (place := _place(one, item, package, lists)) is not None
        )
        named = tuple((n, one, names.get((one.category, one.type), one.type)) for n, one in enumerate(documents, 1))
        return Shelf(item, title, named, wanted)

    return [
        shelf(None, "", package.documents),
        *(shelf(line.number, line.description, line.documents) for line in package.lines),
    ]


def kept(outcome: Outcome) -> dict[str, str]:
    """Return the documents that need not be shown because an accreditation stands in their place: code to its number."""
    found = (
        one for lane in outcome.lanes for measure in lane.measures for each in measure.findings for one in each.found
    )
    return {one.code: one.number for one in found if one.state == HELD}


def _place(missing: Missing, item: int | None, package: Package, lists: Lists) -> int | None:
    """Where a missing document belongs: the place of the one that does not do yet, 0 for a new one, None if not here."""
    codes = {code for way in missing.ways for code in way}
    here = [
        (one.item, place)
        for shelf in (package.documents, *(line.documents for line in package.lines))
        for place, one in enumerate(shelf, 1)
        if lists.edition.document_code(one.category, one.type) in codes
        and (one.item is None or one.item in missing.items)
    ]
    if missing.problem != "misplaced" and here:
        return next((place for where, place in here if where == item), None)
    wide = all(document.scope == "package" for document in missing.documents)
    belongs = wide if item is None else not wide and item in missing.items
    return 0 if belongs else None


def wanted_codes(outcome: Outcome, item: int | None) -> list[str]:
    """Return the codes of documents that are missing there, in order: offered first in the list of kinds."""
    codes = [code for one in outcome.missing if item is None or item in one.items for way in one.ways for code in way]
    return list(dict.fromkeys(codes))
