"""``flask scanner``: look at the scanner, have clean files scanned again, wipe what lies in quarantine."""

from __future__ import annotations

from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app import clock
from app.database import transaction
from app.documents import gate, scanning, storage
from app.documents.clamd import NotScanned
from app.documents.watchman import clamd_of

group = AppGroup("scanner", help="The virus scanner: how it fares, scanning again, quarantine.")


@group.command("status")
@with_appcontext
def status() -> None:
    """Ask the scanner itself, and say what waits. Ends with 1 where it does not answer."""
    daemon = clamd_of(current_app.extensions["akno.settings"])
    with transaction(current_app.extensions["akno.database"], writing=False):
        found, waiting = scanning.standing(), scanning.count_waiting()
    stands = "stands" if gate.stands() else "is open: this is a demonstration without a scanner"
    click.echo(f"gate: {stands}; worker's view: {found.state}; files waiting: {waiting}")
    if daemon is None:
        raise click.ClickException("no scanner is configured (AKNO_SCANNER=clamd, AKNO_CLAMD_SOCKET)")
    try:
        daemon.ping()
        told = daemon.signatures()
    except NotScanned as refused:
        raise click.ClickException(f"the scanner does not answer: {refused.because}") from None
    click.echo(f"scanner: ClamAV {told.label}, signatures of {told.made_at or 'our own only'}")


@group.command("rescan")
@click.option("--days", type=click.IntRange(0), default=0, help="Only files scanned more than so many days ago.")
@with_appcontext
def rescan(days: int) -> None:
    """Let the worker scan clean files again, after new signatures; they stay open meanwhile."""
    with transaction(current_app.extensions["akno.database"]):
        asked = scanning.ask_again(before=clock.now() - timedelta(days=days))
    click.echo(f"{asked} clean files will be scanned again")


@group.command("purge")
@click.option("--days", type=click.IntRange(0), default=30, show_default=True, help="What was found so long ago.")
@with_appcontext
def purge(days: int) -> None:
    """Wipe the bytes of what was found infected; that it was, and where, stays on record."""
    with transaction(current_app.extensions["akno.database"], writing=False):
        found = scanning.list_infected(clock.now() - timedelta(days=days))
    wiped = sum(storage.store().purge(sha256) for sha256 in found)
    click.echo(f"{wiped} files wiped from quarantine")
