"""``flask work``: the worker process."""

from __future__ import annotations

import importlib

import click
from flask import current_app
from flask.cli import with_appcontext

from app.jobs.working import work

ROOMS_WITH_JOBS = ("app.clearance.issuing",)
"""Modules that register jobs when they are imported."""


@click.command("work")
@with_appcontext
def command() -> None:
    """Take jobs off the queue until told to end: clearance papers and whatever else may follow an event."""
    for room in ROOMS_WITH_JOBS:
        importlib.import_module(room)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo(f"worker {app.extensions['akno.settings'].executor_id}: ready")
    work(app)
