"""Pictures of the tree: a small whole one, and the path from one leaf of any tree up to its root. Pure: numbers for SVG."""

from __future__ import annotations

from dataclasses import dataclass

from app.ledger import merkle

STEP_X, STEP_Y, MARGIN = 44, 46, 22
MIDDLE, SIDE = 190, 60


@dataclass(frozen=True, slots=True)
class Dot:
    """A node of a picture: its place, the leaves it covers (last included), its part in the proof, and lines to its children."""

    x: float
    y: float
    begin: int
    end: int
    part: str  # leaf, path (made by the checker), given (stands in the proof), other
    below: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture and its size."""

    dots: tuple[Dot, ...]
    width: float
    height: float


def whole(size: int, index: int) -> Drawing:
    """Draw a tree of a few leaves with the proof of one; ``size`` a power of two."""
    given = set(merkle.inclusion(index, size))
    levels = size.bit_length() - 1
    dots = []
    for level in range(levels, -1, -1):
        span = 1 << level
        for begin in range(0, size, span):
            x = MARGIN + STEP_X * (begin + (span - 1) / 2)
            y = MARGIN + STEP_Y * (levels - level)
            half = STEP_X * span / 4
            below = ((x - half, y + STEP_Y), (x + half, y + STEP_Y)) if level else ()
            dots.append(Dot(x, y, begin, begin + span - 1, _part(begin, begin + span, index, given), below))
    return Drawing(tuple(dots), 2 * MARGIN + STEP_X * (size - 1), 2 * MARGIN + STEP_Y * levels)


def _part(begin: int, end: int, index: int, given: set[merkle.Range]) -> str:
    if begin <= index < end:
        return "leaf" if end - begin == 1 else "path"
    return "given" if (begin, end) in given else "other"


def path(index: int, size: int) -> Drawing:
    """Draw the way from a leaf up to the root: at each step the hash that the proof gives stands beside that made so far."""
    steps = merkle.inclusion(index, size)
    height = 2 * MARGIN + STEP_Y * len(steps)
    sides = [
        SIDE if begin <= index else -SIDE for begin, _end in steps
    ]  # the given hash of the left: our own to the right
    dots: list[Dot] = []
    begin, end, y = index, index + 1, height - MARGIN
    below: tuple[tuple[float, float], ...] = ()
    for (other_begin, other_end), side in zip(steps, sides, strict=True):
        own, given = MIDDLE + side, MIDDLE - side
        dots.append(Dot(own, y, begin, end - 1, "path" if below else "leaf", below))
        dots.append(Dot(given, y, other_begin, other_end - 1, "given"))
        below = ((own, y), (given, y))
        begin, end, y = min(begin, other_begin), max(end, other_end), y - STEP_Y
    dots.append(Dot(MIDDLE, y, begin, end - 1, "path" if below else "leaf", below))
    return Drawing(tuple(dots), 2 * MIDDLE, height)
