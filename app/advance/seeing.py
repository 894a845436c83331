"""What a report from the road says against the plan: off the way, at another post, seals broken, missing or others. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.advance import corridor
from app.advance.message import Advance
from app.advance.tables import Point
from app.declarations.marks import normal

OFF_ROUTE, LATE = "off_route", "late"
SEAL_BROKEN, SEAL_MISSING, SEAL_OTHER = "seal_broken", "seal_missing", "seal_other"
KINDS = (OFF_ROUTE, LATE, SEAL_BROKEN, SEAL_MISSING, SEAL_OTHER)
WHOLE, BROKEN = "whole", "broken"


@dataclass(frozen=True, slots=True)
class Seen:
    """A report as values. ``seals``: (number, whole | broken) of each seal seen; None where nobody looked at seals."""

    kind: str
    at: datetime
    point: Point | None = None
    post: str = ""
    seals: Sequence[tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as announced. ``figure``: kilometres off the way, or minutes late."""

    kind: str
    about: str = ""
    figure: int | None = None


def judge(
    seen: Seen, advance: Advance, known: Mapping[str, Point], *, kilometres: float, minutes: int
) -> list[Finding]:
    """Return what a report says against the plan; ``kilometres`` and ``minutes`` are let pass."""
    return [*_way(seen, advance, known, kilometres), *_time(seen, advance, minutes), *_seals(seen, advance)]


def _way(seen: Seen, advance: Advance, known: Mapping[str, Point], kilometres: float) -> Iterator[Finding]:
    if seen.post:
        if seen.post.startswith("BP-") and seen.post not in corridor.posts_of(advance):
            yield Finding(OFF_ROUTE)
        return
    if seen.point is None:
        return
    away = corridor.from_way(seen.point, corridor.way_of(advance, known))
    if away is not None and away > kilometres:
        yield Finding(OFF_ROUTE, figure=round(away))


def _time(seen: Seen, advance: Advance, minutes: int) -> Iterator[Finding]:
    late = (seen.at - advance.planned_at).total_seconds() // 60
    if seen.kind == "arrival" and seen.post in ("", advance.post) and late > minutes:
        yield Finding(LATE, figure=int(late))


def _seals(seen: Seen, advance: Advance) -> Iterator[Finding]:
    if seen.seals is None:
        return
    announced = {normal(seal): seal for seal in sorted(advance.seals)}
    found = {normal(number): (number, state) for number, state in seen.seals}
    for word, (number, state) in found.items():
        if state == BROKEN:
            yield Finding(SEAL_BROKEN, about=number[:35])
        elif word not in announced:
            yield Finding(SEAL_OTHER, about=number[:35])
    for word, seal in announced.items():
        if word not in found:
            yield Finding(SEAL_MISSING, about=seal)
