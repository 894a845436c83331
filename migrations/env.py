"""Alembic's environment: our models, our URL, and the task engine's tables left alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from app.database import Base, Database
from app.jobs.engine import owned_by_engine
from app.tables import ALL_MODELS

assert ALL_MODELS


def _ours(item: sa.schema.SchemaItem, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    table = item if isinstance(item, sa.Table) else getattr(item, "table", None)
    return not (isinstance(table, sa.Table) and owned_by_engine(table.name, table.schema))


def run(connection: sa.Connection) -> None:
    """Run the migrations on one connection; SQLite changes tables by copy (batch)."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=_ours,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(context.config.get_main_option("sqlalchemy.url") or "")
    with database.writing.connect() as opened:
        run(opened)
    database.dispose()
