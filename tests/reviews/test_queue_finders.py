"""Pages of a queue: in order and complete, in few statements, along an index whatever the filter; what a search means."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app import clock, database
from app.database import new_id
from app.declarations import marks
from app.declarations.models import Declaration
from app.errors import NotFound
from app.reviews import claiming, finders, looking, naming, queue_finders, walks
from app.reviews.filtering import DIRECTIONS, TABS, Filter
from app.reviews.models import Review
from tests.reviews.making import CUSTOMS, OFFICE, PHYTO, VET, file_committed, file_package, get, read_package, sign

COUNTRIES, CHAPTERS, TAGS = ("PL", "CN", "DE", "LT"), ("02", "06", "94"), ("documents", "prohibited")


def fill(country, many: int, *, agency: str = VET, office: str = OFFICE, **columns) -> None:
    """Put many open reviews of one package into a queue: enough for plans and pages."""
    session = database.session()
    filed = file_package(country)
    source = session.get_one(Review, filed.reviews[agency], options=[sa.orm.undefer(Review.lane)])
    same = {one.key: getattr(source, one.key) for one in sa.inspect(Review).column_attrs if one.key != "_status"}
    query = sa.select(Declaration.__table__).where(Declaration.id == filed.declaration_id)
    pattern = dict(session.execute(query).mappings().one())
    packages = [pattern | {"id": new_id(), "number": None, "registered_lrn": None} for _ in range(many)]
    session.execute(sa.insert(Declaration.__table__), packages)
    now = clock.now()
    rows = [
        same
        | {
            "id": new_id(), "declaration_id": packages[number]["id"], "agency": agency, "version": 1000 + number, "status": "queued", "office_code": office,
            "opened_at": now - timedelta(minutes=number), "due_at": now + timedelta(minutes=number // 2),
            "partner_country": COUNTRIES[number % 4], "chapter": CHAPTERS[number % 3], "tag": TAGS[number % 50 == 0],
            "direction": DIRECTIONS[number % 3], "owner_id": source.owner_id if number % 20 == 0 else None,
        }
        | columns
        for number in range(many)
    ]  # fmt: skip
    session.execute(sa.insert(Review.__table__), rows)


def rows_of(actor, *, limits=None, cursor=None, **filters):
    return queue_finders.list_queue(actor, Filter(**filters), cursor=cursor, limits=limits).page.rows


def all_of(actor, *, limits=None, **filters):
    """Every review of a filter, page after page, looking further wherever it is offered."""
    seen, cursor, pages = [], None, 0
    while True:
        found = queue_finders.list_queue(actor, Filter(**filters), cursor=cursor, limits=limits)
        seen += [row.review for row in found.page.rows]
        pages += 1
        cursor = found.page.following
        if cursor is None:
            return seen, pages


def limits_of(actor, usual=60):
    return walks.bounds(actor, naming.names(), usual)


def test_pages_are_in_order_and_complete(session, country):
    fill(country, 60)
    seen, pages = all_of(country.olga)
    assert (pages, len(seen)) == (3, 61)
    places = [(one.due_at, one.id) for one in seen]
    assert places == sorted(places)
    assert len(set(places)) == 61


@pytest.mark.parametrize(("sort", "falling"), [("longest", False), ("newest", True)])
def test_other_orders_are_complete_too(session, country, sort, falling):
    fill(country, 60)
    seen, _ = all_of(country.olga, sort=sort)
    places = [(one.opened_at, one.id) for one in seen]
    assert len(places) == 61
    assert places == sorted(places, reverse=falling)


def test_each_agency_has_its_own_queue(session, country):
    filed = file_package(country)
    for name, agency in (("olga", VET), ("fedor", PHYTO), ("kira", CUSTOMS)):
        assert [row.review.id for row in rows_of(getattr(country, name))] == [filed.reviews[agency]]
    with pytest.raises(NotFound):
        rows_of(country.anna)


def test_tabs(session, country):
    filed = file_package(country)
    assert not rows_of(country.olga, tab="mine")
    claiming.claim(get(filed, country.olga), by=country.olga)
    assert len(rows_of(country.olga, tab="mine")) == 1
    assert not rows_of(country.petr, tab="mine")
    assert len(rows_of(country.petr)) == 1
    sign(filed, country.olga)
    assert not rows_of(country.olga)
    assert len(rows_of(country.petr, tab="decided")) == 1


@pytest.mark.parametrize("cursor", ["x", "2026-11-22T10:00:00~1", "2026-11-22T10:00:00~" + "0" * 32, "~"])
def test_a_bent_cursor_leads_nowhere(session, country, cursor):
    with pytest.raises(NotFound):
        rows_of(country.olga, cursor=cursor)


def test_the_window_of_each_row(session, country):
    filed = file_package(country)
    sign(filed, country.olga)
    panes = rows_of(country.fedor)[0].panes
    assert [pane.agency for pane in panes][-1] == CUSTOMS
    assert {pane.agency: pane.light for pane in panes}[VET] == "lit"
    assert {pane.agency: pane.light for pane in panes}[PHYTO] == "dark"


@pytest.mark.parametrize(
    "filters",
    [
        {"country": "CN"}, {"code": "06"}, {"tag": "prohibited"}, {"direction": "import", "country": "PL"},
        {"code": "02", "country": "DE"}, {"tag": "prohibited", "country": "PL", "code": "02"}, {"office": "09131"},
        {"unassigned": True, "tag": "prohibited"}, {"four_eyes": True}, {"state": "claimed"}, {"sort": "newest", "code": "94"},
    ],
)  # fmt: skip
def test_a_filter_finds_what_a_look_at_every_row_finds(session, country, monkeypatch, filters):
    monkeypatch.setattr(walks, "LOOKED", 40)
    fill(country, 150)
    fill(country, 30, office="09131")
    fill(country, 7, four_eyes=True)
    seen, _ = all_of(country.olga, **filters)
    chosen = Filter(**filters)
    names = {"country": "partner_country", "code": "chapter", "tag": "tag", "direction": "direction", "office": "office_code",
             "four_eyes": "four_eyes", "state": "status"}  # fmt: skip
    wanted = {
        one.id
        for one in session.scalars(
            sa.select(Review).where(Review.agency == VET, Review._status.in_(("queued", "claimed")))
        )
        if all(getattr(one, names[name]) == getattr(chosen, name) for name in chosen.active if name in names)
    }
    assert {one.id for one in seen} == wanted
    assert len(seen) == len(wanted)


def test_what_is_rare_is_looked_for_in_steps(session, country, monkeypatch):
    monkeypatch.setattr(walks, "LOOKED", 40)
    fill(country, 100)
    found = queue_finders.list_queue(country.olga, Filter(four_eyes=True))
    assert (found.further, len(found.page.rows)) == (True, 0)
    assert found.page.following


def test_deadlines(session, country):
    fill(country, 100)
    limits = limits_of(country.olga)
    late = all_of(country.olga, due="late", limits=limits)[0]
    assert all(one.due_at < limits.now for one in late)
    today = all_of(country.olga, tab="today", limits=limits)[0]
    assert today
    assert all(one.due_at < limits.end_of_today for one in today)
    soon = all_of(country.olga, due="at-risk", limits=limits)[0]
    assert all(limits.now <= one.due_at < limits.risk[-1][1] for one in soon)


def test_offices_with_other_hours_are_at_risk_at_another_moment(session, country):
    limits = limits_of(country.kira, usual=600)
    codes, nearer = limits.risk[0]
    assert codes is not None
    latest = limits.risk[-1][1]
    assert nearer < latest
    between = nearer + (latest - nearer) / 2
    inland = next(code for code, office in naming.names().edition.offices.items() if office.kind != "border")
    fill(country, 1, agency=CUSTOMS, office=codes[0], due_at=between)
    fill(country, 1, agency=CUSTOMS, office=inland, due_at=between)
    found = {one.office_code for one in all_of(country.kira, due="at-risk", limits=limits)[0] if one.version >= 1000}
    assert found == {inland}


def test_the_officer_of_an_office_sees_its_queue(session, country):
    fill(country, 3, office="09131")
    brest = replace(country.olga, office="09131")
    assert {one.office_code for one in all_of(brest)[0]} == {"09131"}
    assert len(all_of(brest)[0]) == 3


def test_the_next_case_is_the_first_that_nobody_works_on(session, country):
    first, second = file_package(country), file_package(country)
    claiming.claim(get(first, country.petr), by=country.petr)
    chosen = Filter()
    mine = get(second, country.olga)
    assert queue_finders.find_next(country.olga, chosen, but=[mine.id]) is None
    claiming.release(get(first, country.petr), by=country.petr)
    assert queue_finders.find_next(country.olga, chosen, but=[mine.id]).id == first.reviews[VET]


# --- searching ------------------------------------------------------------------------------------------------------


def mark(filed, unp="190142358", name="ТАА «Белмяса Трэйд»"):
    """Write the marks of a filed package as a filing does."""
    declaration = database.session().get_one(Declaration, filed.declaration_id)
    declaration.owner_name = name
    package = read_package()[1]
    marks.keep(declaration, package, unp=unp)
    marks.keep(declaration, package, unp=unp)
    return declaration, package


def test_a_package_is_found_by_what_stands_on_it(session, country):
    filed = file_package(country)
    declaration, package = mark(filed)
    words = [declaration.number, declaration.number[:9].lower(), declaration.lrn, package.all_documents[0].number]
    words += [container.id for container in package.containers] + list(package.seals)
    if package.border_transport and package.border_transport.id:
        words.append(package.border_transport.id.lower())
    for word in words:
        rows = rows_of(country.olga, q=word)
        assert [row.review.id for row in rows] == [filed.reviews[VET]], word
    assert not rows_of(country.olga, q="no such thing")
    assert not rows_of(country.olga, q="%")


def test_a_search_finds_decided_cases_and_only_the_own_agency_s(session, country):
    filed = file_package(country)
    declaration, _ = mark(filed)
    sign(filed, country.olga)
    assert [row.review.status for row in rows_of(country.olga, q=declaration.number)] == ["decided"]
    if filed.reviews.get(PHYTO):
        assert [row.review.agency for row in rows_of(country.fedor, q=declaration.number)] == [PHYTO]


@pytest.mark.parametrize("words", ["190142", "белмяса", "Белмяса Трэйд", "таа белм"])
def test_a_trader_is_found_by_the_beginning_of_its_name_or_number(session, country, words):
    for _ in range(3):
        mark(file_package(country))
    found = queue_finders.list_queue(country.olga, Filter(q=words))
    assert [trader.name for trader in found.traders] == ["ТАА «Белмяса Трэйд»"]
    assert len(found.page.rows) == 3
    assert found.filter.trader == country.anna.organisation_id
    assert not queue_finders.find_traders(country.elena, "velo")


def test_goods_are_found_by_the_beginning_of_their_code(session, country):
    filed = file_package(country)
    code = session.get_one(Review, filed.reviews[VET]).chapter
    assert [row.review.id for row in rows_of(country.olga, q=code)] == [filed.reviews[VET]]
    assert not rows_of(country.olga, q="99")
    assert not rows_of(country.olga, code=code + "99999999")


def test_who_is_looking_stands_on_the_row(session, country):
    filed = file_package(country)
    looking.look(get(filed, country.petr), by=country.petr)
    looking.look(get(filed, country.petr), by=country.petr)
    assert rows_of(country.olga)[0].lookers == ("Petr Ivanou",)
    assert rows_of(country.petr)[0].lookers == ()
    session.execute(sa.text("UPDATE looks SET seen_at = :then"), {"then": "2026-01-01 00:00:00.000000"})
    assert rows_of(country.olga)[0].lookers == ()


# --- what it costs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", TABS)
def test_a_page_costs_three_statements(engines, country, tab):
    with database.transaction(engines):
        fill(country, 40)
    for _ in range(3):
        file_committed(engines, country)
    statements: list[str] = []
    with database.transaction(engines, writing=False):
        limits = limits_of(country.olga)
        event.listen(engines.reading, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
        rows_of(country.olga, tab=tab, limits=limits)
    # A tab whose rows are asked something tells with a fourth whether there is more to look through.
    assert len([one for one in statements if not one.startswith("BEGIN")]) <= 3 + (tab in ("second", "mine"))
    assert not any(re.search(r"count\(", one, re.I) for one in statements)


WALKS = [
    ({}, "", "ix_reviews_open"),
    ({}, OFFICE, "ix_reviews_open_office"),
    ({"office": OFFICE}, "", "ix_reviews_open_office"),
    ({"tab": "today"}, "", "ix_reviews_open"),
    ({"tab": "mine"}, "", "ix_reviews_assignee"),
    ({"tab": "questions"}, "", "ix_reviews_state"),
    ({"tab": "inspections"}, "", "ix_reviews_state"),
    ({"tab": "second"}, "", "ix_reviews_state"),
    ({"tab": "decided"}, "", "ix_reviews_decided"),
    ({"tag": "prohibited"}, "", "ix_reviews_open_tag"),
    ({"direction": "import"}, "", "ix_reviews_open_direction"),
    ({"country": "CN"}, "", "ix_reviews_open_country"),
    ({"code": "06"}, "", "ix_reviews_open_chapter"),
    ({"trader": "owner"}, "", "ix_reviews_open_owner"),
    ({"state": "claimed"}, "", "ix_reviews_state"),
    ({"due": "late"}, "", "ix_reviews_open"),
    ({"due": "at-risk"}, "", "ix_reviews_open"),
    ({"sort": "longest"}, "", "ix_reviews_opened"),
    ({"sort": "newest"}, "", "ix_reviews_opened"),
    ({"unassigned": True}, "", "ix_reviews_open"),
    ({"four_eyes": True}, "", "ix_reviews_open"),
    ({"country": "CN", "tag": "documents"}, "", "ix_reviews_open_country"),
    ({"code": "06", "country": "CN"}, OFFICE, "ix_reviews_open_chapter"),
    ({"sort": "longest", "country": "CN"}, "", "ix_reviews_opened"),
]


def settle_long_queue(engines, country) -> None:
    """Six thousand cases in two offices, a seventh decided, some in every state; known to the planner."""
    with database.transaction(engines) as session:
        fill(country, 3000)
        fill(country, 3000, office="09131")
        said = "UPDATE reviews SET status = '{}'{} WHERE version % {} = {} AND version > 999"
        for state, more, every, rest in (
            ("decided", ", decided_at = due_at", 7, 0), ("question", "", 50, 1), ("inspection", "", 50, 2),
            ("proposed", "", 50, 3), ("claimed", "", 20, 4),
        ):  # fmt: skip
            session.execute(sa.text(said.format(state, more, every, rest)))
    analyze(engines)


def analyze(engines) -> None:
    with engines.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def test_every_filter_walks_its_index(both_engines, country_of_both):
    """One database for all filters: to fill it is dearer than to ask."""
    engines, country = both_engines, country_of_both
    settle_long_queue(engines, country)
    with database.transaction(engines, writing=False) as session:
        for filters, office, index in WALKS:
            actor = replace(country.olga, office=office)
            if filters.get("trader"):
                filters = filters | {"trader": country.anna.organisation_id}
            chosen, limits = Filter(**filters), limits_of(actor)
            walk = walks.walk_of(actor, chosen, f"{clock.now().isoformat()}~{new_id()}", limits)
            plan = explain(session, walk.page())
            assert re.search(rf"\b{index}\b", plan), (filters, plan)
            bounded(plan, walk, filters)


def bounded(plan: str, walk: walks.Walk, filters: dict) -> None:
    """No sort stands before the window of rows is cut; behind it a handful of rows may be sorted."""
    if not walk.rest:
        assert "TEMP B-TREE" not in plan, (filters, plan)
        assert "Sort" not in plan, (filters, plan)
    elif "Limit" in plan:
        window = plan[plan.rindex("Limit") :]
        assert "Sort" not in window, (filters, plan)
    assert "SCAN reviews'" not in plan, (filters, plan)
    assert "Seq Scan on reviews" not in plan, (filters, plan)


def explain(session, query) -> str:
    """The plan of the very statement the page runs, with its parameters."""
    dialect = session.get_bind().dialect
    compiled = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    word = "EXPLAIN QUERY PLAN " if dialect.name == "sqlite" else "EXPLAIN "
    text = str(compiled).replace("%%", "%")
    return "\n".join(str(row) for row in session.connection().exec_driver_sql(word + text))


def test_a_search_walks_the_marks_and_the_packages(both_engines, country_of_both):
    engines, country = both_engines, country_of_both
    settle_long_queue(engines, country)
    with database.transaction(engines) as session:
        declaration, _ = mark(file_package(country))
        rows = [{"mark": f"X{number:06d}", "declaration_id": declaration.id} for number in range(4000)]
        session.execute(sa.insert(marks.Mark.__table__), rows)
    analyze(engines)
    with database.transaction(engines, writing=False) as session:
        plan = explain(session, walks.walk_of(country.olga, Filter(q=declaration.number), None, None).page())
        assert "Seq Scan" not in plan, plan
        assert "SCAN" not in plan.replace("SCAN looked", ""), plan
        assert queue_finders.find_traders(country.olga, "белм")
        assert finders.list_agency_officers(VET)
