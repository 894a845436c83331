"""One review for each signing lane, in one statement, with its card, its reason and its deadline."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import event

from app import clock, database
from app.ledger.models import Entry
from app.reviews import finders, routing
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
    assert reviews[CUSTOMS].due_at - reviews[CUSTOMS].opened_at == timedelta(hours=4)


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
    assert not finders.list_queue(country.olga).rows


def test_environment_judges_its_item_only(session, country):
    filed = file_package(country)
    if ENV in filed.reviews:
        assert get(filed, country.elena).items == [3]


def test_due_in_the_hours_of_the_lane(session, country):
    review = get(file_package(country), country.olga)
    hours = review.lane["lane"]["service_hours"]
    assert abs(review.due_at - clock.now() - timedelta(hours=hours)) < timedelta(minutes=1)
    assert session.get_one(Review, review.id).facts_digest
