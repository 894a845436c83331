"""Models equal migrations; every migration goes up, down and up; one head; the ledger refuses change."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.database import Base, Database
from app.jobs.engine import ENGINE_TABLES, owned_by_engine
from app.ledger.events import EVENTS
from app.migrating import alembic_config
from app.reactions import FOLLOWS
from app.tables import ALL_MODELS
from config import ROOT

assert ALL_MODELS


def _ours(item: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    table = item if isinstance(item, sa.Table) else getattr(item, "table", None)
    return not (isinstance(table, sa.Table) and owned_by_engine(table.name, table.schema))


def test_models_equal_migrations(empty_database: Database) -> None:
    command.upgrade(alembic_config(empty_database), "head")
    with empty_database.writing.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _ours, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_up_down_up(empty_database: Database) -> None:
    config = alembic_config(empty_database)
    revisions = list(reversed(list(ScriptDirectory.from_config(config).walk_revisions())))
    for revision in revisions:
        command.upgrade(config, revision.revision)
        command.downgrade(config, revision.down_revision or "base")
        command.upgrade(config, revision.revision)
    with empty_database.writing.connect() as connection:
        left = set(sa.inspect(connection).get_table_names()) - {"alembic_version"} - ENGINE_TABLES
    assert left == set(Base.metadata.tables)


def test_one_head(empty_database: Database) -> None:
    assert len(ScriptDirectory.from_config(alembic_config(empty_database)).get_heads()) == 1


@pytest.mark.parametrize("statement", ["UPDATE ledger_entries SET event = 'x'", "DELETE FROM ledger_entries"])
def test_the_database_refuses_to_change_the_ledger(database: Database, statement: str) -> None:
    with database.writing.connect() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO ledger_entries (at, event, subject, subject_id, payload, leaf, leaf_hash, transaction_id) "
                "VALUES ('2026-11-22 10:00:00+00:00', 'e', 's', :id, '{}', :leaf, :leaf, 0)"
            ),
            {"id": "0" * 32, "leaf": b"x"},
        )
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            connection.execute(sa.text(statement))


def test_reactions_follow_events_of_the_catalogue() -> None:
    assert set(FOLLOWS) <= set(EVENTS)


def test_every_event_of_the_catalogue_is_recorded_by_some_code() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "app").rglob("*.py") if path.name != "events.py")
    assert [event for event in EVENTS if f'"{event}"' not in code] == []
