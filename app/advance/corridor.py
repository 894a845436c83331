"""The planned way and how far from it a place is. Pure: degrees in, kilometres out.

The corridor is drawn through the places that the advance information names, as far as their coordinates are known. What cannot be
compared is None: unknown raises no alert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt

from app.advance.message import Advance
from app.advance.tables import Point

EARTH = 6371.0
"""Mean radius of the earth in kilometres."""
COUNTRY = (51.2, 23.1, 56.2, 32.8)
"""South, west, north and east of Belarus, in degrees, rounded outward: abroad nobody watches the way."""


def distance(one: Point, other: Point) -> float:
    """Return the great-circle distance of two points in kilometres (haversine)."""
    north, east = radians(other[0] - one[0]), radians(other[1] - one[1])
    half = sin(north / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(east / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def to_segment(point: Point, start: Point, end: Point) -> float:
    """Return how far a point is from a straight piece of the way, in kilometres, on a plane that touches the earth at the point;
    over the few hundred kilometres of this country that errs by less than one in a hundred."""
    ax, ay = _flat(start, point)
    bx, by = _flat(end, point)
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return hypot(ax + along * dx, ay + along * dy)


def _flat(place: Point, origin: Point) -> tuple[float, float]:
    return (
        radians(place[1] - origin[1]) * cos(radians(origin[0])) * EARTH,
        radians(place[0] - origin[0]) * EARTH,
    )


def from_way(point: Point, way: Sequence[Point]) -> float | None:
    """Return how far a point is from the whole way; None where the way has fewer than two places or the point is abroad."""
    south, west, north, east = COUNTRY
    if len(way) < 2 or not (south <= point[0] <= north and west <= point[1] <= east):
        return None
    return min(to_segment(point, start, end) for start, end in pairwise(way))


def way_of(advance: Advance, known: Mapping[str, Point]) -> tuple[Point, ...]:
    """Return the places of the planned way in their order; the post, where the route leaves it out, comes first (into the
    country) or last (out of it)."""
    named = [stop.place for stop in advance.route if stop.place]
    if advance.post not in named:
        named = [*named, advance.post] if advance.direction == "export" else [advance.post, *named]
    return tuple(known[name] for name in named if name in known)


def posts_of(advance: Advance) -> frozenset[str]:
    """Return the border posts that the plan names."""
    return frozenset({advance.post} | {stop.place for stop in advance.route if stop.place.startswith("BP-")})
