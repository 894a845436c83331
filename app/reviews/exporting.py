"""The queue as a table for a spreadsheet: one line per case, remembered in the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app import spreadsheets
from app.access import Actor, require
from app.errors import Text
from app.ledger.recording import record
from app.reviews import policy, queue_finders
from app.reviews.filtering import Filter
from app.reviews.models import Review
from app.reviews.walks import Bounds
from app.spreadsheets import moment


@dataclass(frozen=True, slots=True)
class Table:
    """What is taken out: headings, a row per case, and whether there is more than the cap lets out."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    cut: bool


def export(
    chosen: Filter, *, limits: Bounds, words: Callable[[Text], str], states: Any, by: Actor, names: Any
) -> Table:
    """Return the cases of a filter, at most ten thousand, and record that they were taken out.

    Raises NotAllowed for anyone but the agency's supervisor.
    """
    require(policy.supervise, by)
    most = spreadsheets.MOST_ROWS
    found = list(queue_finders.walk_all(by, chosen, limits, most=most + 1))
    reviews = found[:most]
    record("queue.exported", "organisation", by.organisation_id, by=by, agency=by.agency, rows=len(reviews))  # type: ignore[arg-type]
    rows = [[*_facts(review), *_places(review, words, states, names)] for review in reviews]
    return Table(_headings(), rows, len(found) > most)


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
    yield from (moment(review.opened_at), moment(review.due_at), review.assignee_name)


def _places(review: Review, words: Callable[[Text], str], states: Any, names: Any) -> Iterator[str]:
    yield str(states.get(review.status, review.status))
    yield words(names.office(review.office_code)) if review.office_code else ""
    yield words(names.country(review.partner_country)) if review.partner_country else ""
    yield review.direction
