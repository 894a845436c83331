"""The queue as a spreadsheet: every row is there, a long one is cut and says so, and it is remembered."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app import create_app, database, spreadsheets
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


@pytest.fixture
def office(tmp_path, engines):
    """An application, for its words."""
    app = create_app(
        Settings(
            demonstration=True, secret_key="only for tests: 0123456789abcdef0123456789abcdef", database_url=f"sqlite:///{tmp_path / 'words.db'}",
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
        whole = export(country.vera)
        assert (len(whole.rows), whole.cut) == (131, False)
        assert {len(row) for row in whole.rows} == {len(whole.headings)}
        rows = export(country.vera, Filter(country="CN")).rows
        assert len(rows) == sum(1 for number in range(130) if number % 4 == 1)
        told = session.scalars(sa.select(Entry).where(Entry.event == "queue.exported")).all()
        assert [entry.payload for entry in told] == [
            {"agency": VET, "rows": 131},
            {"agency": VET, "rows": len(rows)},
        ]
        monkeypatch.setattr(spreadsheets, "MOST_ROWS", 50)
        cut = export(country.vera)
        assert (len(cut.rows), cut.cut) == (50, True)


def test_only_the_supervisor_takes_it_out(office, engines, country):
    with database.transaction(engines), pytest.raises(NotAllowed):
        export(country.olga)
