"""Whether a document satisfies a code, as domain.md section 3 says.

It must stand on the item, or on the header if its type is package-wide, with a number, dates valid on the filing day,
and either a file attached or the number found in a registry. A number alone is enough for the types marked
``number_suffices`` (customs papers), never for permits and certificates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from app.requirements.facts import DocumentFacts
from app.requirements.outcome import Found
from app.requirements.rows import DocumentTypeRow

GOOD = ("shown", "declared")
HELD = "held"
"""The state of a document that an accredited trader keeps and shows only when asked: its number is that of the accreditation."""
WORST_LAST = ("shown", "declared", "not_shown", "expired", "early", "no_number", "misplaced", "absent")
"""States from satisfied to absent: of several documents of one code the best one counts."""

_RANK = {state: rank for rank, state in enumerate(WORST_LAST)}
Ways = tuple[tuple[str, ...], ...]
"""Every way to satisfy one demand, each a set of codes (``grammar.ways``)."""

ByType = Mapping[str, list[DocumentFacts]]


def by_type(documents: Iterable[DocumentFacts]) -> ByType:
    """Group documents by their code."""
    grouped: dict[str, list[DocumentFacts]] = {}
    for document in documents:
        grouped.setdefault(document.type, []).append(document)
    return grouped


def state(document: DocumentFacts, kind: DocumentTypeRow | None, on: date) -> str:
    """Return one of ``WORST_LAST`` (misplaced and absent excepted) for one document on one day."""
    if not document.number.strip():
        return "no_number"
    if document.issued_on is not None and document.issued_on > on:
        return "early"
    if document.expires_on is not None and document.expires_on < on:
        return "expired"
    if document.attached or document.registered:
        return "shown"
    return "declared" if kind is not None and kind.number_suffices else "not_shown"


class Shelf:
    """The documents one goods item can show: its own, and the package-wide ones of the header. Remembers each code's
    state.
    """

    __slots__ = ("_header", "_item", "_known", "_on", "_types")

    def __init__(self, item: ByType, header: ByType, types: Mapping[str, DocumentTypeRow], on: date) -> None:
        self._item, self._header, self._types, self._on = item, header, types, on
        self._known: dict[str, tuple[str, Found | None]] = {}

    def look(self, code: str) -> tuple[str, Found | None]:
        """Return the best state of a code and the document that reached it when it satisfies."""
        known = self._known.get(code)
        if known is None:
            known = self._known[code] = self._best(code)
        return known

    def _best(self, code: str) -> tuple[str, Found | None]:
        kind, on_header = self._types.get(code), self._header.get(code, ())
        wide = kind is not None and kind.scope == "package"
        own = self._item.get(code, ())
        if not own and not on_header:
            return "absent", None
        if not own and not wide:
            return "misplaced", None
        graded = [(state(document, kind, self._on), document) for document in (*own, *(on_header if wide else ()))]
        best, document = min(graded, key=lambda pair: _RANK[pair[0]])
        if best not in GOOD:
            return best, None
        return best, Found(code, document.number, document.path, best, document.fingerprint)

    def satisfies(self, ways: Ways) -> tuple[Found, ...] | None:
        """Return the documents that satisfy a demand (one of its ways), None when none does."""
        for way in ways:
            found = [self.look(code)[1] for code in way]
            if all(found):
                return tuple(document for document in found if document is not None)
        return None

    def spared(self, ways: Ways, kept: Mapping[str, str]) -> tuple[Found, ...] | None:
        """Return what satisfies a demand when accreditations stand in place of some documents (``kept``: code to number of the
        accreditation), None when even so nothing does."""
        for way in ways:
            found = [
                self.look(code)[1] or (Found(code, kept[code], "", HELD, "") if code in kept else None) for code in way
            ]
            if all(found):
                return tuple(document for document in found if document is not None)
        return None

    def problem(self, ways: Ways) -> str:
        """Return the state nearest to satisfied among the codes of an unsatisfied demand: what is wrong in one word."""
        states = {self.look(code)[0] for way in ways for code in way}
        return min(states.difference(GOOD), key=lambda known: _RANK[known], default="absent")
