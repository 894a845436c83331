"""Checks that the lot opens: a share of the released packages of each agency, computed again by whoever has the day's seed."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from app import clock
from app.access import SYSTEM
from app.cases import finders
from app.cases.opening import Request, write
from app.database import session
from app.declarations.models import Declaration
from app.errors import Text
from app.jobs import registry
from app.ledger import reading
from app.ledger.models import Entry
from app.reviews.finders import list_reviews
from app.reviews.question_finders import lock_declaration
from app.reviews.releasing import find_released
from app.risk import drawing_lots, seeds

READER = "cases.drawing"
BATCH = 100
WITHIN = timedelta(days=30)
"""A window that learns to draw does not begin with its whole past."""
PURPOSE = "after-release"
"""Under which the lot is drawn: another one than before the release."""
RELEASES = ("declaration.released", "declaration.partly_released")
TABLE = Path(__file__).resolve().parent / "data" / "draws.csv"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a thousand released packages an agency looks at again, which documents it wants then, in which words."""

    per_mille: int
    wanted: tuple[str, ...]
    days: int
    asked: Text


@cache
def shares() -> Mapping[str, Share]:
    """Return the shares by agency."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["agency"]: Share(
                int(row["per_mille"]), tuple(row["wanted"].split()), int(row["days"]),
                {language: row[f"asked_{language}"] for language in ("be", "ru", "en")},
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


@registry.follower(READER)
def follow() -> int:
    """Take in the releases that this reader has not seen; returns how many entries there were. One transaction of the caller."""
    reading.take_turn(READER)
    entries = reading.read(READER, limit=BATCH)
    for entry in entries:
        if entry.event in RELEASES and entry.at > clock.now() - WITHIN:
            _draw(entry)
    if entries:
        reading.advance(READER, entries[-1])
    return len(entries)


def _draw(entry: Entry) -> None:
    """Open what the lot of the day of this release opens; a package that is released in parts is drawn once."""
    declaration = session().get_one(Declaration, entry.declaration_id)
    seed = seeds.seed_of(entry.at.astimezone(clock.MINSK).date())
    number = declaration.number or ""
    drawn = [
        agency
        for agency, share in shares().items()
        if drawing_lots.drawn(seed, number, agency, share.per_mille, PURPOSE)
    ]
    if not drawn:
        return
    locked = lock_declaration(declaration.id)
    released = find_released(locked.id)
    for review in list_reviews(locked.id):
        items = tuple(sorted(released & set(review.items)))
        if review.agency in drawn and items and not finders.list_of_package(locked.id, agency=review.agency):
            share = shares()[review.agency]
            # The words of a draw are the table's, in whatever language they are read.
            meant = Request("draw", "", items, share.wanted, "", share.days)
            write(locked, review, meant, by=SYSTEM)
