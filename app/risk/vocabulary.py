"""Words for the codes that conditions name: countries, documents, flags, procedures and the rest, in three languages.

Pure: the lists travel with the program. A code that a list does not hold is refused when a condition is written, so that an
indicator never waits for something that cannot come.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from app.errors import Text
from app.requirements import packaged
from app.risk.facts import LANGUAGES, rows

_LISTS = {
    "country": ("codelist_countries", "alpha2", "name"),
    "document": ("document_types", "code", "label"),
    "flag": ("flag_groups", "flag", "label"),
    "office": ("customs_offices", "code", "name"),
    "procedure": ("codelist_customs_procedures", "code", "name"),
    "package": ("codelist_packages", "code", "name"),
    "incoterm": ("codelist_incoterms", "code", "name"),
    "currency": ("codelist_currencies", "code", "name"),
    "transport": ("codelist_transport_modes", "code", "name"),
}
"""Vocabulary: the table that travels with the program, the column of its codes, what its columns of names begin with."""
PATTERNS = {
    "goods": r"[0-9]{2,10}",
    "cas": r"[0-9]{2,7}-[0-9]{2}-[0-9]",
    "undg": r"(UN)?[0-9]{4}",
    "waste": r"[A-Z][0-9]{1,4}|[0-9]{7}",
    "operation": r"[DR][0-9]{1,2}",
    "refrigerant": r"[A-Z]-?[0-9]{2,4}[0-9A-Za-z()]*",
}
"""Identifiers that everybody says as they are written: what they may look like."""


@cache
def names(vocabulary: str) -> Mapping[str, Text]:
    """The codes of a vocabulary with their words; empty for identifiers that have none."""
    if vocabulary in _LISTS:
        table, key, stem = _LISTS[vocabulary]
        return {row[key]: _text(row, stem) for row in packaged.table(table)}
    return {row["code"]: _text(row, "label") for row in rows("words") if row["vocabulary"] == vocabulary}


def _text(row: Mapping[str, str], stem: str) -> Text:
    # A name that is not known in a language is said in the nearest one that has it.
    held = {language: row.get(f"{stem}_{language}") or "" for language in LANGUAGES}
    fallback = held["ru"] or held["en"] or held["be"]
    return {language: held[language] or fallback for language in LANGUAGES}


def knows(vocabulary: str, code: str) -> bool:
    """Whether a vocabulary has the code; free text ("" for the vocabulary) takes anything."""
    if not vocabulary:
        return True
    if vocabulary in PATTERNS:
        return re.fullmatch(PATTERNS[vocabulary], code) is not None
    return code in names(vocabulary)


def begins(vocabulary: str, start: str) -> bool:
    """Whether any code of a vocabulary begins so; identifiers and free text take anything."""
    held = names(vocabulary) if vocabulary and vocabulary not in PATTERNS else {}
    return not held or any(code.startswith(start) for code in held)


def say(vocabulary: str, code: str, language: str) -> str:
    """A code in words; an identifier, or what no list holds, as it is written."""
    text = names(vocabulary).get(code) if vocabulary else None
    return text[language] if text else code
