"""Loading is repeatable, ends and adds instead of editing, and the database compiles to the same edition as the
files.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.cli.reference import group
from app.database import Base, Database, transaction
from app.errors import Unavailable
from app.ledger.models import Entry
from app.requirements import finders, loading, models, packaged
from app.requirements.compiling import compile_rows, packaged_edition
from app.requirements.matching import match
from app.requirements.rows import EditionRows
from tests.requirements.facts_made import DAY, goods, package

MODELS = [model for model, _, _ in loading.TABLES.values()] + [models.Edition, Entry]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    finders.forget_editions()
    made = Database(f"sqlite:///{tmp_path}/reference.db")
    Base.metadata.create_all(made.writing, tables=[model.__table__ for model in MODELS])
    yield made
    made.dispose()
    finders.forget_editions()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with transaction(database) as current:
        yield current


def small(**parts: object) -> EditionRows:
    """Everything but the long lists, so that tests of change stay quick."""
    return replace(packaged.edition_rows(), **{"goods_codes": (), "codes": (), **parts})  # type: ignore[arg-type]


def counts(report: loading.Report, table: str) -> tuple[int, int, int]:
    (found,) = [entry for entry in report.tables if entry.table == table]
    return found.added, found.ended, found.unchanged


def test_a_second_load_changes_nothing_and_the_database_is_the_packaged_edition(session: Session) -> None:
    first = loading.load(session)
    assert counts(first, "measures") == (813, 0, 0)
    assert first.new
    assert first.edition == 1
    second = loading.load(session)
    assert all((entry.added, entry.ended) == (0, 0) for entry in second.tables)
    assert not second.new
    assert second.edition == 1
    assert second.hash == packaged_edition().hash
    from_rows = compile_rows(loading.read(session))
    assert from_rows.hash == packaged_edition().hash
    facts = package(goods(from_rows, 1, "0201300000", "UA"), goods(from_rows, 2, "3915909000"))
    assert match(from_rows, facts) == match(packaged_edition(), facts)
    assert finders.current_edition(session) is packaged_edition()


def test_inclusive_ends_become_exclusive(session: Session) -> None:
    loading.load(session, small())
    embargo = session.scalars(sa.select(models.Measure).where(models.Measure.code == "EMB-002")).one()
    assert embargo.valid_to == date(2025, 1, 1)
    assert embargo.as_of(date(2024, 12, 31))
    assert not embargo.as_of(date(2025, 1, 1))
    held = sa.select(models.Measure.code).where(models.Measure.code == "EMB-002")
    assert session.scalar(held.where(models.Measure.as_of(date(2024, 12, 31)))) == "EMB-002"
    assert session.scalar(held.where(models.Measure.as_of(date(2025, 1, 1)))) is None


def test_a_changed_row_is_ended_and_added_anew(session: Session) -> None:
    loading.load(session, small(), on=DAY)
    measures = list(packaged.edition_rows().measures)
    place = next(place for place, row in enumerate(measures) if row.code == "VET-007")
    measures[place] = replace(measures[place], service_hours=5)
    tomorrow = DAY + timedelta(days=1)
    report = loading.load(session, small(measures=tuple(measures)), on=tomorrow)
    assert counts(report, "measures") == (1, 1, 812)
    assert report.new
    assert report.edition == 2
    wanted = sa.select(models.Measure).where(models.Measure.code == "VET-007").order_by(models.Measure.valid_from)
    old, new = session.scalars(wanted).all()
    assert (old.service_hours, old.valid_to) == (3, tomorrow)
    assert (new.service_hours, new.valid_from, new.valid_to) == (5, tomorrow, None)
    again = loading.load(session, small(measures=tuple(measures)), on=tomorrow)
    assert not again.new
    edition = compile_rows(loading.read(session))
    for on, hours in ((DAY, 3), (tomorrow, 5)):
        lane = match(edition, package(goods(edition, 1, "0201300000", "UA"), on=on)).lane("BY-DVPN")
        assert lane is not None
        assert lane.service_hours == hours, "an old case replays under the law of its day"


def test_a_row_that_is_gone_is_ended_and_may_come_back(session: Session) -> None:
    loading.load(session, small(), on=DAY)
    fewer = tuple(row for row in packaged.edition_rows().measures if row.code != "TRN-009")
    assert counts(loading.load(session, small(measures=fewer), on=DAY), "measures")[:2] == (0, 1)
    later = DAY + timedelta(days=30)
    assert counts(loading.load(session, small(), on=later), "measures")[:2] == (1, 0)
    spans = session.execute(
        sa.select(models.Measure.valid_from, models.Measure.valid_to)
        .where(models.Measure.code == "TRN-009")
        .order_by(models.Measure.valid_from)
    ).all()
    assert [tuple(span) for span in spans] == [(date(2015, 1, 1), DAY), (later, None)]


def test_an_end_published_later_ends_the_row_without_a_new_one(session: Session) -> None:
    loading.load(session, small(), on=DAY)
    end = DAY + timedelta(days=90)
    measures = tuple(
        replace(row, valid_to=end) if row.code == "VET-007" else row for row in packaged.edition_rows().measures
    )
    assert counts(loading.load(session, small(measures=measures), on=DAY), "measures") == (0, 1, 812)
    assert not loading.load(session, small(measures=measures), on=DAY).new


def test_switching_an_agency_to_signing_is_a_change_of_data_alone(session: Session) -> None:
    agencies = tuple(
        replace(row, mode="signs") if row.code == "BY-GOSSTANDART" else row for row in packaged.edition_rows().agencies
    )
    loading.load(session, small(agencies=agencies))
    edition = finders.current_edition(session)
    outcome = match(edition, package(goods(edition, 1, "8541430000")))
    assert [lane.agency for lane in outcome.reviews] == ["BY-GOSSTANDART", "BY-GTK"]
    assert sum(agency.mode == "signs" for agency in edition.agencies.values()) == 7


def test_finders(session: Session) -> None:
    with pytest.raises(Unavailable):
        finders.current_edition(session)
    loading.load(session, small())
    assert finders.current_edition(session).agencies["BY-TI"].short_be == "Транспартная інспекцыя"


def test_goods_are_found_by_digits_and_by_words_in_two_languages() -> None:
    edition = packaged_edition()
    assert finders.search_goods(edition, "8712")[0].code == "8712"
    assert "8712" in [row.code for row in finders.search_goods(edition, "Bicycles other")]
    assert "0101" in [row.code for row in finders.search_goods(edition, "лошади")]
    assert finders.search_goods(edition, "  ") == []


def test_columns_of_models_are_those_of_rows() -> None:
    for model, kind, _ in loading.TABLES.values():
        columns = set(model.__table__.columns.keys()) - {"id"}
        assert columns == set(kind.__dataclass_fields__), model.__name__


def test_the_command_reports_added_ended_and_unchanged(database: Database) -> None:
    app = Flask("reference")
    app.extensions["akno.database"] = database
    app.cli.add_command(group)
    first = app.test_cli_runner().invoke(args=["reference", "load"])
    assert first.exit_code == 0, first.output
    assert "measures         added   813  ended     0  unchanged     0" in first.output
    second = json.loads(app.test_cli_runner().invoke(args=["reference", "load", "--json"]).output)
    assert [entry["added"] for entry in second["tables"]] == [0] * len(loading.TABLES)
    shown = app.test_cli_runner().invoke(args=["reference", "show"])
    assert "813 measures, 36 agencies" in shown.output


def test_every_value_fits_its_column() -> None:
    """PostgreSQL counts characters where SQLite does not."""
    said = packaged.edition_rows()
    for name, (model, _, _) in loading.TABLES.items():
        for column in model.__table__.columns:
            length = getattr(column.type, "length", None)
            if length:
                longest = max(len(getattr(row, column.key)) for row in getattr(said, name))
                assert longest <= length, f"{name}.{column.key}: {longest} characters"
