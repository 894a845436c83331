"""A database, people of several agencies, and packages under review, for the tests of the reviews."""

from __future__ import annotations

import runpy
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import app.tables  # noqa: F401
from app import clock, database
from app.database import Base, Database
from app.ledger import recording
from app.requirements.compiling import packaged_edition
from app.requirements.models import Edition
from config import ROOT
from tests.postgresql import Cluster, binaries
from tests.reviews.making import Country


@pytest.fixture(autouse=True)
def _ledger_as_it_was() -> Iterator[None]:
    """The ledger's key and reactions belong to the process: the application of the other tests gets its own back."""
    key, reactions = recording._process_key, dict(recording._reactions)
    yield
    recording.use_key(key)
    recording._reactions.clear()
    recording._reactions.update(reactions)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of our own; skipped where there are no binaries."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    made = Cluster()
    yield made
    made.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def both_engines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The same empty database on each engine: for what depends on locks and plans."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'both.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        name = f"reviews_{uuid.uuid4().hex[:12]}"
        cluster.execute(f"CREATE DATABASE {name}")
        url = cluster.url(name)
    made = Database(url, pool_size=8)
    prepare(made)
    yield made
    made.dispose()


def prepare(made: Database) -> None:
    """Make the tables; the ledger needs its key, and nothing follows an event here."""
    Base.metadata.create_all(made.writing)
    with made.writing.begin() as connection:
        for statement in counting(made.name):
            connection.exec_driver_sql(statement)
    recording.use_key(b"k" * 32)
    recording.forget_reactions()


def counting(engine: str) -> tuple[str, ...]:
    """What keeps the counts of the queue, as the migration makes it."""
    return runpy.run_path(str(ROOT / "migrations" / "versions" / "0012_desk.py"))["COUNTING"][engine]


def settle(made: Database) -> Country:
    """Put the law and the people in, committed."""
    with database.transaction(made) as session:
        session.add(Edition(number=1, hash=packaged_edition().hash, loaded_at=clock.now()))
        return Country.settle(session)


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'akno.db'}")
    prepare(made)
    yield made
    made.dispose()


@pytest.fixture
def country(engines: Database) -> Country:
    """Agencies with officers, a trader, and the law; everything committed."""
    return settle(engines)


@pytest.fixture
def country_of_both(both_engines: Database) -> Country:
    """The same on each engine."""
    return settle(both_engines)


@pytest.fixture
def session(engines: Database, country: Country) -> Iterator[Session]:
    """An open writing transaction of the embedded database."""
    with database.transaction(engines) as session:
        yield session
