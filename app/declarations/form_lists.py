"""The code lists behind the boxes of the form: what may be chosen, in the reader's language, and what a typed name means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.declarations.package import ASHRAE, BASEL, CAS, NATIONAL_WASTE, Package
from app.requirements.alphabet import place
from app.requirements.compiling import CompiledEdition

Choice = tuple[str, str]
"""Code and words."""

_FROM_EDITION = {"countries", "currencies", "incoterms", "packages", "units"}


class Lists:
    """The lists of one edition for one reader; ``language`` is be, ru or en."""

    def __init__(self, edition: CompiledEdition, language: str, direction: str = "") -> None:
        self.edition, self.language, self.direction = edition, language, direction
        self._made: dict[str, list[Choice]] = {}

    def choices(self, codes: str, current: str = "") -> list[Choice]:
        """Return the entries of a list; a value in use that the list does not hold stands last, so that it is not lost."""
        found = self.entries(codes)
        if current and all(code != current for code, _words in found):
            return [*found, (current, _("%(code)s (as received)", code=current))]
        return found

    def entries(self, codes: str) -> list[Choice]:
        """Return the entries of a list by its name."""
        if codes not in self._made:
            self._made[codes] = list(self._entries(codes))
        return self._made[codes]

    def words(self, codes: str, code: str) -> str:
        """Return the words for a code, the code itself where the list does not know it."""
        return next((words for known, words in self.entries(codes) if known == code), code)

    def resolve(self, codes: str, typed: str) -> str:
        """Return the code a person meant: the code itself in any case, or its name in any language."""
        wanted = typed.casefold().strip()
        known = {code.casefold(): code for code, _words in self.entries(codes)}
        if wanted in known:
            return known[wanted]
        if codes in _FROM_EDITION:
            for code, row in self.edition.lists.get(codes, {}).items():
                if wanted in {name.casefold() for name in (row.name_be, row.name_ru, row.name_en) if name}:
                    return code
        named = {words.casefold(): code for code, words in self.entries(codes)}
        return named.get(wanted, typed)

    def _entries(self, codes: str) -> Iterable[Choice]:
        if codes in _FROM_EDITION:
            rows = self.edition.lists.get(codes, {}).items()
            return sorted(((code, self.name(row)) for code, row in rows), key=lambda entry: place(entry[1]))
        made: Iterable[Choice] = getattr(self, f"_{codes}")()
        return made

    def name(self, row: Any) -> str:
        """Return a row's name in the reader's language, in another where it has none."""
        for language in (self.language, "ru", "en"):
            words = getattr(row, f"label_{language}", "") or getattr(row, f"name_{language}", "")
            if words:
                return str(words)
        return str(row.code)

    def document_names(self, package: Package) -> dict[tuple[str, str], str]:
        """Return the words for every (category, type) of document a package declares, foreign ones by their twins."""
        return {
            (one.category, one.type): self.words("document_types", self.edition.document_code(one.category, one.type))
            for one in package.all_documents
        }

    # --- lists that are made ---

    def _directions(self) -> Iterable[Choice]:
        return [("IM", _("Import")), ("EX", _("Export")), ("TR", _("Transit"))]

    def _in_containers(self) -> Iterable[Choice]:
        return [("1", _("yes")), ("0", _("no"))]

    def _agent_status(self) -> Iterable[Choice]:
        return [("2", _("in the name of the trader")), ("3", _("in its own name"))]

    def _offices(self) -> Iterable[Choice]:
        return [(code, f"{code} · {self.name(row)}") for code, row in sorted(self.edition.offices.items())]

    def _transport(self) -> Iterable[Choice]:
        rows = self.edition.lists.get("UNECE-REC19", {})
        return [(code, self.name(row)) for code, row in sorted(rows.items()) if code not in "09"]

    def _valuation(self) -> Iterable[Choice]:
        rows = self.edition.lists.get("valuation_method", {})
        return [(code, f"{code} · {self.name(row)}") for code, row in sorted(rows.items())]

    def _procedures(self) -> Iterable[Choice]:
        rows = self.edition.lists.get("procedures", {})
        return [
            (code, f"{code} · {self.name(row)}")
            for code, row in sorted(rows.items())
            if not self.direction or self.direction in row.note
        ]

    def _all_procedures(self) -> Iterable[Choice]:
        rows = self.edition.lists.get("procedures", {})
        return [("00", _("00 · none")), *((code, f"{code} · {self.name(row)}") for code, row in sorted(rows.items()))]

    def _document_types(self) -> Iterable[Choice]:
        rows = self.edition.document_types
        return [(code, f"{self.name(row)} ({code})") for code, row in sorted(rows.items())]

    def _classifications(self) -> Iterable[Choice]:
        return [(code, words) for code, words in classification_names().items()]


def classification_names() -> Mapping[str, str]:
    """The lists a goods item may be coded by beside the goods code (Commodity/Classification/IdentificationTypeCode)."""
    return {
        BASEL: _("Basel Convention code of waste"),
        NATIONAL_WASTE: _("National code of waste"),
        CAS: _("CAS number"),
        ASHRAE: _("ASHRAE name of a refrigerant"),
    }
