"""Assessing a package: its signals, the score and the lane of every agency concerned, the draws; one row, in the transaction in
which the package is filed or changed.

What cannot be assessed is held: an error of ours puts the package into the yellow lane of every agency, is kept on the row and
logged as our mistake. It never refuses a filing, and it never clears one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app import clock
from app.advance.finders import Quoted
from app.database import new_id, session
from app.declarations.models import Declaration
from app.declarations.package import Line, Package
from app.identity.models import Organisation
from app.ledger.recording import Happening
from app.requirements.compiling import CompiledEdition
from app.requirements.outcome import Lane, Outcome
from app.risk import drawing_lots, noticing, scoring, seeds, thresholds
from app.risk.assessment_models import Assessment, DrawSeed
from app.risk.compiling import CompiledIndicators
from app.risk.finders import PART, current_indicators
from app.risk.gathering import Reads, gather
from app.risk.models import RiskStamp
from app.risk.noticing import Noticed
from app.risk.thresholds import Asked, Laned
from app.traders import advantages
from app.traders.advantages import Held
from app.traders.finders import HOLDS_ANY

log = logging.getLogger(__name__)
_INSERT: sa.Insert = sa.insert(Assessment.__table__)  # type: ignore[arg-type]
NOTHING = "0" * 64
"""The edition of indicators that is named where they could not be read."""
_SEED, HOLDS = "seed", "accreditations"
"""Names beside those of the parts, in the one small read."""
_STAMPS: Any = sa.union_all(
    sa.select(RiskStamp.part, RiskStamp.number, sa.null().label("seed")),
    sa.select(sa.literal(_SEED), sa.literal(0), DrawSeed.seed).where(DrawSeed.day == sa.bindparam("day")),
    sa.select(sa.literal(HOLDS), sa.literal(1), sa.null()).where(HOLDS_ANY),
)
"""Built once: it is asked at every filing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is assessed: a version of a package, whose it is, and the answer of the law. ``on`` is its filing
    day, ``seed`` that of the lots of that day where it is promised already."""

    declaration: Declaration
    package: Package
    owner: Organisation | None
    outcome: Outcome
    edition: CompiledEdition
    on: date
    quoted: Mapping[str, Quoted] | None = None
    seed: str | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """The row of an assessment, the lane of each signing agency (with those that stand behind it), whether anything fired or
    could not be told for it, the accreditations if they were read, and the stamps of what the process keeps."""

    row: Mapping[str, Any]
    lanes: Mapping[str, Laned]
    quiet: frozenset[str] = frozenset()
    held: tuple[Held, ...] | None = None
    stamps: Mapping[str, int] = field(default_factory=dict)
    noticed: Noticed = field(default_factory=Noticed)
    declaration: Declaration | None = None
    lines: tuple[Line, ...] = ()

    def share_of_time(self, agency: str) -> Decimal:
        """Return within which share of its working time the agency's desk wants to look: 1 beyond the green lane; sooner for a
        trader whose accreditation says so."""
        limits = thresholds.table().get(agency)
        green = self.lane(agency) == thresholds.GREEN and limits is not None
        share = Decimal(limits.target_percent_green) / 100 if green and limits else Decimal(1)
        return share * self._sooner

    @property
    def _sooner(self) -> Decimal:
        """How much less a holder waits: as little as for any goods item of the package."""
        if not self.held:
            return Decimal(1)
        waits = (advantages.sooner(self.held, code=one.code, procedure=one.procedure) for one in self.lines)
        return max(waits, default=Decimal(1))

    def lane(self, agency: str) -> str:
        """Return the lane of a signing agency; yellow for one that risk knows nothing of."""
        return self.lanes[agency].lane if agency in self.lanes else thresholds.YELLOW


def assess(
    declaration: Declaration, package: Package, owner: Organisation | None, outcome: Outcome, *, edition: CompiledEdition,
    on: date, quoted: Mapping[str, Quoted] | None = None,
) -> Assessed:  # fmt: skip
    """Assess the newest version of a package; reads only. ``keep`` writes what it returns. ``quoted``: the advance information
    that it quotes, where that was read already.

    Raises what the database raises: then the filing itself could not be written either.
    """
    subject = Subject(declaration, package, owner, outcome, edition, on, quoted)
    try:
        stamps, seed = find_stamps(on, owner.id if owner else None)
        subject = replace(subject, seed=seed)
        return _assessed(subject, current_indicators(stamps.get(PART, 0)), stamps)
    except sa.exc.SQLAlchemyError:
        raise
    except Exception as error:
        log.exception("a package could not be assessed: it is held in the yellow lane")
        return _held_back(subject, type(error).__name__)


def keep(assessed: Assessed) -> list[Happening]:
    """Write the row of an assessment, and what was found of watch-lists; returns what is to be recorded. No trader sees the entry: it belongs to no package's
    story, and holds neither lane nor indicator."""
    row = assessed.row
    session().execute(_INSERT, row)
    told = {name: row[name] for name in ("lanes", "signals", "draws", "lowered")}
    payload = {
        "declaration": str(row["declaration_id"]), "version": row["version"], "indicators": row["indicators"],
        "edition": row["edition"], "agencies": len(row["lanes"]), "digest": digest_of(told),
    }  # fmt: skip
    kept = Happening("declaration.assessed", "assessment", row["id"], payload)
    if assessed.declaration is None:
        return [kept]
    return [kept, *noticing.keep(assessed.declaration, assessed.noticed)]


def digest_of(told: Mapping[str, Any]) -> str:
    """Return the digest under which the ledger holds lanes, signals, draws and the accreditation of an assessment."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


# --- the parts of an assessment -------------------------------------------------------------------------------------


def find_stamps(day: date, owner_id: uuid.UUID | None = None) -> tuple[dict[str, int], str | None]:
    """Return the stamps of all parts of risk, and the seed of a day where it is promised: one small read says whether what the
    process keeps still holds, by what the package is drawn, and (HOLDS) whether its owner holds an accreditation."""
    rows: Sequence[Any] = session().execute(_STAMPS, {"day": day, "holder": owner_id}).all()
    found = next((row.seed for row in rows if row.part == _SEED), None)
    return {row.part: row.number for row in rows if row.part != _SEED}, found


def _assessed(subject: Subject, compiled: CompiledIndicators, stamps: Mapping[str, int]) -> Assessed:
    package, concerned = subject.package, [lane.agency for lane in subject.outcome.lanes]
    wanted = compiled.wanted([line.code for line in package.lines], package.direction, subject.on)
    number = subject.declaration.number or ""
    noticed = noticing.look(package, subject.on, stamps=stamps, customs=subject.edition.customs)
    facts, reads = gather(
        package, subject.owner, subject.edition, on=subject.on, number=number, wanted=tuple(wanted),
        quoted=subject.quoted, watched=noticed.found,
    )  # fmt: skip
    scored = scoring.score(compiled, facts, agencies=concerned, limits=thresholds.limits_of(concerned))
    raw = scored.scores
    scored, lowered = _relieved(scored, reads, package)
    draws = _draws(number, subject, concerned)
    told = _not_told(scored)
    lanes = {
        agency: thresholds.lane_of(
            agency,
            Asked(
                scored.scores[agency], raw[agency], scored.lanes[agency],
                drawn=draws.get(agency, {}).get("drawn", False), unknown=agency in told,
                watched=noticed.watched(agency), marked=noticed.has_mark(agency), **_of_law(lane),
            ),
            thresholds.table().get(agency),
        )
        for agency, lane in _judged(subject.outcome, scored)
    }  # fmt: skip
    row = _row(subject, scored.edition, lanes, scoring.as_dict(scored), draws, lowered)
    loud = {agency for one in scored.signals if not one.shadow for agency in one.agencies}
    loud |= noticed.agencies
    if HOLDS in stamps:
        _ = reads.held  # routing asks what it is worth: a holder waits less whatever the score
    return Assessed(
        row, standing(subject.outcome, lanes), _quiet(subject.outcome, frozenset(lanes) - told - loud), reads.known_held,
        stamps, noticed, subject.declaration, package.lines,
    )  # fmt: skip


def _judged(outcome: Outcome, scored: scoring.Scored) -> list[tuple[str, Lane | None]]:
    """Every agency that has a lane in law, and those without one whose indicators fired."""
    lanes: dict[str, Lane | None] = {lane.agency: lane for lane in outcome.lanes}
    return list({**dict.fromkeys(scored.scores), **lanes}.items())


def _of_law(lane: Lane | None) -> dict[str, bool]:
    measures = lane.measures if lane is not None else ()
    return {
        "prohibited": any(measure.prohibited or measure.effect == "prohibit" for measure in measures),
        "unclassified": any(measure.reason for measure in measures),
    }


def _not_told(scored: scoring.Scored) -> set[str]:
    """The agencies for which an indicator might have fired, had the window known a fact."""
    return {agency for one in scored.untold for agency in one.agencies}


def _relieved(scored: scoring.Scored, reads: Reads, package: Package) -> tuple[scoring.Scored, dict[str, Any]]:
    """Lower the scores by what an accreditation of the owner is worth, where there is anything to lower. It covers a package
    whose every item is within its scope."""
    if not any(scored.scores.values()) or not reads.held:
        return scored, {}
    points = min(
        (advantages.points_off(reads.held, code=line.code, procedure=line.procedure) for line in package.lines),
        default=0,
    )
    if not points:
        return scored, {}
    relief = dict.fromkeys(scored.scores, points)
    scores, lanes = scoring.standing(scored.signals, scored.scores, scored.limits, relief)
    first = package.lines[0]
    best = advantages.relieving(reads.held, code=first.code, procedure=first.procedure)
    lowered = {"kind": best.kind, "number": best.number, "points": points} if best is not None else {}
    return replace(scored, scores=scores, lanes=lanes, relief=relief), lowered


def _draws(number: str, subject: Subject, agencies: Sequence[str]) -> dict[str, dict[str, Any]]:
    shares = {agency: row.random_per_mille for agency in agencies if (row := thresholds.table().get(agency))}
    if not any(shares.values()) or not number:
        return {}
    seed = subject.seed or seeds.seed_of(subject.on)
    return {
        agency: {"share": share, "drawn": drawing_lots.drawn(seed, number, agency, share)}
        for agency, share in shares.items()
    }


def standing(outcome: Outcome, lanes: Mapping[str, Laned]) -> dict[str, Laned]:
    """The lane of each signing agency; customs stands for those that only issue."""
    return {
        lane.agency: thresholds.joined(
            lane.agency, tuple(lanes[one.agency] for one in outcome.standing_in(lane.agency))
        )
        for lane in outcome.reviews
    }


def _quiet(outcome: Outcome, quiet: frozenset[str]) -> frozenset[str]:
    return frozenset(
        lane.agency for lane in outcome.reviews if all(one.agency in quiet for one in outcome.standing_in(lane.agency))
    )


def _held_back(subject: Subject, failed: str) -> Assessed:
    lanes = {lane.agency: thresholds.failing(lane.agency) for lane in subject.outcome.lanes}
    row = _row(subject, NOTHING, lanes, {}, {}, {}) | {"failed": failed[:64]}
    return Assessed(row, standing(subject.outcome, lanes))


def _row(
    subject: Subject, indicators: str, lanes: Mapping[str, Laned], signals: Mapping[str, Any],
    draws: Mapping[str, Any], lowered: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": new_id(), "declaration_id": subject.declaration.id, "version": subject.declaration.version, "at": clock.now(),
        "indicators": indicators, "edition": subject.edition.hash,
        "lanes": {agency: one.as_dict() for agency, one in lanes.items()}, "signals": signals, "draws": draws,
        "drawn_on": subject.on, "lowered": lowered, "failed": "",
    }  # fmt: skip
