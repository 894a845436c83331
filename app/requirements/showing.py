"""The answer before anything is filed: what one goods code asks for, public on the page, in the API and at the
command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.requirements import deriving, wording
from app.requirements.compiling import CompiledEdition
from app.requirements.facts import ItemFacts, PackageFacts
from app.requirements.matching import match
from app.requirements.outcome import AppliedMeasure, Lane, Missing, Outcome, Wanted

POINTER = "42A/67A/68A[1]"
MOST_BEGINNINGS = 8
"""Beginnings of longer codes that are named for one agency."""


def outcome_for(
    edition: CompiledEdition,
    *,
    hs: str,
    direction: str,
    origin: str = "",
    destination: str = "",
    procedure: str = "",
    on: date,
    flags: Iterable[str] = (),
    answers: Mapping[str, bool] | None = None,
    region: str = "",
) -> Outcome:
    """Match one goods code with no documents yet. ``flags`` are answered yes, ``answers`` as given.

    What only a package can say (packages, means of transport, UN numbers) is left open, and asked there once.
    """
    code = "".join(filter(str.isdigit, hs))
    given = {**(answers or {}), **{flag: True for flag in flags}}
    derived = deriving.from_goods(edition, pointer=POINTER, code=code)
    item = ItemFacts(
        number=1,
        code=code,
        origin=origin.upper(),
        origin_region=region,
        procedure=procedure,
        answers=given,
        data_flags=derived.flags,
        settled=derived.settled - {"ADR", "PREFERENCE"},
        evidence=derived.evidence,
    )
    return match(edition, PackageFacts(direction, on, (item,), destination.upper()))


def requirements_for(edition: CompiledEdition, *, on: date, flags: Iterable[str] = (), **asked: Any) -> dict[str, Any]:
    """Return ``triggered``, ``not_triggered``, ``questions``, ``package_questions``, ``documents``, ``prohibited``,
    ``notices``.

    Takes what ``outcome_for`` takes: hs, direction, origin, destination, procedure, on, flags, answers, region.
    JSON-ready, texts in three languages. ``questions`` are about the goods; ``package_questions`` are asked once per
    package where its data (transport, packages) leave them open.
    """
    outcome = outcome_for(edition, on=on, flags=flags, **asked)
    return {
        "asked": {**asked, "on": on.isoformat(), "flags": sorted(flags)},
        "edition": edition.hash,
        **answer(outcome, edition),
    }


def narrower(
    outcome: Outcome, edition: CompiledEdition, *, code: str, direction: str, on: date
) -> list[dict[str, Any]]:
    """Return the agencies that are not asked by a code of few digits, and may be by a longer one that begins with it.

    Each with the beginnings of codes its measures name, at most MOST_BEGINNINGS: without it "no measure covers 02" would
    hide that one covers 0201.
    """
    asked = {lane.agency for lane in outcome.lanes}
    found: dict[str, set[str]] = {}
    for (way, prefix), measures in edition.by_prefix.items():
        if way != direction or len(prefix) <= len(code) or not prefix.startswith(code):
            continue
        for measure in measures:
            holds = measure.row.valid_from <= on and (measure.row.valid_to is None or on < measure.row.valid_to)
            if holds and measure.effect in ("require", "prohibit") and measure.agency not in asked:
                found.setdefault(measure.agency, set()).add(prefix)
    return [
        {
            "agency": agency,
            "name": wording.agency_name(agency, edition),
            "codes": sorted(prefixes)[:MOST_BEGINNINGS],
            "more": max(0, len(prefixes) - MOST_BEGINNINGS),
        }
        for agency, prefixes in sorted(found.items())
    ]


def answer(outcome: Outcome, edition: CompiledEdition) -> dict[str, Any]:
    """Return an outcome as the public answer shows it."""
    return {
        "triggered": [_lane(lane, edition) for lane in outcome.lanes],
        "not_triggered": [
            {
                "agency": entry.agency,
                "name": wording.agency_name(entry.agency, edition),
                "mode": entry.mode,
                "reasons": [{**reason.as_dict(), "text": wording.why(reason, edition)} for reason in entry.reasons],
            }
            for entry in outcome.not_triggered
        ],
        "questions": [question.as_dict() for question in outcome.questions if question.level == "item"],
        "package_questions": [question.as_dict() for question in outcome.questions if question.level == "package"],
        "documents": [_document(entry, edition) for entry in outcome.missing],
        "prohibited": [
            {**entry.as_dict(), "law": wording.act(entry.act), "text": wording.prohibited(entry)}
            for entry in outcome.prohibited
        ],
        "notices": [
            {**entry.as_dict(), "law": wording.act(entry.act), "text": wording.note(entry.note)}
            for entry in outcome.notices
        ],
    }


def _lane(lane: Lane, edition: CompiledEdition) -> dict[str, Any]:
    return {
        "agency": lane.agency,
        "name": wording.agency_name(lane.agency, edition),
        "mode": lane.mode,
        "service_hours": lane.service_hours,
        "behind": list(lane.behind),
        "measures": [_measure(measure) for measure in lane.measures],
    }


def _measure(measure: AppliedMeasure) -> dict[str, Any]:
    data = measure.as_dict()
    finding = data.pop("findings")[0]
    return {
        **data,
        "facts": finding["facts"],
        "kind": wording.measure_type(measure.measure_type),
        "law": wording.act(measure.act),
        "text": wording.note(measure.note),
    }


def _document(entry: Missing, edition: CompiledEdition) -> dict[str, Any]:
    return {
        "measure": entry.measure,
        "agency": entry.agency,
        "act": entry.act,
        "confidence": entry.confidence,
        "one_of": [list(way) for way in entry.ways],
        "text": wording.documents(entry.ways, edition),
        "issuers": [wanted.issuer for wanted in entry.documents],
        "how": wording.obtaining(entry),
        "lead_hours": entry.lead_hours,
        "law": wording.act(entry.act),
        "kinds": [_kind(wanted, edition) for wanted in entry.documents],
    }


def _kind(wanted: Wanted, edition: CompiledEdition) -> dict[str, Any]:
    """A kind of document: who issues it and how to get it, and under which codes of others it is known."""
    return {
        "code": wanted.code,
        "label": dict(wanted.label),
        "issuer": wanted.issuer,
        "issuer_name": wording.agency_name(wanted.issuer, edition),
        "how": dict(wanted.how),
        "travels_under": wanted.travels_under,
        "twins": sorted(twin for twin, code in edition.twins.items() if code == wanted.code),
    }
