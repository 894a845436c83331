"""One review for each signing lane, in one statement, with its card, its reason and its deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
import time_machine
from sqlalchemy import event

from app import database
from app.ledger.models import Entry
from app.reviews import finders, queue_finders, routing, timing
from app.reviews.models import Review
from tests.reviews.making import CUSTOMS, ENV, PHYTO, VET, file_package, get


def test_three_lanes_and_customs(session, country):
    filed = file_package(country)
    assert {VET, PHYTO, CUSTOMS} <= set(filed.reviews)
    reviews = {review.agency: review for review in finders.list_reviews(filed.declaration_id)}
    assert reviews[CUSTOMS].items == [1, 2, 3]
    assert reviews[CUSTOMS].releases
    assert not reviews[VET].releases
    assert reviews[VET].items == [1]
    assert {review.status for review in reviews.values()} == {"queued"}


def test_the_card_says_what_a_row_shows(session, country):
    review = get(file_package(country), country.olga)
    card = review.card
    assert card["number"].startswith("06611/")
    assert card["trader"] == "Belmyaso Trade"
    assert (card["items"], card["of"]) == (1, 3)
    assert "ялавічына" in card["goods"].lower()
    assert card["why"]["prefix"].startswith("02")
    assert "317" in card["why"]["law"]
    assert float(card["mass_kg"]) > 0


def test_customs_stands_for_the_agencies_that_only_issue(session, country):
    filed = file_package(country, "solar_panels")
    review = get(filed, country.kira)
    behind = review.lane["behind"]
    assert set(filed.reviews) == {CUSTOMS}
    assert behind
    assert all(lane["mode"] == "issues" and lane["measures"] for lane in behind)


def test_reviews_are_one_statement_and_recorded_by_the_caller(engines, country):
    seen: list[str] = []
    with database.transaction(engines):
        listener = lambda *facts: seen.append(facts[2])  # noqa: E731
        event.listen(engines.writing, "before_cursor_execute", listener)
        file_package(country)
        event.remove(engines.writing, "before_cursor_execute", listener)
        entries = database.session().scalars(sa.select(Entry).where(Entry.event == "review.opened")).all()
    assert len([statement for statement in seen if statement.startswith("INSERT INTO reviews")]) == 1
    assert {entry.payload["agency"] for entry in entries} >= {VET, PHYTO, CUSTOMS}
    assert all(b"Belmyaso" not in entry.leaf and b"\\u04" not in entry.leaf for entry in entries)


def test_a_withdrawn_package_leaves_no_open_review(session, country):
    filed = file_package(country)
    review = get(filed, country.olga)
    happenings = routing.close_reviews(review.declaration, by=country.anna)
    assert {happening.event for happening in happenings} == {"review.superseded"}
    assert len(happenings) == len(filed.reviews)
    assert not queue_finders.list_queue(country.olga).page.rows


def test_environment_judges_its_item_only(session, country):
    filed = file_package(country)
    if ENV in filed.reviews:
        assert get(filed, country.elena).items == [3]


def minsk(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 by the clock in Minsk; the 20th is a Friday."""
    return datetime(2026, 11, day, hour - 3, minute, tzinfo=UTC)


def test_due_in_the_working_hours_of_the_agency(session, country):
    with time_machine.travel(minsk(20, 15), tick=False):
        filed = file_package(country)
    review = get(filed, country.olga)
    assert review.lane["lane"]["service_hours"] == 3
    # Veterinarians close at 17:30: two hours and a half on Friday, half an hour on Monday.
    assert review.due_at == minsk(23, 9)
    assert review.due_on == date(2026, 11, 23)
    assert review.clock["kind"] == "service"
    assert review.clock["minutes"] == 180
    assert review.card["hours"] == 3
    assert session.get_one(Review, review.id).facts_digest


def test_the_release_runs_from_registration_by_the_hours_of_the_office(session, country):
    with time_machine.travel(minsk(20, 10), tick=False):
        in_time = get(file_package(country), country.kira)
    assert in_time.due_at == minsk(20, 14)
    with time_machine.travel(minsk(20, 15), tick=False):
        late = get(file_package(country, "solar_panels"), country.kira)
    # Fewer than four hours before closing at 18:00: four hours from the next opening (art. 119).
    assert late.due_at == minsk(23, 13)
    assert late.clock["kind"] == "release"
    assert late.card["hours"] == 4


def test_an_agency_that_needs_longer_than_the_release_allows_has_the_extension_proposed_at_once(session, country):
    review = get(file_package(country), country.kira)
    expected = {"step": 1, "reasons": [{"agency": PHYTO, "hours": 6}, {"agency": ENV, "hours": 8}]}
    assert timing.proposed(review.clock) == expected
    query = sa.select(Entry).where(Entry.event == "review.opened", Entry.subject_id == review.id)
    assert session.scalars(query).one().payload["extension"] == expected


def test_a_package_that_only_customs_judges_within_its_hours_needs_no_extension(session, country):
    review = get(file_package(country, "solar_panels"), country.kira)
    assert timing.proposed(review.clock) is None
