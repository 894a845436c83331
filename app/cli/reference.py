"""``flask reference``: load the reference data that travels with the program, and say what is held."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import with_appcontext

from app.database import transaction
from app.requirements import loading
from app.requirements.finders import current_edition


@click.group("reference")
def group() -> None:
    """Agencies, measures, document types, code lists: effective-dated, in editions."""


@group.command("load")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def load(as_json: bool) -> None:
    """Bring the database to what the files say. Repeatable: no live row is edited, what changed is ended and added."""
    with transaction(current_app.extensions["akno.database"]):
        report = loading.publish()
    if as_json:
        click.echo(json.dumps(asdict(report)))
        return
    for table in report.tables:
        click.echo(f"{table.table:16} added {table.added:5}  ended {table.ended:5}  unchanged {table.unchanged:5}")
    click.echo(f"edition {report.edition} {report.hash[:12]}{' (new)' if report.new else ''}")


@group.command("show")
@with_appcontext
def show() -> None:
    """Say which edition is held and how much it contains."""
    with transaction(current_app.extensions["akno.database"], writing=False) as session:
        edition = current_edition(session)
    click.echo(
        f"edition {edition.hash[:12]}: {len(edition.measures)} measures, {len(edition.agencies)} agencies, "
        f"{len(edition.document_types)} document types, {len(edition.goods)} goods codes"
    )
