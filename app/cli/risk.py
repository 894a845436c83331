"""``flask risk``: what is counted of the past, from the beginning."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.database import transaction
from app.risk import peering


@click.group("risk")
def group() -> None:
    """What is usual: peers, traders' own past, hours of posts."""


@group.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Count peers, pasts and hours again from the packages. Repeatable; until it ends, much cannot be told.

    The worker may go on meanwhile: each package is counted once, by whichever of the two comes first. Anomalies that were
    found stay as they are.
    """
    database = current_app.extensions["akno.database"]
    with transaction(database):
        peering.forget()
    last, counted = None, 0
    while True:
        with transaction(database):
            last, many = peering.recount(last)
        if last is None:
            break
        counted += many
    click.echo(f"counted {counted} packages")
