"""Bringing a database to the newest schema: Alembic for our tables, the task engine for its own. Repeatable."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from app.database import Database
from app.jobs.engine import JobEngine
from config import ROOT


def alembic_config(database: Database) -> Config:
    """Return Alembic's configuration for a database, without any ini file."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", database.url.render_as_string(hide_password=False).replace("%", "%%"))
    return config


def migrate(database: Database, jobs: JobEngine, revision: str = "head") -> None:
    """Upgrade to ``revision`` and prepare the engine's tables."""
    command.upgrade(alembic_config(database), revision)
    jobs.prepare()
