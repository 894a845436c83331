"""The queue as a table for a spreadsheet: safe against formulas, one line per case, remembered in the record."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app import clock
from app.access import Actor, require
from app.errors import Text
from app.ledger.recording import record
from app.reviews import policy, queue_finders
from app.reviews.filtering import Filter
from app.reviews.models import Review
from app.reviews.walks import Bounds

MOST_ROWS = 10_000
BOM = "\ufeff"
"""So that a spreadsheet reads the letters as UTF-8."""
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def safe(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe. Pure."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return headings and rows as CSV with a byte order mark and line ends as spreadsheets want them. Pure."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([safe(heading) for heading in headings])
    writer.writerows([safe(value) for value in row] for row in rows)
    return BOM + written.getvalue()


def export(chosen: Filter, *, limits: Bounds, words: Callable[[Text], str], states: Any, by: Actor, names: Any) -> str:
    """Return the cases of a filter as CSV, at most ten thousand, and record that they were taken out.

    Raises NotAllowed for anyone but the agency's supervisor.
    """
    require(policy.supervise, by)
    reviews = list(queue_finders.walk_all(by, chosen, limits, most=MOST_ROWS))
    record("queue.exported", "organisation", by.organisation_id, by=by, agency=by.agency, rows=len(reviews))  # type: ignore[arg-type]
    rows = ([*_facts(review), *_places(review, words, states, names)] for review in reviews)
    return table(_headings(), rows)


def _headings() -> list[str]:
    return [
        _("Number"), _("Own reference"), _("Trader"), _("Goods"), _("Net mass, kg"), _("Items to judge"), _("Measure"),
        _("On the queue since"), _("Due"), _("Officer"), _("State"), _("Office"), _("Country"), _("Direction"),
    ]  # fmt: skip


def _facts(review: Review) -> Iterator[Any]:
    card = review.card
    yield from (card.get(name, "") for name in ("number", "lrn", "trader", "goods", "mass_kg"))
    yield len(review.items)
    yield card.get("why", {}).get("measure", "")
    yield from (_moment(review.opened_at), _moment(review.due_at), review.assignee_name)


def _places(review: Review, words: Callable[[Text], str], states: Any, names: Any) -> Iterator[str]:
    yield str(states.get(review.status, review.status))
    yield words(names.office(review.office_code)) if review.office_code else ""
    yield words(names.country(review.partner_country)) if review.partner_country else ""
    yield review.direction


def _moment(at: datetime | None) -> str:
    return at.astimezone(clock.MINSK).strftime("%Y-%m-%d %H:%M") if at else ""
