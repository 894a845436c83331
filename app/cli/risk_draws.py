"""``flask risk draws``: the random selection, computed again from the seeds that were told."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from app.database import transaction
from app.risk import draws_checking


@click.group("draws")
def draws() -> None:
    """The random selection of packages."""


@draws.command("verify")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@with_appcontext
def verify(day: datetime) -> None:
    """Compute every draw of a DAY (2026-11-22) again: the promise, the seed, each package. Ends with 1 when anything differs.

    Before the day is over its seed is secret, and so nothing can be verified."""
    on: date = day.date()
    with transaction(current_app.extensions["akno.database"], writing=False):
        found = draws_checking.verify(on)
    if found is None:
        raise click.ClickException(f"{on}: the seed of this day is not told yet. It is told once the day is over.")
    click.echo(f"{on}: seed {found.seed}")
    click.echo(
        f"promised {found.promised_at:%Y-%m-%d %H:%M} UTC{'' if found.beforehand else ', not before the day began'}"
    )
    click.echo(f"{found.packages} packages assessed, {found.drawn} drawn")
    for wrong in found.wrong:
        click.echo(f"differs: {wrong}")
    if found.wrong:
        raise SystemExit(1)
    click.echo("every draw is the one that the seed gives")
