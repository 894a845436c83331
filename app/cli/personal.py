"""``flask personal``: how long personal data are kept, and what would go now."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app import clock, database
from app.privacy import keeping, tables


@click.group("personal")
def group() -> None:
    """How long data are kept, what would go."""


@group.command("retention")
@click.option("--dry-run", is_flag=True, help="Only show what would go; delete nothing.")
@with_appcontext
def retention(dry_run: bool) -> None:
    """Delete what is kept no longer, as the worker does at night; with --dry-run show it."""
    engines = current_app.extensions["akno.database"]
    ours = {kept.name for kept in keeping.classes()}
    for kept in tables.kept():
        click.echo(f"{kept.name}: {_words(kept, engines, dry_run) if kept.name in ours else _elsewhere(kept)}")


def _words(kept: tables.Kept, engines: database.Database, dry_run: bool) -> str:
    with database.transaction(engines, writing=False):
        waiting = keeping.count(kept, clock.now())
    if dry_run:
        return f"kept {kept.amount} {kept.unit}, {waiting} would go"
    gone = 0
    while waiting:
        with database.transaction(engines):
            rows = keeping.expire(kept.name)
        gone += rows
        if not rows:
            break
    return f"kept {kept.amount} {kept.unit}, {gone} went"


def _elsewhere(kept: tables.Kept) -> str:
    if kept.action != "delete":
        return f"not deleted by age ({kept.action})"
    return f"kept {kept.amount} {kept.unit}, deleted by the worker as they end"
