"""What became of what indicators selected: counted once, beside chance; who agrees; equal facts decided differently."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.cli import founding
from app.database import Database, session, transaction
from app.insights import hits, hitting
from app.insights.hit_models import Agreement, HitMonth, Inconsistency, PackageFinding, Selection
from app.insights.hits import Hits, Month
from app.ledger.models import Cursor
from app.reviews.finders import list_reviews
from app.reviews.models import Review
from app.risk.assessment_models import Assessment
from tests.clearance import parts
from tests.factories.world import World


def take_in(app: Flask, database: Database) -> None:
    with app.app_context():
        taken = 1
        while taken:
            with transaction(database):
                taken = hitting.follow()


def fired(database: Database, declaration_id: Any, *codes: str) -> None:
    """The assessment of a package says that these indicators fired."""
    with transaction(database):
        row = session().scalars(sa.select(Assessment).where(Assessment.declaration_id == declaration_id)).one()
        row.signals = {"signals": [{"code": code, "shadow": code.endswith("9")} for code in codes]}


def test_what_was_selected_and_found_is_counted_once(app: Flask, database: Database) -> None:
    with app.app_context(), transaction(database):
        declaration = parts.filed()
    with app.app_context():
        fired(database, declaration.id, "BY-GTK-0001", "BY-MPR-0009")
    take_in(app, database)
    with app.app_context(), transaction(database):
        months = {row.code: (row.selected, row.found) for row in session().scalars(sa.select(HitMonth))}
        assert months == {"": (1, 0), "BY-GTK-0001": (1, 0), "BY-MPR-0009": (1, 0)}
        parts.decide(declaration, parts.VET, {1: "refused", 4: "approved", 5: "held"})
    take_in(app, database)
    with app.app_context(), transaction(database):
        # The reader forgets where it was and reads everything again.
        session().execute(sa.delete(Cursor).where(Cursor.reader == hitting.READER))
    take_in(app, database)
    with app.app_context(), transaction(database, writing=False):
        months = {row.code: (row.selected, row.found) for row in session().scalars(sa.select(HitMonth))}
        assert months["BY-GTK-0001"] == (1, 1)
        assert months["BY-MPR-0009"] == (1, 1)
        assert session().scalars(sa.select(PackageFinding.kind)).all() == ["refusal"]
        assert {one.shadow for one in session().scalars(sa.select(Selection))} == {True, False}


def test_two_agencies_on_the_same_goods_and_one_with_itself(app: Flask, world: World, database: Database) -> None:
    with app.app_context(), transaction(database):
        first = parts.filed()
        parts.decide(first, parts.VET, {1: "approved", 4: "approved", 5: "approved"})
        parts.decide(first, "BY-GGISKZR")
        parts.decide(first, "BY-MPR")
        parts.decide(first, parts.CUSTOMS)
        second = parts.filed()
        parts.decide(second, parts.VET, {1: "refused", 4: "refused", 5: "refused"})
    take_in(app, database)
    with app.app_context(), transaction(database, writing=False):
        agreed = {(one.one, one.other): (one.same, one.different) for one in session().scalars(sa.select(Agreement))}
        assert agreed["BY-DVPN", "BY-GTK"] == (1, 0)
        odd = session().scalars(sa.select(Inconsistency)).one()
        assert (odd.agency, odd.first_result, odd.result) == ("BY-DVPN", "approved", "refused")
        number = second.number or ""
        supervised = hits.list_inconsistent(founding.actor("oleg"))
        assert [(a, b) for _one, a, b in supervised.rows] == [(first.number, number)]
        assert hits.list_inconsistent(founding.actor("nazar")).rows == []
    assert number in world.oleg.get("/risk/inconsistent").text
    assert world.olga.get("/risk/inconsistent").status_code == 403
    assert world.anna.get("/risk/figures").status_code == 403
    page = world.oleg.get("/risk/figures?lang=en").text
    assert "Agencies that judged the same goods" in page


def test_equal_facts_do_not_name_documents_or_places(app: Flask, database: Database) -> None:
    with app.app_context(), transaction(database):
        first, second = parts.filed(), parts.filed()
        lanes = [
            {one.agency: hitting.facts_of(_lane(one.id)) for one in list_reviews(each.id)} for each in (first, second)
        ]
        assert lanes[0] == lanes[1]
        assert len(set(lanes[0].values())) == len(lanes[0])


def _lane(review_id: Any) -> Any:
    return session().scalars(sa.select(Review.lane).where(Review.id == review_id)).one()


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=12, max_size=12),
    st.one_of(st.none(), st.floats(0.001, 1)),
)
def test_lift_is_the_rate_over_chance_and_never_divides_by_nothing(
    months: list[tuple[int, int]], base: float | None
) -> None:
    told = tuple(Month(date(2026, number + 1, 1), max(many), min(many)) for number, many in enumerate(months))
    one = Hits("X", told, base)
    assert one.selected == sum(max(many) for many in months)
    if not one.selected or base is None:
        assert one.lift is None
    else:
        assert one.lift == pytest.approx(one.found / one.selected / base)
        assert one.useless == (one.selected >= hits.ENOUGH and one.lift < 0.5)


def test_twelve_months_end_with_this_one() -> None:
    months = hits.months_of(date(2026, 3, 31))
    assert (months[0], months[-1], len(months)) == (date(2025, 4, 1), date(2026, 3, 1), 12)
    assert clock.today().replace(day=1) == hits.months_of(clock.today())[-1]
