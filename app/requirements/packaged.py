"""The reference data that travels with the program: the CSV files in ``data``, read as text."""

from __future__ import annotations

import csv
import hashlib
from functools import cache, lru_cache
from pathlib import Path

from app.errors import Text
from app.requirements import rows
from app.requirements.rows import EditionRows

DATA = Path(__file__).parent / "data"

BESIDE = (
    "measure_effects",
    "act_names",
    "measure_notes",
    "flag_groups",
    "questions",
    "document_twins",
    "document_sources",
    "cites_sample",
    "wood_packaging",
)
"""Tables written by us that only travel with the program; their digests are part of the edition."""

CODE_LISTS = {
    "countries": ("codelist_countries", "alpha2", "alpha3"),
    "currencies": ("codelist_currencies", "code", "minor_units"),
    "procedures": ("codelist_customs_procedures", "code", "direction"),
    "misc": ("codelist_declaration_misc", "code", ""),
    "incoterms": ("codelist_incoterms", "code", "note"),
    "packages": ("codelist_packages", "code", "bulk"),
    "transport": ("codelist_transport_modes", "code", ""),
    "units": ("codelist_units", "code", "okei_code"),
}
"""Name of a code list: file, column of its codes, column kept as note. Files with a list column name their own
lists.
"""

Row = dict[str, str]


@cache
def table(name: str) -> tuple[Row, ...]:
    """Return the rows of ``data/<name>.csv``. Everything is text: leading zeros matter, and ``NA`` is Namibia.

    Raises FileNotFoundError for a table that does not travel with the program. The rows are shared: do not change them.
    """
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def _by_first_column(name: str) -> dict[str, Row]:
    return {next(iter(row.values())): row for row in table(name)}


@lru_cache(maxsize=2048)
def in_languages(name: str, column: str, text: str) -> Text:
    """Return an English text in three languages, part by part: parts are divided by semicolons.

    A part is looked up in the first column of a table, its words stand in ``<column>_be`` and ``<column>_ru``; a part
    the table has not stays in English.
    """
    known = _by_first_column(name)
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return {
        language: "; ".join(known[part][f"{column}_{language}"] if part in known else part for part in parts)
        for language in ("be", "ru")
    } | {"en": text}


def note_of(note: str) -> Text:
    """Return the note of a measure in three languages (``measure_notes.csv``)."""
    return in_languages("measure_notes", "note", note)


@cache
def digest(name: str) -> str:
    """Return the SHA-256 of the bytes of ``data/<name>.csv``."""
    return hashlib.sha256((DATA / f"{name}.csv").read_bytes()).hexdigest()


@cache
def edition_rows() -> EditionRows:
    """Return everything an edition is compiled from, as it travels with the program: no database needed."""
    codes = [
        row
        for listing, (name, key, note) in CODE_LISTS.items()
        for row in map(rows.code_of(listing, key, note), table(name))
    ]
    return EditionRows(
        agencies=tuple(map(rows.agency, table("agencies"))),
        measures=tuple(map(rows.measure, table("requirements"))),
        document_types=tuple(map(rows.document_type, table("document_types"))),
        item_flags=tuple(map(rows.item_flag, table("item_flags"))),
        country_groups=tuple(map(rows.country_group, table("country_groups"))),
        goods_codes=tuple(map(rows.goods_code, table("hs_full_2022"))),
        codes=tuple(codes),
        offices=tuple(map(rows.office, table("customs_offices"))),
        texts=beside(),
    )


def beside() -> tuple[tuple[str, str], ...]:
    """Return name and digest of each table that only travels with the program."""
    return tuple((name, digest(name)) for name in BESIDE)
