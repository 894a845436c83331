"""The queue: oldest due first, page by page along an index, in few statements; windows and neighbours."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app import clock, database
from app.database import new_id
from app.errors import NotFound
from app.reviews import claiming, finders
from app.reviews.models import Review
from tests.reviews.making import CUSTOMS, PHYTO, VET, file_committed, file_package, get, sign


def fill(country, many: int, *, agency: str = VET, office: str = "06611") -> None:
    """Put many open reviews of one package into a queue: enough for plans and pages."""
    filed = file_package(country)
    source = database.session().get_one(Review, filed.reviews[agency], options=[sa.orm.undefer(Review.lane)])
    same = {name: getattr(source, name) for name in ("declaration_id", "version_id", "items", "card", "lane")}
    same |= {"edition": source.edition, "facts_digest": "", "result": "", "claimed_by_name": "", "releases": False}
    rows = [
        same
        | {
            "id": new_id(), "agency": agency, "version": 1000 + number, "status": "queued", "opened_at": clock.now(),
            "due_at": clock.now() + timedelta(minutes=number // 2), "office_code": office,
        }
        for number in range(many)
    ]  # fmt: skip
    database.session().execute(sa.insert(Review.__table__), rows)


def test_pages_are_in_order_and_complete(session, country):
    fill(country, 60)
    seen, cursor, pages = [], None, 0
    while True:
        page = finders.list_queue(country.olga, cursor=cursor)
        seen += [(row.review.due_at, row.review.id) for row in page.rows]
        pages += 1
        cursor = page.following
        if cursor is None:
            break
    assert (pages, len(seen)) == (3, 61)
    assert seen == sorted(seen)
    assert len(set(seen)) == 61


def test_each_agency_has_its_own_queue(session, country):
    filed = file_package(country)
    for name, agency in (("olga", VET), ("fedor", PHYTO), ("kira", CUSTOMS)):
        rows = finders.list_queue(getattr(country, name)).rows
        assert [row.review.id for row in rows] == [filed.reviews[agency]]
    with pytest.raises(NotFound):
        finders.list_queue(country.anna)


def test_tabs(session, country):
    filed = file_package(country)
    assert not finders.list_queue(country.olga, tab="mine").rows
    claiming.claim(get(filed, country.olga), by=country.olga)
    assert len(finders.list_queue(country.olga, tab="mine").rows) == 1
    assert not finders.list_queue(country.petr, tab="mine").rows
    assert len(finders.list_queue(country.petr).rows) == 1
    sign(filed, country.olga)
    assert not finders.list_queue(country.olga).rows
    assert len(finders.list_queue(country.petr, tab="decided").rows) == 1


@pytest.mark.parametrize("cursor", ["x", "2026-11-22T10:00:00~1", "2026-11-22T10:00:00~" + "0" * 32, "~"])
def test_a_bent_cursor_leads_nowhere(session, country, cursor):
    with pytest.raises(NotFound):
        finders.list_queue(country.olga, cursor=cursor)
    with pytest.raises(NotFound):
        finders.list_queue(country.olga, tab="everything")


def test_the_window_of_each_row(session, country):
    filed = file_package(country)
    sign(filed, country.olga)
    panes = finders.list_queue(country.fedor).rows[0].panes
    assert [pane.agency for pane in panes][-1] == CUSTOMS
    assert {pane.agency: pane.light for pane in panes}[VET] == "lit"
    assert {pane.agency: pane.light for pane in panes}[PHYTO] == "dark"


@pytest.mark.parametrize("tab", finders.TABS)
def test_a_page_costs_two_statements(engines, country, tab):
    with database.transaction(engines):
        fill(country, 40)
    for _ in range(3):
        file_committed(engines, country)
    statements: list[str] = []
    with database.transaction(engines, writing=False):
        event.listen(engines.reading, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
        finders.list_queue(country.olga, tab=tab)
    assert len([one for one in statements if not one.startswith("BEGIN")]) <= 2
    assert not any(re.search(r"count\(", one, re.I) for one in statements)


@pytest.mark.parametrize(
    ("tab", "office", "index"),
    [
        ("to-review", "", "ix_reviews_open"),
        ("to-review", "06611", "ix_reviews_open_office"),
        ("mine", "", "ix_reviews_claimant"),
        ("decided", "", "ix_reviews_decided"),
    ],
)
def test_the_queue_walks_its_index(both_engines, country_of_both, tab, office, index):
    country = country_of_both
    actor = country.olga
    actor = type(actor)(**{name: getattr(actor, name) for name in actor.__slots__} | {"office": office})
    with database.transaction(both_engines) as session:
        fill(country, 3000, office="06611")
        fill(country, 3000, office="09131")
        session.execute(
            sa.text(
                "UPDATE reviews SET status = 'decided', decided_at = due_at WHERE version % 7 = 0 AND version > 999"
            )
        )
    with both_engines.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    with database.transaction(both_engines, writing=False) as session:
        query = finders.queue_query(actor, tab, f"{clock.now().isoformat()}~{new_id()}")
        plan = explain(session, query)
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def explain(session, query) -> str:
    """The plan of the very statement the page runs, with its parameters."""
    dialect = session.get_bind().dialect
    compiled = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    word = "EXPLAIN QUERY PLAN " if dialect.name == "sqlite" else "EXPLAIN "
    text = str(compiled).replace("%%", "%")
    return "\n".join(str(row) for row in session.connection().exec_driver_sql(word + text))
