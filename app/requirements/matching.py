"""Which agencies a package touches, and why; which it does not touch, and why not (domain.md section 3).

Pure: one compiled edition, the facts of one package, one answer. Filters of a measure: direction, goods prefix, date (these
three by look-up), procedure, origin and region, destination, flag, description (``ex``). An unknown origin or procedure never
excludes a measure, and waste nobody classified opens a lane: unknown never clears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.requirements import grammar
from app.requirements.compiling import CompiledEdition, CompiledMeasure
from app.requirements.facts import ItemFacts, PackageFacts
from app.requirements.outcome import (
    AppliedMeasure,
    Fact,
    Found,
    ItemFinding,
    Lane,
    Missing,
    Notice,
    NotTriggered,
    Outcome,
    Prohibited,
    Why,
)
from app.requirements.questions import OTHER, Asking
from app.requirements.satisfaction import Shelf, by_type

NOT_CLASSIFIED = "not classified"
MOST_REASONS = 3
"""Measures named for one agency that is not triggered: the nearest ones are enough to understand."""

NEARNESS = (
    "flag_open",
    "described_open",
    "flag_no",
    "described_no",
    "inform",
    "not_needed",
    "origin",
    "destination",
    "procedure",
)


@dataclass(slots=True)
class _Gathered:
    """What accumulates over the items of a package."""

    applied: dict[str, dict[str, tuple[CompiledMeasure, str, list[ItemFinding]]]] = field(default_factory=dict)
    near: dict[str, dict[str, tuple[str, str, list[int]]]] = field(default_factory=dict)
    missing: dict[tuple[str, int, str], tuple[CompiledMeasure, list[int]]] = field(default_factory=dict)
    prohibited: dict[str, tuple[CompiledMeasure, list[int]]] = field(default_factory=dict)
    notices: dict[str, tuple[CompiledMeasure, str, list[int]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Item:
    """One item while it is matched: what is true of it, what is known, what it can show, facts made once."""

    facts: ItemFacts
    true: frozenset[str]
    known: frozenset[str]
    answers: Mapping[str, bool]
    shelf: Shelf
    seen: dict[str, Fact] = field(default_factory=dict)


def match(edition: CompiledEdition, package: PackageFacts) -> Outcome:
    """Return the whole answer for a package as of its filing day. Deterministic; raises nothing for odd facts."""
    gathered, asking = _Gathered(), Asking(edition)
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
        item = _Item(facts, true, known, own, shelf)
        _match_item(edition, package, item, gathered, asking)
        asking.close_item(facts, own)
    lanes = _lanes(edition, package, gathered)
    return Outcome(
        edition=edition.hash,
        on=package.on,
        direction=package.direction,
        lanes=lanes,
        not_triggered=_not_triggered(edition, package, gathered, {lane.agency for lane in lanes}),
        questions=tuple(asking.close_package(answers)),
        missing=_missing(edition, gathered),
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
    edition: CompiledEdition, package: PackageFacts, item: _Item, gathered: _Gathered, asking: Asking
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
        return "not_needed"
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


def _keep_near(gathered: _Gathered, item: _Item, measure: CompiledMeasure, hindrance: str) -> None:
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
    edition: CompiledEdition, package: PackageFacts, item: _Item, measure: CompiledMeasure, gathered: _Gathered
) -> None:
    number, found, missing = item.facts.number, [], []
    excepted = not measure.exception or grammar.holds(measure.flag_tree, item.true)
    for place, ways in enumerate(measure.demands):
        shown = item.shelf.satisfies(ways)
        if shown is not None:
            found.extend(shown)
            continue
        missing.append(ways)
        if measure.effect == "require":
            key = (measure.code, place, item.shelf.problem(ways))
            gathered.missing.setdefault(key, (measure, []))[1].append(number)
    if measure.effect == "prohibit" and (missing or not measure.demands or not excepted):
        gathered.prohibited.setdefault(measure.code, (measure, []))[1].append(number)
    _record(gathered, item, measure, "", tuple(found), tuple(missing), package)


def _apply_unclassified(
    edition: CompiledEdition, package: PackageFacts, item: _Item, measure: CompiledMeasure, gathered: _Gathered
) -> None:
    _record(gathered, item, measure, edition.questions["waste"].other_agency, (), (), package)


def _record(
    gathered: _Gathered,
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
    """Name what matched: the goods code always, the rest only where the measure reads it."""
    facts = []
    if measure.prefix != "*":
        facts.append(_fact(item, "goods_code", "23A/21A/145", item.facts.code))
    else:
        facts.append(item.seen.get("direction") or _remember(item, Fact("direction", "42A/D013", package.direction)))
    if measure.procedures and item.facts.procedure:
        facts.append(_fact(item, "procedure", "70A/166", item.facts.procedure))
    if measure.origin and item.facts.origin:
        facts.append(_fact(item, "origin", "92A/063", item.facts.origin))
    if ":" in measure.origin:
        facts.append(_fact(item, "origin_region", "92A/066", item.facts.origin_region))
    if measure.destination and package.destination:
        facts.append(
            item.seen.get("destination") or _remember(item, Fact("destination", "42A/67A/99B/465", package.destination))
        )
    for flag in measure.flags:
        if flag in item.true:
            facts.append(_flag_fact(package, item, flag))
    if measure.described:
        facts.append(_flag_fact(package, item, measure.code))
    return tuple(facts)


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


def _lanes(edition: CompiledEdition, package: PackageFacts, gathered: _Gathered) -> tuple[Lane, ...]:
    every = tuple(item.number for item in package.items)
    prints = {item.number: item.fingerprint for item in package.items}
    gathered.applied.setdefault(edition.customs, {})
    modes = {code: edition.agencies[code].mode if code in edition.agencies else "issues" for code in gathered.applied}
    behind = tuple(sorted(code for code, mode in modes.items() if mode != "signs" and code != edition.customs))
    lanes = []
    for code, measures in gathered.applied.items():
        applied = tuple(_applied(edition, code, gathered, *entry) for entry in measures.values())
        if code == edition.customs:
            items = every
        else:
            touched = {finding.item for _, _, findings in measures.values() for finding in findings}
            items = tuple(number for number in every if number in touched)
        lanes.append(
            Lane(
                agency=code,
                mode="signs" if code == edition.customs else "signs" if modes[code] == "signs" else "issues",
                items=items,
                measures=applied,
                service_hours=max((measure.service_hours for measure in applied), default=0),
                behind=behind if code == edition.customs else (),
                fingerprints=tuple(prints[number] for number in items),
            )
        )
    # Agencies in the order of the reference data, customs last: customs decides each item after the others.
    order = {code: place for place, code in enumerate(edition.agencies)}
    return tuple(
        sorted(lanes, key=lambda lane: (lane.agency == edition.customs, order.get(lane.agency, 99), lane.agency))
    )


def _applied(
    edition: CompiledEdition,
    agency: str,
    gathered: _Gathered,
    measure: CompiledMeasure,
    reason: str,
    findings: list[ItemFinding],
) -> AppliedMeasure:
    row = measure.row
    return AppliedMeasure(
        code=OTHER if reason else measure.code,
        agency=agency,
        prefix=measure.prefix,
        effect="require" if reason else measure.effect,
        measure_type=measure.measure_type,
        clock=measure.clock,
        act=row.act,
        edition=edition.hash[:12],
        confidence=row.confidence,
        note="" if reason else row.note,
        required=() if reason else measure.demands,
        may_be_asked=() if reason else measure.optional,
        service_hours=row.service_hours,
        permit_lead_hours=row.permit_lead_hours,
        valid_from=row.valid_from.isoformat(),
        reason=reason,
        prohibited=not reason and measure.code in gathered.prohibited,
        findings=tuple(findings),
    )


def _not_triggered(
    edition: CompiledEdition, package: PackageFacts, gathered: _Gathered, triggered: set[str]
) -> tuple[NotTriggered, ...]:
    """Say why not for every agency that judges or issues anything and has no lane."""
    uncovered: tuple[Why, ...] | None = None
    answer = []
    for code in edition.judging:
        if code in triggered:
            continue
        near = gathered.near.get(code)
        if near:
            nearest = sorted(near.items(), key=lambda entry: (NEARNESS.index(entry[1][0]), entry[0]))[:MOST_REASONS]
            reasons = tuple(Why(kind, measure, detail, tuple(items)) for measure, (kind, detail, items) in nearest)
        else:
            if uncovered is None:
                codes = dict.fromkeys(item.code for item in package.items)
                uncovered = (Why("uncovered", "", " ".join(codes), tuple(item.number for item in package.items)),)
            reasons = uncovered
        answer.append(NotTriggered(code, edition.agencies[code].mode, reasons))
    return tuple(answer)


def _missing(edition: CompiledEdition, gathered: _Gathered) -> tuple[Missing, ...]:
    answer = []
    for (_, place, problem), (measure, items) in gathered.missing.items():
        ways = measure.demands[place]
        codes = dict.fromkeys(code for way in ways for code in way)
        answer.append(
            Missing(
                measure=measure.code,
                agency=measure.agency,
                act=measure.row.act,
                confidence=measure.row.confidence,
                ways=ways,
                documents=tuple(edition.wanted[code] for code in codes),
                items=tuple(items),
                problem=problem,
                lead_hours=measure.row.permit_lead_hours,
            )
        )
    return tuple(answer)
