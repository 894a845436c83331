"""``flask work``: the worker process."""

from __future__ import annotations

import importlib

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.cli.rehearsing import prepare
from app.cli.soundness import refuse_unsound
from app.jobs.working import work
from app.ledger import outside, recovering
from app.rehearsal.window import rehearsal as second_window

JOBS = (
    "app.advance.alerting",
    "app.api.remembered",
    "app.cases.answering",
    "app.risk.suspension_ends",
    "app.notifications.right_letters",
    "app.cases.drawing",
    "app.clearance.issuing",
    "app.clearance.waiting",
    "app.clearance.publishing",
    "app.insights.choosing",
    "app.documents.watchman",
    "app.identity.ending",
    "app.identity.guessing",
    "app.identity.halfway",
    "app.insights.hitting",
    "app.insights.pacing",
    "app.intake.holding",
    "app.intake.picturing",
    "app.ledger.asking",
    "app.ledger.sealing",
    "app.notifications.digesting",
    "app.notifications.following",
    "app.notifications.link_letters",
    "app.notifications.posting",
    "app.privacy.exporting",
    "app.privacy.keeping",
    "app.risk.advance_assessing",
    "app.reviews.breaching",
    "app.reviews.green_following",
    "app.reviews.signing",
    "app.reviews.silence",
    "app.reviews.tallies",
    "app.risk.peering",
    "app.risk.seeds",
    "app.traders.ending",
    "app.webhooks.courier",
    "app.webhooks.feeding",
    "app.webhooks.forgetting",
)
"""Modules whose jobs and readers of the ledger are registered by being imported: by the worker alone, for the web
process only names them and need not know how to draw paper."""


REHEARSED = (
    "app.advance.alerting", "app.risk.advance_assessing",
    "app.api.remembered",
    "app.clearance.issuing", "app.clearance.publishing", "app.clearance.waiting", "app.documents.watchman", "app.intake.holding", "app.insights.choosing", "app.insights.pacing", "app.intake.picturing", "app.ledger.sealing", "app.rehearsal.robot", "app.reviews.breaching",
    "app.reviews.signing", "app.reviews.silence", "app.reviews.tallies", "app.risk.peering", "app.risk.seeds", "app.webhooks.courier", "app.webhooks.feeding",
    "app.webhooks.forgetting",
)  # fmt: skip
"""What the worker of test mode does: nobody is told of a test by a notice or a letter, but software is, and the robot
decides."""


def import_jobs(modules: tuple[str, ...] = JOBS) -> None:
    """Register every job and reader of the ledger in this process."""
    for module in modules:
        importlib.import_module(module)


@click.command("work")
@click.option("--executor", default="", help="Stable name of this worker; the setting when left out.")
@click.option(
    "--rehearsal", is_flag=True, help="Prepare the window of test mode and work for it: its robot, its papers."
)
@with_appcontext
def command(executor: str, rehearsal: bool) -> None:
    """Take jobs off the queue until told to end: clearance papers and whatever else may follow an event."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    refuse_unsound(app.extensions["akno.settings"])
    if rehearsal:
        app = _second_window()
    guard_log(app)
    import_jobs(REHEARSED if rehearsal else JOBS)
    if executor:
        settings = app.extensions["akno.settings"]
        app.extensions["akno.settings"] = settings.model_copy(update={"executor_id": executor})
    click.echo(f"worker {app.extensions['akno.settings'].executor_id}: ready")
    work(app)


def guard_log(app: Flask) -> None:
    """Refuse to work on a database that lost what the log signed, in words for the operator (trust.md R24)."""
    try:
        recovering.settle_demonstration(app)
        recovering.guard(app)
    except (recovering.LogContradicted, outside.CopiesUnfit) as wrong:
        raise click.ClickException(str(wrong)) from wrong


def _second_window() -> Flask:
    beside = second_window()
    if not beside.set_up:
        raise click.ClickException(
            "test mode is not set up: AKNO_REHEARSAL_DATABASE_URL must name a database of its own (an empty one will do)"
        )
    prepare(beside.app)
    return beside.app
