"""A database, a store and a trader for the tests of the library."""

from __future__ import annotations

import pytest

from app import clock, database
from app.access import Actor, permissions_of
from app.database import Base, Database
from app.documents import storage
from app.identity.models import Organisation, Person
from app.ledger import recording


@pytest.fixture
def engines(tmp_path):
    engines = Database(f"sqlite:///{tmp_path / 'akno.db'}")
    import app.documents.models  # noqa: F401

    Base.metadata.create_all(engines.writing)
    recording.use_key(b"k" * 32)
    yield engines
    engines.dispose()


@pytest.fixture
def store(tmp_path):
    store = storage.LocalStore(tmp_path / "storage")
    storage.use(store)
    return store


@pytest.fixture
def session(engines, store):
    with database.transaction(engines) as session:
        yield session


def make_actor(session, unp="190000014", name="Belmyaso Trade", role="trader-owner", kind="trader") -> Actor:
    organisation = Organisation(kind=kind, name=name, unp=unp, created_at=clock.now())
    person = Person(email=f"{unp}@example.by", full_name="Anna Kovalenko", created_at=clock.now())
    session.add_all([organisation, person])
    session.flush()
    return Actor(
        person_id=person.id,
        name=person.full_name,
        organisation_id=organisation.id,
        organisation=name,
        kind=kind,
        unp=unp,
        roles=(role,),
        permissions=permissions_of((role,)),
    )


@pytest.fixture
def anna(session):
    return make_actor(session)
