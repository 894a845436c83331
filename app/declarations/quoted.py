"""The advance rulings that a package quotes, and whether what it declares agrees with them. Pure.

The rules, the pages of a draft and the officer's desk read the same comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.declarations.package import Line, Package, SupportingDocument
from app.requirements.compiling import CompiledEdition

CODES = ("05013", "06015", "04400")
"""Kinds of documents under which rulings are quoted: classification, origin, customs value (Decision 378, annex 8)."""


_ENDS = frozenset(code[-3:] for code in CODES)
"""How each of them ends, also where a message divides it into category and type (05 + 013)."""


@dataclass(frozen=True, slots=True)
class AdvanceRuling:
    """A ruling as the window holds it. ``document_code`` is the kind it is quoted under, ``holder`` a UNP; ``holds_until`` is
    the first day on which it no longer holds; ``code``, ``origin`` and ``method`` are empty where it does not speak of them."""

    number: str
    document_code: str
    holder: str
    valid_from: date
    holds_until: date
    code: str = ""
    origin: str = ""
    method: str = ""

    def holds_on(self, on: date) -> bool:
        """Whether a package filed on that day may rest on it."""
        return self.valid_from <= on < self.holds_until


@dataclass(frozen=True, slots=True)
class Quote:
    """A document that quotes a ruling, with our code of its kind."""

    document: SupportingDocument
    code: str


def quotes(package: Package, edition: CompiledEdition) -> list[Quote]:
    """Return the documents of a package that quote a ruling by number, header first."""
    twins = {twin for twin, code in edition.twins.items() if code in CODES}
    return [
        Quote(document, code)
        for document in package.all_documents
        # A package has thousands of papers and hardly ever a ruling: most are told by their kind alone.
        if (document.category + document.type)[-3:] in _ENDS or document.type.removeprefix("N") in twins
        if document.number and (code := edition.document_code(document.category, document.type)) in CODES
    ]


def lines_of(quote: Quote, ruling: AdvanceRuling, package: Package) -> Sequence[Line]:
    """Return the goods items that a quote speaks of: the item it stands at; at the header those with the ruling's code, or all
    where the ruling names none."""
    if quote.document.item is not None:
        return [line for line in package.lines if line.number == quote.document.item]
    return [line for line in package.lines if not ruling.code or line.code == ruling.code]


def code_differs(quote: Quote, ruling: AdvanceRuling, package: Package) -> Iterator[Line]:
    """Yield the goods items whose code is not the one ruled; at the header the first item when none has it."""
    if not ruling.code:
        return
    lines = lines_of(quote, ruling, package)
    if not lines:
        yield from package.lines[:1]
    yield from (line for line in lines if line.code != ruling.code)


def origin_differs(quote: Quote, ruling: AdvanceRuling, package: Package) -> Iterator[Line]:
    """Yield the goods items whose country of origin is not the one ruled."""
    if ruling.origin:
        yield from (line for line in lines_of(quote, ruling, package) if line.origin != ruling.origin)
