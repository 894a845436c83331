"""The two tables: every column that points at a person is placed, every class of data is deleted by somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

import app.tables
from app.database import Base
from app.privacy import keeping, tables

pytestmark = pytest.mark.pure

assert app.tables.ALL_MODELS


def test_every_column_that_points_at_a_person_is_placed():
    """With one that is not, nobody can be erased: place it in app/privacy/data/people_columns.csv."""
    assert tables.unplaced() == []


def test_the_table_places_what_there_is():
    pointing = set(tables.pointing())
    for place in tables.places():
        assert (place.table, place.column) in pointing
        assert place.action in tables.ACTIONS
        assert set(place.columns) <= set(tables.table_of(place.table).c.keys())
        assert all(place.title.values())


def test_every_copy_of_a_name_is_placed():
    """A column called …_name beside a person's key is a copy of a name (files and goods have names of their own)."""
    placed = {(place.table, column) for place in tables.places() for column in place.columns}
    gone = {place.table for place in tables.places() if place.action == tables.DELETE}
    others = {"file_name", "body_name", "owner_name", "group_name"}
    copies = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        if any(name == table.name for name, _column in tables.pointing()) and table.name not in gone
        for column in table.columns
        if column.name.endswith(("_name", "_post", "personal_number")) and column.name not in others
    }
    assert copies - placed == set()


def test_every_class_is_deleted_here_or_by_its_own_room_or_never():
    elsewhere = {"requests", "deliveries"}
    for kept in tables.kept():
        assert kept.action in ("delete", "keep", "ask")
        assert all(kept.what.values())
        assert all(kept.ground.values())
        if kept.action == "delete":
            assert kept.name in keeping._OLD or kept.name in elsewhere
    assert set(keeping._OLD) <= {kept.name for kept in tables.kept()}


@given(some.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2040, 1, 1)))
def test_the_next_night_is_three_o_clock_in_minsk_and_within_a_day(moment):
    now = moment.replace(tzinfo=UTC)
    night = keeping.night_after(now)
    assert timedelta(0) < night - now <= timedelta(days=1)
    assert (night.hour, night.minute) == (keeping.HOUR, 0)


def test_five_years_are_never_less_than_five_years():
    packages = next(kept for kept in tables.kept() if kept.name == "packages")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert packages.cutoff(now) <= datetime(2021, 11, 22, tzinfo=UTC)
    assert packages.cutoff(now) > datetime(2021, 11, 20, tzinfo=UTC)
