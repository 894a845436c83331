"""``flask account``: what only somebody at the machine of the window may do with accounts."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.access import SYSTEM
from app.database import transaction
from app.errors import Conflict, Invalid, NotFound
from app.identity import accounts, breakglass
from app.shell import moment


@click.group("account")
def group() -> None:
    """Accounts, from the console of the machine: the first administrator, break-glass."""


@group.command("break-glass")
@click.option(
    "--reason", required=True, help="Why: at least ten characters. It goes to the log; its digest into the ledger."
)
@click.option("--email", default="", help="Which administrator; the first one when left out.")
@with_appcontext
def break_glass(reason: str, email: str) -> None:
    """Make a link that signs an administrator in without a password: once, within 15 minutes, for one hour."""
    try:
        with transaction(current_app.extensions["akno.database"]):
            broken = breakglass.break_glass(reason, email=email)
    except NotFound:
        raise click.ClickException(
            "no such administrator: see --email, or `flask account first-administrator`"
        ) from None
    except Invalid as error:
        raise click.ClickException(
            "; ".join(f"{one.message['en']} {one.remedy['en']}" for one in error.faults)
        ) from None
    click.echo(
        f"For {broken.person.full_name} <{broken.person.email}>, once, until {moment(broken.until, 'long', 'en')}:"
    )
    click.echo(f"{_base()}/break-glass/{broken.token}")
    click.echo("It is shown only now. All administrators and auditors are told that it was made.")


@group.command("first-administrator")
@click.option("--email", required=True, help="The e-mail address the administrator signs in with.")
@click.option("--name", required=True, help="The full name.")
@click.option("--operator", default="Operator of the window", show_default=True, help="The name of the organisation.")
@click.option("--language", type=click.Choice(["be", "ru", "en"]), default="be", show_default=True)
@with_appcontext
def first_administrator(email: str, name: str, operator: str, language: str) -> None:
    """Make the first administrator of a fresh window and print a link for the password. There are no default accounts."""
    try:
        with transaction(current_app.extensions["akno.database"]):
            token = breakglass.found_first(email=email, name=name, operator=operator, language=language)
    except Conflict as error:
        raise click.ClickException(str(error.message)) from None
    except Invalid as error:
        raise click.ClickException(
            "; ".join(f"{one.message['en']} {one.remedy['en']}" for one in error.faults)
        ) from None
    click.echo("Open this link once, within 72 hours, and set a password:")
    click.echo(f"{_base()}/invitations/{token}")


@group.command("end-sessions")
@click.option("--everybody", is_flag=True, required=True, help="Every session of every person ends now.")
@with_appcontext
def end_sessions(everybody: bool) -> None:
    """Sign everybody out at once: when it is not known who came in."""
    with transaction(current_app.extensions["akno.database"]):
        number = accounts.end_everybodys_sessions(by=SYSTEM) if everybody else 0
    click.echo(f"{number} sessions have ended.")


def _base() -> str:
    return str(current_app.extensions["akno.settings"].base_url)
