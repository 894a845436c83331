"""The form of a question: what it offers, what was typed, and the question it means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from werkzeug.datastructures import MultiDict

from app import clock
from app.access import Actor
from app.declarations import places
from app.declarations.codec import to_package
from app.declarations.finders import get_version
from app.declarations.form_lists import Lists
from app.declarations.forms import day_of
from app.declarations.package import Package
from app.requirements.outcome import Lane
from app.reviews import clocks, seeing, signs
from app.reviews.calendars import WorkingCalendar
from app.reviews.models import Review
from app.reviews.question_examining import Asking

OWN = "own"
MOST_READ = 50
"""Codes of wanted documents that are looked at; far more than a question may want."""
PRESETS = (1, 3, 5)
"""Working days offered beside the deadline of the law."""
MOST_ITEMS = 12
"""Goods items whose values are offered one by one; of a longer case the items and documents are, the rest by path."""
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_CODES = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page of a question: the version it is about, the places to choose from, the documents that may be
    wanted, the signs, and the deadlines (moment, working days or 0 for that of the law)."""

    version: int
    tree: etree._Element
    package: Package
    places: Sequence[tuple[int | None, Sequence[places.Place]]]
    wanted: Sequence[tuple[str, str]]
    signs: Sequence[signs.Sign]
    deadlines: Sequence[tuple[datetime, int]]


def lay_out(review: Review, lists: Lists, calendar: WorkingCalendar, *, actor: Actor, now: datetime) -> Sheet:
    """Gather what the page offers a reader for a review; the version is the one its package has now."""
    version = get_version(review.declaration)
    tree = seeing.tree_of(version, review, lists.edition, actor=actor)
    package = to_package(tree)
    numbers = [number for number in review.items if number <= len(package.lines)]
    few = len(numbers) <= MOST_ITEMS
    offered = places.offered(tree, package, lists, numbers if few else None)
    judged = [pair for pair in offered if pair[0] is None or pair[0] in numbers]
    return Sheet(
        version=version.number,
        tree=tree,
        package=package,
        places=judged,
        wanted=[(code, lists.words("document_types", code)) for code in _codes_of(review, package, lists)],
        signs=signs.list_signs(review.agency),
        deadlines=deadlines(calendar, now, registered_at=review.declaration.registered_at),
    )


def deadlines(
    calendar: WorkingCalendar, now: datetime, *, registered_at: datetime | None
) -> list[tuple[datetime, int]]:
    """Return the deadlines offered, the law's first: (moment, working days; 0 for that of the law)."""
    law = clocks.answer_due(calendar, now, registered_at=registered_at)
    return [(law, 0), *((calendar.add_days(now, days), days) for days in PRESETS)]


def _codes_of(review: Review, package: Package, lists: Lists) -> list[str]:
    """The documents this agency deals with: those its measures demand, then those that stand at its goods items."""
    lanes = [Lane.from_dict(data) for data in (review.lane["lane"], *review.lane["behind"])]
    wanted = [code for lane in lanes for one in lane.measures for ways in one.required for way in ways for code in way]
    declared = [
        lists.edition.document_code(one.category, one.type)
        for one in package.all_documents
        if one.item is None or one.item in review.items
    ]
    return [code for code in dict.fromkeys([*wanted, *declared]) if code in lists.edition.document_types]


def blank(sheet: Sheet, *, path: str = "") -> dict[str, Any]:
    """Return the fields of a fresh form: the place it was opened from, and the deadline of the law."""
    offered = {place.path for _item, group in sheet.places for place in group}
    return {
        "path": path if path in offered else "", "place": "" if path in offered else path, "sign": "", "text": "",
        "wanted": [], "wanted_more": "", "none_wanted": "", "deadline": _value(sheet.deadlines[0][0]), "own_day": "",
        "own_time": "", "on_silence": "", "nevertheless": "", "closed": "",
    }  # fmt: skip


def read(form: MultiDict[str, str]) -> tuple[Asking, dict[str, Any]]:
    """Read a sent form: the question it means, and every field as typed."""
    typed: dict[str, Any] = {
        name: form.get(name, "")
        for name in (
            "path", "place", "sign", "text", "wanted_more", "none_wanted", "deadline", "own_day", "own_time", "on_silence",
            "nevertheless", "closed",
        )
    }  # fmt: skip
    typed["wanted"] = form.getlist("wanted")
    more = [code.upper() for code in _CODES.split(typed["wanted_more"]) if code]
    asking = Asking(
        path=typed["place"].strip() or typed["path"],
        sign=typed["sign"],
        text=typed["text"],
        wanted=tuple(dict.fromkeys([*typed["wanted"], *more]))[:MOST_READ],
        due_at=due_at_of(typed),
        on_silence=typed["on_silence"],
        none_wanted=bool(typed["none_wanted"]),
        nevertheless=bool(typed["nevertheless"]),
        closed=bool(typed["closed"]),
    )
    return asking, typed


def due_at_of(typed: Mapping[str, Any]) -> datetime | None:
    """Return the deadline somebody chose or typed (day and Minsk time); None where it cannot be read."""
    if typed["deadline"] != OWN:
        try:
            return clock.moment_of(typed["deadline"])
        except ValueError:
            return None
    day, time = day_of(typed["own_day"]), _TIME.fullmatch(typed["own_time"].strip())
    if day is None or time is None or not 2000 <= day.year <= 2099:
        return None
    return datetime(day.year, day.month, day.day, int(time[1]), int(time[2]), tzinfo=clock.MINSK).astimezone(UTC)


def _value(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
