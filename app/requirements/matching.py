"""Which agencies a package touches, and why; which it does not touch, and why not (domain.md section 3).

Pure: one compiled edition, the facts of one package, one answer. Filters of a measure: direction, goods prefix, date
(these three by look-up), procedure, origin and region, destination, flag, description (``ex``). An unknown origin or
procedure never excludes a measure, and waste nobody classified opens a lane: unknown never clears.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.requirements import explaining, grammar
from app.requirements.compiling import CompiledEdition, CompiledMeasure
from app.requirements.explaining import NOT_CLASSIFIED, Gathered
from app.requirements.facts import ItemFacts, PackageFacts
from app.requirements.outcome import (
    Fact,
    Found,
    ItemFinding,
    Notice,
    Outcome,
    Prohibited,
)
from app.requirements.questions import OTHER, Asking
from app.requirements.satisfaction import Shelf, by_type
from app.traders.advantages import waived_codes


@dataclass(slots=True)
class _Item:
    """One item while it is matched: what is true of it, what is known, what it can show, facts made once."""

    facts: ItemFacts
    true: frozenset[str]
    known: frozenset[str]
    answers: Mapping[str, bool]
    shelf: Shelf
    kept: Mapping[str, str]
    seen: dict[str, Fact] = field(default_factory=dict)


def match(edition: CompiledEdition, package: PackageFacts) -> Outcome:
    """Return the whole answer for a package as of its filing day. Deterministic; raises nothing for odd facts."""
    gathered, asking = Gathered(), Asking(edition)
    header = by_type(package.documents)
    answers = dict(package.answers)
    for facts in package.items:
        own = {**package.answers, **facts.answers} if facts.answers else package.answers
        for code, answer in facts.answers.items():
            answers[code] = answers.get(code, False) or answer
        proved = facts.data_flags | package.data_flags
        true = proved.union(code for code, answer in own.items() if answer)
        known = proved | facts.settled | package.settled
        shelf = Shelf(by_type(facts.documents), header, edition.document_types, package.on)
        kept = waived_codes(package.held, code=facts.code, procedure=facts.procedure) if package.held else {}
        item = _Item(facts, true, known, own, shelf, kept)
        _match_item(edition, package, item, gathered, asking)
        asking.close_item(facts, own)
    lanes = explaining.lanes(edition, package, gathered)
    return Outcome(
        edition=edition.hash,
        on=package.on,
        direction=package.direction,
        lanes=lanes,
        not_triggered=explaining.not_triggered(edition, package, gathered, {lane.agency for lane in lanes}),
        questions=tuple(asking.close_package(answers)),
        missing=explaining.missing(edition, gathered),
        prohibited=tuple(
            Prohibited(
                measure.code, measure.agency, measure.row.act, measure.row.confidence, measure.note, tuple(items)
            )
            for measure, items in gathered.prohibited.values()
        ),
        notices=tuple(
            Notice(
                kind, measure.code, measure.agency, measure.row.act, measure.row.note, tuple(items), measure.row.flag
            )
            for measure, kind, items in gathered.notices.values()
        ),
    )


def _match_item(
    edition: CompiledEdition, package: PackageFacts, item: _Item, gathered: Gathered, asking: Asking
) -> None:
    waste: CompiledMeasure | None = None
    classified = False
    kind = edition.questions["waste"]
    is_waste = item.facts.code.startswith(kind.no_none)
    for measure in edition.candidates(item.facts.code, package.direction, package.on):
        hindrance = _hindrance(edition, package, item.facts, measure)
        if not hindrance:
            hindrance = _effect(item, measure, asking)
            if is_waste and measure.flags and edition.flags[measure.flags[0]].question == kind.code:
                waste = measure
                classified = classified or not hindrance
        if hindrance:
            _keep_near(gathered, item, measure, hindrance)
        else:
            _apply(edition, package, item, measure, gathered)
    if waste is not None and not classified:
        _apply_unclassified(edition, package, item, waste, gathered)


def _hindrance(edition: CompiledEdition, package: PackageFacts, item: ItemFacts, measure: CompiledMeasure) -> str:
    """Return the first filter that excludes the item, empty when none does. What is unknown excludes nothing."""
    if measure.procedures and item.procedure and item.procedure[:2] not in measure.procedures:
        return "procedure"
    if measure.origin and not edition.allows(measure.origin, item.origin, item.origin_region, package.on):
        return "origin"
    if measure.destination and not edition.allows(measure.destination, package.destination, "", package.on):
        return "destination"
    return ""


def _effect(item: _Item, measure: CompiledMeasure, asking: Asking) -> str:
    """Return why a measure that passed the filters still opens no lane, empty when it does; raise its questions."""
    if measure.effect == "inform":
        return (
            "inform"
            if grammar.holds(measure.flag_tree, item.true) or not item.known.issuperset(measure.flags)
            else "flag_no"
        )
    if measure.effect == "not_needed":
        return "not_needed" if grammar.holds(measure.flag_tree, item.true) else "flag_no"
    if measure.flag_tree is not None:
        asking.flags(measure, item.facts, item.known)
        if measure.exception or grammar.holds(measure.flag_tree, item.true):
            return ""
        return "flag_no" if all(flag in item.known or flag in item.answers for flag in measure.flags) else "flag_open"
    if measure.described:
        asking.description(measure, item.facts)
        answer = item.answers.get(measure.code)
        return "" if answer else "described_open" if answer is None else "described_no"
    return ""


def _keep_near(gathered: Gathered, item: _Item, measure: CompiledMeasure, hindrance: str) -> None:
    number = item.facts.number
    if hindrance in ("inform", "not_needed"):
        kind = "inform" if hindrance == "inform" else "no_package"
        gathered.notices.setdefault(measure.code, (measure, kind, []))[2].append(number)
    detail = {
        "procedure": measure.row.procedures,
        "origin": measure.origin,
        "destination": measure.destination,
        "described_no": measure.note,
        "described_open": measure.note,
    }.get(hindrance, measure.row.flag)
    near = gathered.near.setdefault(measure.agency, {}).setdefault(measure.code, (hindrance, detail, []))
    near[2].append(number)


def _apply(
    edition: CompiledEdition, package: PackageFacts, item: _Item, measure: CompiledMeasure, gathered: Gathered
) -> None:
    number = item.facts.number
    found: list[Found] = []
    missing: list[tuple[tuple[str, ...], ...]] = []
    excepted = not measure.exception or grammar.holds(measure.flag_tree, item.true)
    for ways in measure.demands:
        shown = item.shelf.satisfies(ways)
        if shown is None and item.kept and measure.effect == "require":
            # Never for a prohibition: its documents prove an exception, and no accreditation does.
            shown = item.shelf.spared(ways, item.kept)
        if shown is not None:
            found.extend(shown)
            continue
        missing.append(ways)
        if measure.effect == "require":
            key = (measure.agency, ways, item.shelf.problem(ways))
            measures, items = gathered.missing.setdefault(key, ({}, {}))
            measures[measure.code] = measure
            items[number] = None
    if measure.effect == "prohibit" and (missing or not measure.demands or not excepted):
        gathered.prohibited.setdefault(measure.code, (measure, []))[1].append(number)
    _record(gathered, item, measure, "", tuple(found), tuple(missing), package)


def _apply_unclassified(
    edition: CompiledEdition, package: PackageFacts, item: _Item, measure: CompiledMeasure, gathered: Gathered
) -> None:
    _record(gathered, item, measure, edition.questions["waste"].other_agency, (), (), package)


def _record(
    gathered: Gathered,
    item: _Item,
    measure: CompiledMeasure,
    other_agency: str,
    found: tuple[Found, ...],
    missing: tuple[tuple[tuple[str, ...], ...], ...],
    package: PackageFacts,
) -> None:
    """Put a finding into the lane of the measure's agency, or of ``other_agency`` when waste is not classified."""
    finding = ItemFinding(item.facts.number, _facts(package, item, measure), found, missing)
    measures = gathered.applied.setdefault(other_agency or measure.agency, {})
    key = OTHER if other_agency else measure.code
    measures.setdefault(key, (measure, NOT_CLASSIFIED if other_agency else "", []))[2].append(finding)


def _facts(package: PackageFacts, item: _Item, measure: CompiledMeasure) -> tuple[Fact, ...]:
    """Name what matched: the goods code (or the direction) always, the rest only where the measure reads it."""
    if measure.prefix == "*":
        facts = [item.seen.get("direction") or _remember(item, Fact("direction", "42A/D013", package.direction))]
    else:
        facts = [_fact(item, "goods_code", "23A/21A/145", item.facts.code)]
    facts.extend(_place_facts(package, item, measure))
    facts.extend(_flag_fact(package, item, flag) for flag in measure.flags if flag in item.true)
    if measure.described:
        facts.append(_flag_fact(package, item, measure.code))
    return tuple(facts)


def _place_facts(package: PackageFacts, item: _Item, measure: CompiledMeasure) -> Iterator[Fact]:
    facts = item.facts
    if measure.procedures and facts.procedure:
        yield _fact(item, "procedure", "70A/166", facts.procedure)
    if measure.origin and facts.origin:
        yield _fact(item, "origin", "92A/063", facts.origin)
    if ":" in measure.origin:
        yield _fact(item, "origin_region", "92A/066", facts.origin_region)
    if measure.destination and package.destination:
        seen = item.seen.get("destination")
        yield seen or _remember(item, Fact("destination", "42A/67A/99B/465", package.destination))


def _fact(item: _Item, name: str, pointer: str, value: str) -> Fact:
    return item.seen.get(name) or _remember(item, Fact(name, f"42A/67A/68A[{item.facts.number}]/{pointer}", value))


def _remember(item: _Item, fact: Fact) -> Fact:
    item.seen[fact.name] = fact
    return fact


def _flag_fact(package: PackageFacts, item: _Item, flag: str) -> Fact:
    proof = item.facts.evidence.get(flag) or package.evidence.get(flag)
    if proof is not None:
        return Fact(flag, *proof)
    place = f"42A/67A/68A[{item.facts.number}]" if flag in item.facts.answers else "42A"
    return Fact(flag, f"{place}/03A/225", "Y")
