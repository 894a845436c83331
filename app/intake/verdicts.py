"""The verdict on a file before it is filed, pure: what the window would say, without its registries and its libraries.

One engine stands behind the page, ``POST /api/v1/check``, ``flask check-package`` and the offline checker: equal bytes under
an equal edition on an equal day give an equal verdict, byte for byte (``as_bytes``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.declarations import checking, pointers
from app.declarations.codec import to_package
from app.declarations.facts import facts_of
from app.declarations.package import MOST_ITEMS, Package
from app.declarations.rules.catalogue import not_asked
from app.declarations.schema import schema_set
from app.errors import Fault
from app.intake import enclosures
from app.intake.container import is_zip
from app.intake.opening import Opened, open_bytes
from app.requirements import matching, wording
from app.requirements.compiling import CompiledEdition
from app.requirements.outcome import AppliedMeasure, Lane, Missing, NotTriggered, Outcome

FORMAT = "akno-verdict/1"
CLEAN, FAULTS, UNREADABLE = "clean", "faults", "unreadable"

MOST_FAULTS = 100
"""Faults that are listed; ``more`` counts the others."""

ONLY_AT_FILING = ("MANDATE-NEEDED", "DUPLICATE-CONTENT", "ADVANCE-QUOTED-OTHER", "ADVANCE-QUOTED-ENDED")
"""Codes beside those of the registry's rules that only filing can give: they ask who sends, and what was sent before."""

_COUNTED = "XML-TOO-MANY"
"""The fault that says how many are not listed: here ``more`` says it."""

_NO_FILE = "not_shown"


@dataclass(frozen=True, slots=True)
class Found:
    """What is known about the bytes before it is written down. ``outcome`` None: not readable, or too many faults to ask."""

    opened: Opened
    faults: Sequence[Fault] = ()
    count: int = 0
    package: Package | None = None
    outcome: Outcome | None = None
    files: tuple[Missing, ...] = ()


def verdict(data: bytes, *, edition: CompiledEdition, on: date) -> dict[str, Any]:
    """Return the verdict on XML or a ZIP as of a filing day, JSON-ready. Never raises for what the bytes contain.

    Rules that ask a registry are not asked (``not_asked`` names them), and a document counts as shown when it is named:
    its file may lie in the trader's library. ``files_wanted`` lists those whose file has to come from there.
    """
    found = find(data, edition=edition, on=on)
    listed = [fault for fault in found.faults if fault.code != _COUNTED][:MOST_FAULTS]
    word = UNREADABLE if found.opened.tree is None else FAULTS if found.count else CLEAN
    package = found.package
    return {
        "format": FORMAT,
        "verdict": word,
        "code": listed[0].code if word == UNREADABLE else word,
        "on": on.isoformat(),
        "edition": edition.hash,
        "schema": schema_set().digest,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "container": "zip" if is_zip(data) else "xml",
        "lrn": package.lrn if package is not None else "",
        "direction": package.direction if package is not None else "",
        "items": len(package.lines) if package is not None else 0,
        "count": found.count,
        "more": found.count - len(listed),
        "faults": [fault.as_dict() for fault in listed],
        **_law(found, edition),
        "not_asked": [*not_asked(), *ONLY_AT_FILING],
    }


def as_bytes(told: dict[str, Any]) -> bytes:
    """Return the one written form of a verdict: JSON in UTF-8, keys in their order, no blanks, one line break at the end."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def find(data: bytes, *, edition: CompiledEdition, on: date) -> Found:
    """Open the bytes and ask the rules and the law; the same steps in the same order as filing."""
    opened = open_bytes(data)
    if opened.tree is None:
        return Found(opened, opened.faults, len(opened.faults) + opened.more)
    faults = list(opened.faults)
    if opened.more:
        # As at the door: a flood of faults in the file's form is told before anything else is looked at.
        return Found(opened, faults, len(faults) + opened.more - sum(1 for one in faults if one.code == _COUNTED))
    package = to_package(opened.tree)
    if not faults:
        beside = enclosures.match_container(package, opened.files)
        faults = [pointers.placed(one, opened.tree) for one in beside]
    judged = checking.check(package, edition=edition, on=on, attached=None, tree=opened.tree)
    faults += judged.faults
    return Found(opened, faults, len(faults), package, judged.outcome, _files_wanted(package, opened, edition, on))


def _files_wanted(package: Package, opened: Opened, edition: CompiledEdition, on: date) -> tuple[Missing, ...]:
    """What would be missing if the trader's library were empty: documents that are named and whose file did not come."""
    if len(package.lines) > MOST_ITEMS or not package.all_documents:
        return ()
    sent = enclosures.sent_along(package, opened.files)
    facts = facts_of(package, edition=edition, on=on, attached=sent)
    return tuple(entry for entry in matching.match(edition, facts).missing if entry.problem == _NO_FILE)


def _law(found: Found, edition: CompiledEdition) -> dict[str, Any]:
    """Who will be asked and who not, what is missing, which files have to lie in the library."""
    outcome = found.outcome
    if outcome is None:
        return {"agencies": [], "agencies_not_asked": [], "missing": [], "files_wanted": []}
    return {
        "agencies": [_lane(lane, edition) for lane in outcome.lanes],
        "agencies_not_asked": [_untouched(one, edition) for one in outcome.not_triggered],
        "missing": [_missing(entry, edition) for entry in outcome.missing],
        "files_wanted": [_missing(entry, edition) for entry in found.files],
    }


def _lane(lane: Lane, edition: CompiledEdition) -> dict[str, Any]:
    return {
        "agency": lane.agency,
        "name": dict(wording.agency_name(lane.agency, edition)),
        "signs": lane.review,
        "items": list(lane.items),
        "hours": lane.service_hours,
        "behind": list(lane.behind),
        "measures": [_measure(measure) for measure in lane.measures],
    }


def _measure(measure: AppliedMeasure) -> dict[str, Any]:
    """One measure with its act and the documents found for it; texts of the act are those of the catalogue."""
    return {
        "measure": measure.code,
        "prefix": measure.prefix,
        "effect": measure.effect,
        "control": dict(wording.measure_type(measure.measure_type)),
        "act": dict(wording.act(measure.act)),
        "confidence": measure.confidence,
        "items": list(measure.items),
        "documents": _documents(measure),
    }


def _documents(measure: AppliedMeasure) -> list[dict[str, str]]:
    seen = {(one.code, one.number): one for finding in measure.findings for one in finding.found}
    return [{"code": code, "number": number, "path": one.path} for (code, number), one in seen.items()]


def _untouched(one: NotTriggered, edition: CompiledEdition) -> dict[str, Any]:
    return {
        "agency": one.agency,
        "name": dict(wording.agency_name(one.agency, edition)),
        "why": [dict(wording.why(reason, edition)) for reason in one.reasons],
    }


def _missing(entry: Missing, edition: CompiledEdition) -> dict[str, Any]:
    return {
        "documents": dict(wording.documents(entry.ways, edition)),
        "codes": _codes(entry.ways),
        "agency": entry.agency,
        "measure": entry.measure,
        "act": dict(wording.act(entry.act)),
        "problem": entry.problem,
        "items": list(entry.items),
        "where": dict(wording.obtaining(entry)),
        "hours": entry.lead_hours,
    }


def _codes(ways: Iterable[Iterable[str]]) -> list[str]:
    return sorted({code for way in ways for code in way})
