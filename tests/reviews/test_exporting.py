"""The queue as a spreadsheet: no cell is a formula, every row is there, and it is remembered."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from app import create_app, database
from app.errors import NotAllowed
from app.ledger import recording
from app.ledger.models import Entry
from app.reviews import exporting, naming, walks
from app.reviews.filtering import Filter
from app.reviews.lifecycle import REVIEW
from app.shell import t
from config import Settings
from tests.reviews.making import VET
from tests.reviews.test_queue_finders import fill


@pytest.mark.pure
@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
@example([["=1+1", "@SUM(A1)"], ["\t=1", "\r-1"], ["+375 29", "-5"]])
def test_no_cell_is_a_formula(rows):
    text = exporting.table(["=head", "b"], rows)
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    for cells, row in zip(read[1:], rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert cell.removeprefix("'") == value.removeprefix("'")


@pytest.fixture
def office(tmp_path, engines):
    """An application, for its words."""
    app = create_app(
        Settings(
            secret_key="only for tests: 0123456789abcdef0123456789abcdef", database_url=f"sqlite:///{tmp_path / 'words.db'}",
            storage_dir=tmp_path / "store",
        )
    )  # fmt: skip
    recording.use_key(b"k" * 32)
    recording.forget_reactions()
    with app.test_request_context("/?lang=en"):
        yield
    app.extensions["akno.database"].dispose()


def export(actor, chosen=None):
    names = naming.names()
    limits = walks.bounds(actor, names, 60)
    return exporting.export(chosen or Filter(), limits=limits, words=t, states=REVIEW.words, by=actor, names=names)


def test_every_case_of_the_filter_and_an_entry(office, engines, country, monkeypatch):
    monkeypatch.setattr(walks, "LOOKED", 40)
    monkeypatch.setattr("app.reviews.queue_finders.LOOKED", 40)
    with database.transaction(engines) as session:
        fill(country, 130)
        rows = list(csv.reader(io.StringIO(export(country.vera).removeprefix("\ufeff"))))
        assert len(rows) == 1 + 131
        rows = list(csv.reader(io.StringIO(export(country.vera, Filter(country="CN")).removeprefix("\ufeff"))))
        assert len(rows) == 1 + sum(1 for number in range(130) if number % 4 == 1)
        told = session.scalars(sa.select(Entry).where(Entry.event == "queue.exported")).all()
        assert [entry.payload for entry in told] == [
            {"agency": VET, "rows": 131},
            {"agency": VET, "rows": len(rows) - 1},
        ]
        monkeypatch.setattr(exporting, "MOST_ROWS", 50)
        assert len(export(country.vera).splitlines()) == 51


def test_only_the_supervisor_takes_it_out(office, engines, country):
    with database.transaction(engines), pytest.raises(NotAllowed):
        export(country.olga)
