"""From what matching gathered to the answer people read: lanes, the agencies without one and why, missing documents."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.requirements.compiling import CompiledEdition, CompiledMeasure
from app.requirements.facts import PackageFacts
from app.requirements.outcome import AppliedMeasure, ItemFinding, Lane, Missing, NotTriggered, Why
from app.requirements.questions import OTHER
from app.requirements.satisfaction import Ways

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
class Gathered:
    """What accumulates over the items of a package."""

    applied: dict[str, dict[str, tuple[CompiledMeasure, str, list[ItemFinding]]]] = field(default_factory=dict)
    near: dict[str, dict[str, tuple[str, str, list[int]]]] = field(default_factory=dict)
    missing: dict[tuple[str, Ways, str], tuple[dict[str, CompiledMeasure], dict[int, None]]] = field(
        default_factory=dict
    )
    prohibited: dict[str, tuple[CompiledMeasure, list[int]]] = field(default_factory=dict)
    notices: dict[str, tuple[CompiledMeasure, str, list[int]]] = field(default_factory=dict)


def lanes(edition: CompiledEdition, package: PackageFacts, gathered: Gathered) -> tuple[Lane, ...]:
    """Return a lane for every agency something applies to, and always one for customs, with every item."""
    every = tuple(item.number for item in package.items)
    prints = {item.number: item.fingerprint for item in package.items}
    gathered.applied.setdefault(edition.customs, {})
    modes = {code: edition.agencies[code].mode if code in edition.agencies else "issues" for code in gathered.applied}
    behind = tuple(sorted(code for code, mode in modes.items() if mode != "signs" and code != edition.customs))
    built = []
    for code, measures in gathered.applied.items():
        applied = tuple(_applied(edition, code, gathered, *entry) for entry in measures.values())
        if code == edition.customs:
            items = every
        else:
            touched = {finding.item for _, _, findings in measures.values() for finding in findings}
            items = tuple(number for number in every if number in touched)
        built.append(
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
        sorted(built, key=lambda lane: (lane.agency == edition.customs, order.get(lane.agency, 99), lane.agency))
    )


def _applied(
    edition: CompiledEdition,
    agency: str,
    gathered: Gathered,
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


def not_triggered(
    edition: CompiledEdition, package: PackageFacts, gathered: Gathered, triggered: set[str]
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


def missing(edition: CompiledEdition, gathered: Gathered) -> tuple[Missing, ...]:
    """Return what is missing, once for each document, agency and problem, with every measure and item that wants it."""
    answer = []
    for (agency, ways, problem), (measures, items) in gathered.missing.items():
        first, *others = measures.values()
        codes = dict.fromkeys(code for way in ways for code in way)
        answer.append(
            Missing(
                measure=first.code,
                also=tuple(measure.code for measure in others),
                agency=agency,
                act=first.row.act,
                confidence=first.row.confidence,
                ways=ways,
                documents=tuple(edition.wanted[code] for code in codes),
                items=tuple(items),
                problem=problem,
                lead_hours=first.row.permit_lead_hours,
            )
        )
    return tuple(answer)
