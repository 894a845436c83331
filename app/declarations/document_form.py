"""The form of one supporting document, and which kinds of document are wanted where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.declarations.draft_edits import Change, document_path
from app.declarations.form_parts import Field, Group
from app.declarations.package import Package, SupportingDocument
from app.requirements.outcome import Missing, Outcome

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
    missing: tuple[Missing, ...]


def shelves(package: Package, outcome: Outcome | None, names: Mapping[tuple[str, str], Any]) -> list[Shelf]:
    """Return the documents place by place; ``names`` gives the words for a declared (category, type)."""
    missing = outcome.missing if outcome is not None else ()

    def shelf(item: int | None, title: str, documents: tuple[SupportingDocument, ...]) -> Shelf:
        wanted = tuple(one for one in missing if _stands(one, item))
        named = tuple((n, one, names.get((one.category, one.type), one.type)) for n, one in enumerate(documents, 1))
        return Shelf(item, title, named, wanted)

    return [
        shelf(None, "", package.documents),
        *(shelf(line.number, line.description, line.documents) for line in package.lines),
    ]


def _stands(missing: Missing, item: int | None) -> bool:
    """Whether a missing document would be put there: package-wide kinds on the package, the rest on their goods items."""
    wide = all(document.scope == "package" for document in missing.documents)
    return wide if item is None else not wide and item in missing.items


def wanted_codes(outcome: Outcome | None, item: int | None) -> list[str]:
    """Return the codes of documents that are missing there, in order: offered first in the list of kinds."""
    if outcome is None:
        return []
    codes = [code for one in outcome.missing if item is None or item in one.items for way in one.ways for code in way]
    return list(dict.fromkeys(codes))
