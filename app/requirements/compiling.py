"""An edition of the law made ready to answer: measures by goods prefix and direction, code sets, question texts.

Compiled once per edition (dependencies.md, budget of one filing) and kept in the process by its hash; never per
request.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field, fields
from datetime import date
from functools import lru_cache

from app.errors import Text
from app.requirements import grammar, packaged
from app.requirements.outcome import Wanted
from app.requirements.questions import Flag, QuestionKind, read_flags, read_questions
from app.requirements.rows import AgencyRow, CodeRow, DocumentTypeRow, EditionRows, GoodsCodeRow, MeasureRow, OfficeRow

CACHED_ANSWERS = 20_000
"""Entries kept per memo of an edition before it is emptied: codes and countries typed by strangers are not endless
memory.
"""


@dataclass(frozen=True, slots=True)
class CompiledMeasure:
    """A measure with its expressions read. ``exception``: the flag does not trigger the ban but is part of its
    exception.
    """

    code: str
    prefix: str
    agency: str
    effect: str
    measure_type: str
    clock: str
    exception: bool
    row: MeasureRow
    flag_tree: grammar.Node | None
    flags: tuple[str, ...]
    described: bool
    demands: tuple[tuple[tuple[str, ...], ...], ...]
    optional: tuple[str, ...]
    procedures: frozenset[str]
    origin: str
    destination: str
    note: str
    described_as: Text


@dataclass(frozen=True, slots=True)
class CompiledEdition:
    """One edition. ``hash`` names its content; equal content gives an equal hash, from CSV files or from the
    database.
    """

    hash: str
    customs: str
    agencies: dict[str, AgencyRow]
    measures: tuple[CompiledMeasure, ...]
    by_prefix: dict[tuple[str, str], tuple[CompiledMeasure, ...]]
    document_types: dict[str, DocumentTypeRow]
    wanted: dict[str, Wanted]
    twins: dict[str, str]
    flags: dict[str, Flag]
    questions: dict[str, QuestionKind]
    listed: dict[str, frozenset[str]]
    groups: dict[str, tuple[tuple[str, date, date | None], ...]]
    goods: dict[str, GoodsCodeRow]
    lists: dict[str, dict[str, CodeRow]]
    offices: dict[str, OfficeRow]
    judging: tuple[str, ...]
    cites: dict[str, tuple[str, ...]]
    wood: dict[str, str]
    _candidates: dict[tuple[str, str, date], tuple[CompiledMeasure, ...]] = field(default_factory=dict, compare=False)
    _places: dict[tuple[str, str, str, date], bool] = field(default_factory=dict, compare=False)

    def candidates(self, code: str, direction: str, on: date) -> tuple[CompiledMeasure, ...]:
        """Return the measures in force on the day whose prefix covers the goods code, general ones first."""
        key = (code, direction, on)
        found = self._candidates.get(key)
        if found is None:
            if len(self._candidates) > CACHED_ANSWERS:
                self._candidates.clear()
            prefixes = ["*", *(code[:length] for length in range(2, len(code) + 1))]
            found = self._candidates[key] = tuple(
                measure
                for prefix in prefixes
                for measure in self.by_prefix.get((direction, prefix), ())
                if measure.row.valid_from <= on and (measure.row.valid_to is None or on < measure.row.valid_to)
            )
        return found

    def allows(self, place: str, country: str, region: str, on: date) -> bool:
        """Whether a country (and region) passes a filter: empty any, alpha-2, a group, ``!X`` not X, ``RU:ORE`` a
        region.
        """
        if not place:
            return True
        key = (place, country, region, on)
        found = self._places.get(key)
        if found is None:
            if len(self._places) > CACHED_ANSWERS:
                self._places.clear()
            within = self._within(place.removeprefix("!"), country, region, on)
            found = self._places[key] = within != place.startswith("!")
        return found

    def _within(self, place: str, country: str, region: str, on: date) -> bool:
        if ":" in place:
            land, _, part = place.partition(":")
            return country == land and region.upper() in (part, f"{land}-{part}", place)
        if place in self.groups:
            return any(
                country == member and start <= on and (end is None or on < end)
                for member, start, end in self.groups[place]
            )
        return country == place

    def document_code(self, category: str, kind: str) -> str:
        """Return our code for a declared document: our own code as it is, ``N851`` or 851 through its UN/CEFACT 1001
        twin.

        What has no twin comes back as declared (category and type together), so that nothing is taken for a permit.
        """
        if kind in self.document_types:
            return kind
        joined = category + kind
        if joined in self.document_types:
            return joined
        if category in ("", "N"):
            twin = self.twins.get(kind.removeprefix("N"))
            if twin:
                return twin
        return joined

    def name_of(self, listing: str, code: str) -> Text | None:
        """Return the names of a code of a code list, None when the list does not hold it."""
        row = self.lists.get(listing, {}).get(code)
        return {"be": row.name_be, "ru": row.name_ru, "en": row.name_en} if row else None


def edition_hash(rows: EditionRows) -> str:
    """Return the SHA-256 of an edition's content, independent of the order of its rows."""
    digest = hashlib.sha256()
    for part in fields(rows):
        digest.update(f"\n[{part.name}]\n".encode())
        for line in sorted(_line(row) for row in getattr(rows, part.name)):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _line(row: object) -> str:
    values = row if isinstance(row, tuple) else astuple(row)  # type: ignore[call-overload]
    return "\x1f".join("" if value is None else str(value) for value in values)


def compile_rows(rows: EditionRows) -> CompiledEdition:
    """Compile an edition from its rows. Raises BadExpression for an expression that cannot be read, naming the
    place.
    """
    measures = tuple(_measures(rows.measures))
    by_prefix: dict[tuple[str, str], list[CompiledMeasure]] = defaultdict(list)
    for measure in measures:
        by_prefix[measure.row.direction, measure.prefix].append(measure)
    agencies = {row.code: row for row in sorted(rows.agencies, key=lambda row: row.code) if row.valid_to is None}
    flags = read_flags(packaged.table("flag_groups"))
    types = {row.code: row for row in rows.document_types if row.valid_to is None}
    named = {measure.agency for measure in measures}
    return CompiledEdition(
        hash=edition_hash(rows),
        customs=next((code for code, row in agencies.items() if "releases" in row.role), ""),
        agencies=agencies,
        measures=measures,
        by_prefix={key: tuple(value) for key, value in by_prefix.items()},
        document_types=types,
        wanted=_wanted(types, agencies),
        twins={row["twin"]: row["code"] for row in packaged.table("document_twins")},
        flags=flags,
        questions=read_questions(packaged.table("questions")),
        listed=_listed(measures, flags),
        groups=_groups(rows),
        goods={row.code: row for row in rows.goods_codes if row.valid_to is None},
        lists=_lists(rows.codes),
        offices={row.code: row for row in rows.offices if row.valid_to is None},
        cites=_cites(packaged.table("cites_sample")),
        wood={row["code"]: row["material"] for row in packaged.table("wood_packaging")},
        judging=tuple(code for code, row in agencies.items() if row.mode == "signs" or code in named),
    )


@lru_cache(maxsize=1)
def packaged_edition() -> CompiledEdition:
    """Return the edition that travels with the program, compiled once: for the offline checker and the tests."""
    return compile_rows(packaged.edition_rows())


def _measures(rows: Iterable[MeasureRow]) -> Iterable[CompiledMeasure]:
    effects = {row["measure_type"]: row for row in packaged.table("measure_effects")}
    for row in sorted(rows, key=lambda row: (row.code, row.valid_from)):
        effect, tree = effects[row.measure_type], grammar.parse_flags(row.flag)
        note = row.note.split(";")[0].strip()
        documents = grammar.parse(row.documents)
        yield CompiledMeasure(
            code=row.code,
            prefix=row.prefix,
            agency=row.agency,
            effect=effect["effect"],
            measure_type=row.measure_type,
            clock=effect["clock"],
            exception=effect["flag_role"] == "exception",
            row=row,
            flag_tree=tree,
            flags=tuple(grammar.names(tree)),
            described=row.scope == "ex" and tree is None,
            demands=tuple(grammar.ways(part) for part in grammar.demands(documents)),
            optional=grammar.optional(documents),
            procedures=frozenset(row.procedures.split()),
            origin=row.origin,
            destination=row.destination,
            note=note,
            described_as=packaged.note_of(note),
        )


def _wanted(types: dict[str, DocumentTypeRow], agencies: dict[str, AgencyRow]) -> dict[str, Wanted]:
    sources = {row["source"]: row for row in packaged.table("document_sources")}
    wanted = {}
    for code, row in types.items():
        issuer, how = agencies.get(row.issuer), sources[row.obtained_from]
        texts = {}
        for language in ("be", "ru", "en"):
            name = getattr(issuer, f"name_{language}", "") or (how["text_" + language] and "—")
            site = issuer.website if issuer else ""
            texts[language] = how["text_" + language].format(issuer=name, website=site).strip()
        label = {"be": row.label_be, "ru": row.label_ru, "en": row.label_en}
        wanted[code] = Wanted(code, label, row.issuer, texts, row.scope, row.travels_under)
    return wanted


def _listed(measures: Iterable[CompiledMeasure], flags: dict[str, Flag]) -> dict[str, frozenset[str]]:
    """Prefixes at which some measure reads a flag of a question: where that question makes sense for a general
    measure.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for measure in measures:
        for flag in measure.flags:
            if measure.prefix != "*" and flag in flags:
                found[flags[flag].question].add(measure.prefix)
    return {question: frozenset(prefixes) for question, prefixes in found.items()}


def _groups(rows: EditionRows) -> dict[str, tuple[tuple[str, date, date | None], ...]]:
    groups: dict[str, list[tuple[str, date, date | None]]] = defaultdict(list)
    for row in rows.country_groups:
        groups[row.group].append((row.country, row.valid_from, row.valid_to))
    return {group: tuple(members) for group, members in groups.items()}


def _lists(rows: Iterable[CodeRow]) -> dict[str, dict[str, CodeRow]]:
    lists: dict[str, dict[str, CodeRow]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.valid_from):
        lists[row.code_list][row.code] = row
    return dict(lists)


def _cites(table: Iterable[packaged.Row]) -> dict[str, tuple[str, ...]]:
    """Flags by lower-case taxon: a species by its name, a genus by its first word unless a note makes exceptions."""
    found: dict[str, tuple[str, ...]] = {}
    for row in table:
        flags = tuple(dict.fromkeys(f"CITES_{part}" for part in re.findall(r"I{1,3}", row["appendix"])))
        name = row["taxon"].lower()
        if row["rank"] == "genus" and not row["annotation_or_note"]:
            found.setdefault(name.split()[0], flags)
        elif row["rank"] == "species" and flags:
            found[" ".join(name.split()[:2])] = flags
    return found
