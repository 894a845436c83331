"""``flask work``: the worker process."""

from __future__ import annotations

import importlib

import click
from flask import current_app
from flask.cli import with_appcontext

from app.jobs.working import work

JOBS = (
    "app.clearance.issuing",
    "app.insights.pacing",
    "app.intake.picturing",
    "app.notifications.digesting",
    "app.notifications.following",
    "app.notifications.posting",
    "app.reviews.breaching",
    "app.reviews.signing",
    "app.reviews.silence",
    "app.reviews.tallies",
)
"""Modules whose jobs and readers of the ledger are registered by being imported: by the worker alone, for the web
process only names them and need not know how to draw paper."""


def import_jobs() -> None:
    """Register every job and reader of the ledger in this process."""
    for module in JOBS:
        importlib.import_module(module)


@click.command("work")
@click.option("--executor", default="", help="Stable name of this worker; the setting when left out.")
@with_appcontext
def command(executor: str) -> None:
    """Take jobs off the queue until told to end: clearance papers and whatever else may follow an event."""
    import_jobs()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if executor:
        settings = app.extensions["akno.settings"]
        app.extensions["akno.settings"] = settings.model_copy(update={"executor_id": executor})
    click.echo(f"worker {app.extensions['akno.settings'].executor_id}: ready")
    work(app)
