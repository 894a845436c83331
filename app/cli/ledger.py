"""``flask ledger``: the key of the log, sealing by hand, verification from raw rows, recovery, and the check of a proof."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli import ledger_facts
from app.database import transaction
from app.ledger import checking, examining, keys, notes, outside, reading, recovering, sealing, signed, tree
from app.ledger.examining import Finding, Report
from app.ledger.log_finders import last_checkpoint
from config import Settings

STEP = 100_000
"""Entries between two signs of progress."""


@click.group("ledger")
def group() -> None:
    """The transparency log: what happened, sealed so that nobody can change it unseen."""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["akno.settings"]
    return settings


@contextmanager
def _turn() -> Iterator[None]:
    with transaction(current_app.extensions["akno.database"]):
        reading.take_turn(sealing.READER)
        yield


@group.command("key")
@with_appcontext
def key() -> None:
    """Make the key of the log unless there is one, and print its public half: hand that to whoever checks us."""
    file = keys.make(keys.log_key_file(_settings()))
    try:
        found = keys.load(file)
    except keys.KeyUnfit as unfit:
        raise click.ClickException(str(unfit)) from unfit
    assert found is not None
    click.echo(f"key file: {file}")
    click.echo(str(notes.key_of(found, keys.origin(_settings()))))


@group.command("seal")
@with_appcontext
def seal() -> None:
    """Seal what waits and sign a checkpoint, as the worker does every second."""
    _guard()
    total = _seal()
    with transaction(current_app.extensions["akno.database"], writing=False):
        last, size = last_checkpoint(), tree.size()
        click.echo(f"sealed {total}, log of {size}, newest checkpoint of {last.size if last else 0}")
        if last is None or last.size < size:
            raise click.ClickException("nothing was signed: see /log, or run `flask ledger verify`")


def _guard() -> None:
    try:
        recovering.guard(current_app._get_current_object())  # type: ignore[attr-defined]
    except (recovering.LogContradicted, outside.CopiesUnfit) as wrong:
        raise click.ClickException(str(wrong)) from wrong


def _seal() -> int:
    total = 0
    while True:
        with _turn():
            done = sealing.seal()
        total += done
        if not done:
            break
    with _turn():
        sealing.sign(pause=timedelta(0))
    return total


@group.command("verify")
@click.option("--since", type=int, default=0, help="Size of a checkpoint; what it covers is taken as it says.")
@click.option("--key", "given", default="", help="The log's public key, kept elsewhere; else that of the key file.")
@with_appcontext
def verify(since: int, given: str) -> None:
    """Examine everything from raw rows: entries, tree, checkpoints, copies outside, and the decisions they tell of."""
    began = time.monotonic()
    with transaction(current_app.extensions["akno.database"], writing=False):
        report = examine(since=since, key=given)
        report.findings += ledger_facts.compare()
    for line in examining.lines(report):
        click.echo(line)
    first = f", first bad index {report.first_bad}" if report.first_bad is not None else ""
    click.echo(
        f"ledger: {report.leaves} sealed, {report.waiting} waiting, {report.checkpoints} checkpoints, {report.copies} outside; "
        f"{'everything is as it was recorded' if report.good else f'{len(report.findings)} wrong{first}'}; "
        f"{time.monotonic() - began:.1f} s"
    )
    if not report.good:
        raise SystemExit(1)


def examine(*, since: int = 0, key: str = "") -> Report:
    """Examine the ledger of the application at hand in the caller's reading transaction; ``key`` as text, else our own."""
    settings, wrong = _settings(), []
    try:
        mine = keys.log_key(settings)
        public = notes.read_key(key) if key else notes.key_of(mine, keys.origin(settings)) if mine else None
        copies = list(outside.every(outside.folder(settings)))
    except (keys.KeyUnfit, notes.Malformed, outside.CopiesUnfit) as unfit:
        wrong.append(Finding(None, str(unfit)))
        public, copies = None, []
    report = examining.examine(signed.gather(copies, public), since=since, progress=_progress())
    report.findings += wrong
    return report


def _progress() -> examining.Progress:
    said = 0

    def tell(done: int) -> None:
        nonlocal said
        if done // STEP > said:
            said = done // STEP
            click.echo(f"  {done} entries", err=True)

    return tell


@group.command("recover")
@click.option("--yes", is_flag=True, help="Do it: what was signed and is not in this database is lost.")
@with_appcontext
def recover(yes: bool) -> None:
    """Begin a new epoch of the log after a loss, and record the loss; without --yes only say how things stand."""
    copy = outside.newest(outside.folder(_settings()))
    with transaction(current_app.extensions["akno.database"], writing=False):
        wrong = recovering.contradiction(copy) if copy else ""
    click.echo(wrong or "The database continues what was signed: there is nothing to recover.")
    if not wrong or not yes:
        return
    with _turn():
        epoch = recovering.recover(_settings())
    _seal()
    click.echo(f"The loss is recorded. The log goes on as {epoch.origin}; its witnesses must be told of this name.")


@group.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Make the tree anew from the bytes of the entries, when a stored hash is wrong; entries and signatures stay."""
    with transaction(current_app.extensions["akno.database"]):
        recovering.rebuild()
    _seal()
    with transaction(current_app.extensions["akno.database"], writing=False):
        click.echo(f"rebuilt: a log of {tree.size()}")


@group.command("check-proof")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "key_text", required=True, help="The log's public key as /log shows it.")
@click.option(
    "--witness", "witnesses", multiple=True, help="Public key of a witness that must have cosigned; repeatable."
)
def check_proof(file: Path, key_text: str, witnesses: tuple[str, ...]) -> None:
    """Check a .tlog-proof against a key, offline; prints what was sealed."""
    try:
        public, theirs = notes.read_key(key_text), [notes.read_key(one) for one in witnesses]
    except notes.Malformed as malformed:
        raise click.ClickException(f"this is not a public key of a log or witness: {malformed}") from malformed
    found = checking.check(
        file.read_text(encoding="utf-8", errors="replace"), public, witnesses=theirs, least=len(theirs)
    )
    if not found.good:
        raise click.ClickException(f"not proved: {found.result}")
    click.echo(f"proved: entry {found.index} of {found.size} in {found.origin}")
    for name, value in sorted(found.facts.items()):
        click.echo(f"  {name}: {value}")
    for name, at in found.witnesses.items():
        click.echo(f"  cosigned by {name} at {at}")
