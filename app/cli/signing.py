"""``flask signing``: the demonstration authority, the keys there are, whether anything can be signed, and their retirement."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from app.access import SYSTEM
from app.database import transaction
from app.errors import Refusal
from app.signing import alarms, demo, keeping
from app.signing.keys import NoKey, signer, trusted


@click.group("signing")
def group() -> None:
    """The key that signs clearances: from a file or a token; renewed by other files, retired here."""


@group.command("demo")
@click.option("--again", is_flag=True, help="A new key and certificate of the same demonstration root.")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=demo.LEAF.days, help="How long the new certificate holds."
)
@with_appcontext
def make_demo(again: bool, days: int) -> None:
    """Make the demonstration authority, which says of itself that it is not official; repeatable."""
    settings = current_app.extensions["akno.settings"]
    if not settings.demonstration:
        raise click.ClickException(
            "this is no demonstration (AKNO_DEMONSTRATION): the window signs with a key of its own"
        )
    home = settings.signing_home
    folder = demo.renew(home, days=days) if again else demo.ensure(home)
    click.echo(f"the demonstration authority, NOT OFFICIAL: {folder}")


@group.command("check")
@with_appcontext
def check() -> None:
    """Open the key, sign something that is no paper, and say what is wrong when it does not work."""
    with transaction(current_app.extensions["akno.database"], writing=False):
        try:
            found = signer()
            roots = trusted()
        except NoKey as wrong:
            raise click.ClickException(f"{wrong.because}: {wrong.message}") from wrong
        _found, because = alarms.probe()
    if because:
        raise click.ClickException(f"{because}: the key was found and does not sign")
    if not any(root == one for root in roots for one in (*found.chain, found.certificate)):
        raise click.ClickException("the chain of the key leads to none of the roots in AKNO_SIGNING_ROOTS_FILE")
    click.echo(f"{found.certificate.subject.rfc4514_string()}\n{found.fingerprint}")
    click.echo(f"signs, until {found.certificate.not_valid_after_utc.isoformat()}")


@group.command("keys")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def keys(as_json: bool) -> None:
    """List every key that ever signed, the newest first: old papers are proven by these certificates."""
    with transaction(current_app.extensions["akno.database"], writing=False):
        rows = [
            {"fingerprint": one.fingerprint, "subject": one.subject, "taken_at": one.taken_at.isoformat(),
             "until": one.until.isoformat(), "retired_at": one.retired_at.isoformat() if one.retired_at else None,
             "because": one.because, "certificate": one.certificate}
            for one in keeping.list_keys()
        ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        state = f"retired {row['retired_at']} ({row['because']})" if row["retired_at"] else "in use"
        click.echo(f"{row['fingerprint']}  until {row['until']}  {state}\n  {row['subject']}")
    if not rows:
        click.echo("no key has signed anything yet")


@group.command("retire")
@click.argument("fingerprint")
@click.option("--because", type=click.Choice([keeping.REPLACED, keeping.COMPROMISED]), required=True,
              help="compromised: the papers it signed are in doubt from now on, and the page of verification says so.")  # fmt: skip
@with_appcontext
def retire(fingerprint: str, because: str) -> None:
    """Let a key sign no more. Its certificate stays, so that what it signed can be looked into."""
    try:
        with transaction(current_app.extensions["akno.database"]):
            row = keeping.retire(fingerprint.lower().replace(":", ""), because=because, by=SYSTEM)
            click.echo(f"retired: {row.subject} ({because})")
    except Refusal as refused:
        raise click.ClickException(str(refused)) from refused
