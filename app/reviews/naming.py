"""Names behind codes, in three languages: agencies, countries, offices, as the edition in force has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import Text
from app.requirements import wording
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one edition; made once for a page, for asking which edition holds is a statement of its own."""

    edition: CompiledEdition

    def agency(self, code: str) -> Text:
        """Return the short name of an agency; its code where it is not known."""
        return wording.agency_name(code, self.edition)

    def agencies(self, codes: Iterable[str]) -> Text:
        """Return the short names of several agencies in one part of a sentence."""
        named = [self.agency(code) for code in codes]
        return {language: ", ".join(name[language] for name in named) for language in wording.LANGUAGES}

    def measure_type(self, name: str) -> Text:
        """Return the kind of a measure in words."""
        return wording.measure_type(name)

    def act(self, citation: str) -> Text:
        """Return the acts behind a measure in words."""
        return wording.act(citation)

    def note(self, text: str) -> Text:
        """Return the note of a measure in words."""
        return wording.note(text)

    def country(self, code: str) -> Text:
        """Return the name of a country by its alpha-2 code; the code where it is not known."""
        return self.edition.name_of("countries", code) or _same(code)

    def office(self, code: str) -> Text:
        """Return the name of a customs office; its code where it is not known, Russian where there is no Belarusian."""
        row = self.edition.offices.get(code)
        if row is None:
            return _same(code)
        return {"be": row.name_be or row.name_ru or code, "ru": row.name_ru or code, "en": row.name_en or code}


def names() -> Names:
    """Return the names of the edition in force: one statement."""
    return Names(current_edition())


def _same(code: str) -> Text:
    return {language: code for language in wording.LANGUAGES}
