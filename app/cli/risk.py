"""``flask risk``: what is counted of the past, from the beginning; the indicators that are shipped."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app import clock
from app.cli.risk_draws import draws
from app.database import transaction
from app.identity.accounts import actor_of
from app.identity.finders import find_person_by_email, list_memberships
from app.risk import examples, peering, policy


@click.group("risk")
def group() -> None:
    """What is usual: peers, traders' own past, hours of posts; shipped indicators."""


group.add_command(draws)


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


@group.command("load")
@click.argument("email")
@with_appcontext
def load(email: str) -> None:
    """Propose the shipped indicators of the agency of EMAIL that it does not have yet. They work only once people agree."""
    with transaction(current_app.extensions["akno.database"]):
        person = find_person_by_email(email)
        if person is None:
            raise click.ClickException(f"nobody is known under {email}")
        made = 0
        for membership in list_memberships(person.id, clock.today()):
            who = actor_of(membership)
            if policy.propose(who):
                made += len(examples.load(by=who))
    click.echo(f"proposed {made} indicators")
