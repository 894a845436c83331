"""Routing: one review for each agency that signs, opened together in one statement, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.database import new_id, session
from app.declarations.masking import GOODS, PARTIES
from app.declarations.models import Declaration, Version
from app.declarations.package import Line, Package
from app.ledger.recording import Happening
from app.markup import HIDDEN
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition
from app.requirements.outcome import AppliedMeasure, Lane, Outcome
from app.reviews import clocks, four_eyes, needs, timing
from app.reviews.calendars import WorkingCalendar
from app.reviews.lifecycle import REVIEW
from app.reviews.models import OPEN, Review
from app.risk import thresholds
from app.risk.assessing import Assessed

_INSERT: sa.Insert = sa.insert(Review.__table__)  # type: ignore[arg-type]
SUMMARY, LAW = 90, 80
"""Characters of goods and of law that a queue row shows."""


def open_reviews(
    declaration: Declaration,
    version: Version,
    outcome: Outcome,
    package: Package,
    *,
    by: Actor,
    edition: CompiledEdition | None = None,
    assessed: Assessed | None = None,
) -> list[Happening]:
    """Open a review for each signing lane; returns what is to be recorded ("review.opened"), for one statement of its own.

    ``edition``: the one in force, when the caller holds it already: which agency releases, and which kind of office it is.
    ``assessed``: how deep each agency is to look. Customs stands for the agencies that only issue: their lanes are kept beside its own.
    """
    at = clock.now()
    law = edition or current_edition()
    return insert(new_row(lane, declaration, version, outcome, package, law, at, assessed) for lane in outcome.reviews)


def insert(rows: Iterable[dict[str, Any]]) -> list[Happening]:
    """Write new reviews in one statement; returns what is to be recorded ("review.opened")."""
    made = list(rows)
    if made:
        session().execute(_INSERT, made)
    return [_opened(row) for row in made]


def close_reviews(declaration: Declaration, *, by: Actor) -> list[Happening]:
    """Supersede the reviews of a package that still wait (it was withdrawn or replaced); returns what is to be recorded."""
    waiting = sa.select(Review).where(Review.declaration_id == declaration.id, sa.text(OPEN)).with_for_update()
    reviews = session().scalars(waiting.order_by(Review.id)).all()
    return [
        REVIEW.step(review, "supersede", by=by, agency=review.agency, declaration=str(declaration.id))
        for review in reviews
    ]


def new_row(
    lane: Lane, declaration: Declaration, version: Version, outcome: Outcome, package: Package,
    edition: CompiledEdition, at: datetime, assessed: Assessed | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the columns of a review that is opened at ``at`` for a signing lane of this version.

    ``edition``: the one in force, for the agency that releases and the hours of the office. ``assessed``: what risk says.
    """
    releases = lane.agency == edition.customs
    items = [line.number for line in package.lines] if releases else list(lane.items)
    hours = timing.hours_of(lane.agency, declaration.office_code, edition)
    begun = timing.begin(
        lane, outcome, hours, releases=releases, registered_at=declaration.registered_at or at, at=at,
    )  # fmt: skip
    return {
        "id": new_id(),
        "version_id": version.id,
        "version": version.number,
        "agency": lane.agency,
        "releases": releases,
        "status": REVIEW.initial,
        "opened_at": at,
        **due_columns(begun.due_at, begun.clock),
        "claimed_by_name": "",
        "assignee_name": "",
        "items": items,
        "results": {},
        "result": "",
        **_second_look(lane),
        **_depth(lane.agency, assessed, begun, hours, at),
        "edition": outcome.edition,
        # Customs judges the whole package: any change of it is a change of what customs judges.
        "facts_digest": declaration.digest if releases else outcome.digest(lane.agency),
        **_shown(lane, declaration, version, outcome, package, items, begun.hours),
    }


def due_columns(due_at: datetime, story: clocks.Clock) -> dict[str, Any]:
    """Return the columns of a deadline: the moment, its day in Minsk, and the story of the clock."""
    return {"due_at": due_at, "due_on": due_at.astimezone(clock.MINSK).date(), "clock": story}


def _second_look(lane: Lane) -> dict[str, bool]:
    """Whether a second officer must sign, and blindly."""
    looks = four_eyes.second_looks(lane.agency, (measure.measure_type for measure in lane.measures))
    return {"four_eyes": bool(looks), "blind": any(look.blind for look in looks)}


def _depth(
    agency: str, assessed: Assessed | None, begun: timing.Timing, hours: WorkingCalendar, at: datetime
) -> dict[str, Any]:
    """How deep to look and by when the agency's own desk wants to; a red lane is signed by two officers."""
    if assessed is None:
        return {"risk": "", "target_at": None}
    lane, limits = assessed.lane(agency), thresholds.table().get(agency)
    told: dict[str, Any] = {"risk": lane, "target_at": timing.target(begun, hours, at, assessed.share_of_time(agency))}
    if lane == thresholds.RED and (limits is None or limits.four_eyes_red):
        told["four_eyes"] = True
    return told


def _shown(
    lane: Lane,
    declaration: Declaration,
    version: Version,
    outcome: Outcome,
    package: Package,
    items: Sequence[int],
    hours: int,
) -> dict[str, Any]:
    """What the queue shows and filters by, and why the agency was asked."""
    lanes = list(outcome.standing_in(lane.agency))
    told = {one["agency"]: one for one in version.outcome["lanes"]}
    shown = _needed(card(declaration, package, lanes, items, hours), lane.agency)
    return {
        "declaration_id": declaration.id,
        "office_code": declaration.office_code,
        "tag": shown["tag"],
        "direction": declaration.direction,
        "partner_country": declaration.partner_country,
        "chapter": _chapter(package, items),
        "owner_id": declaration.owner_id,
        "card": shown,
        "lane": {"lane": told[lane.agency], "behind": [told[behind.agency] for behind in lanes[1:]]},
    }


def _needed(shown: dict[str, Any], agency: str) -> dict[str, Any]:
    """Leave on the row of a queue what the agency needs to see; the case page tells the rest, with a reason."""
    if not needs.grants(agency, PARTIES):
        shown["trader"] = HIDDEN
    if not needs.grants(agency, GOODS):
        shown |= {"goods": HIDDEN, "mass_kg": ""}
    return shown


def _opened(row: dict[str, Any]) -> Happening:
    payload = {
        "agency": row["agency"],
        "declaration": str(row["declaration_id"]),
        "due_at": row["due_at"].isoformat(timespec="seconds"),
        "items": row["items"],
        "measures": [measure["code"] for measure in row["lane"]["lane"]["measures"]],
    }
    if four_eyes.second_looks(row["agency"], (one["measure_type"] for one in row["lane"]["lane"]["measures"])):
        # By law only: a second officer asked for by risk is nobody's news.
        payload["four_eyes"] = True
    if "proposed" in row["clock"]:
        payload["extension"] = row["clock"]["proposed"]
    return Happening("review.opened", "review", row["id"], payload, row["declaration_id"])


def card(
    declaration: Declaration, package: Package, lanes: Sequence[Lane], items: Sequence[int], hours: int
) -> dict[str, Any]:
    """Return what a queue row shows, so that the queue reads nothing else.

    Keys: number, lrn, direction, trader, country (alpha-2 of the partner), office, goods, mass_kg (text, "" when unknown),
    items, of, why {prefix, measure, kind, law, confidence} or {}, more (further measures), tag, hours.
    """
    lines = [line for line in package.lines if line.number in set(items)]
    measures = [measure for lane in lanes for measure in lane.measures]
    return {
        "number": declaration.number or "",
        "lrn": declaration.lrn,
        "direction": declaration.direction,
        "trader": declaration.owner_name,
        "country": declaration.partner_country,
        "office": declaration.office_code,
        "goods": _summary(lines),
        "mass_kg": _mass(lines),
        "items": len(items),
        "of": len(package.lines),
        "why": _why(measures),
        "more": max(len(measures) - 1, 0),
        "tag": _tag(measures),
        "hours": hours,
    }


def _chapter(package: Package, items: Sequence[int]) -> str:
    """The HS chapter of the first goods item judged: what the queue is filtered by."""
    return next((line.code[:2] for line in package.lines if line.number in set(items)), "")


def _summary(lines: Sequence[Line]) -> str:
    texts = list(dict.fromkeys(line.description.strip() for line in lines if line.description.strip()))
    joined = "; ".join(texts)
    return joined if len(joined) <= SUMMARY else joined[: SUMMARY - 1].rstrip() + "…"


def _mass(lines: Iterable[Line]) -> str:
    """Net mass in kilograms, gross where net is not given; empty when a line has neither or another unit."""
    total = Decimal(0)
    for line in lines:
        mass = line.net or line.gross
        if mass is None or mass.unit not in ("", "KGM"):
            return ""
        total += mass.value
    return format(total.normalize(), "f") if total else ""


def _why(measures: Sequence[AppliedMeasure]) -> dict[str, str]:
    """The most telling measure: a prohibition before the rest, then the one that names the goods most exactly."""
    if not measures:
        return {}
    best = max(measures, key=lambda measure: (measure.prohibited, len(measure.prefix.strip("*")), measure.confidence))
    law = best.act.split(";")[0].strip()
    return {
        "prefix": best.prefix if best.prefix != "*" else "",
        "measure": best.code,
        "kind": best.measure_type,
        "law": law if len(law) <= LAW else law[: LAW - 1].rstrip() + "…",
        "confidence": best.confidence,
    }


def _tag(measures: Sequence[AppliedMeasure]) -> str:
    """What kind of look the case needs: prohibited, unclassified, or documents. How deep to look is ``Review.risk``."""
    if any(measure.prohibited for measure in measures):
        return "prohibited"
    return "unclassified" if any(measure.reason for measure in measures) else "documents"
