"""Invitations: a link, good once and for 72 hours, with which a person sets a password; nobody else ever does.

It goes to the person by letter. An administrator starts it and never sees it, for whoever sees it could set the password.
"""

from __future__ import annotations

from flask import current_app

from app.access import Actor, require
from app.errors import NotAllowed
from app.identity import links, policy, resetting
from app.identity.models import Person
from app.ledger.recording import record

HOURS = int(links.LIVES[links.INVITATION].total_seconds()) // 3600


def invite(person: Person, *, by: Actor) -> None:
    """Let a letter with a link be posted: a first password, or a new one instead of a forgotten one. Raises NotAllowed."""
    require(policy.manage_people, by)
    link = links.make(links.INVITATION, person.id)
    record("person.link_issued", "person", person.id, by=by)
    current_app.extensions["akno.jobs"].enqueue(links.LETTER, str(link.id), key=f"link-{link.id}")


def hand_over(person: Person, *, by: Actor) -> str:
    """Return the token of a link instead of posting it: in the demonstration, whose letters leave for nowhere.

    Raises NotAllowed, also everywhere but in the demonstration.
    """
    require(policy.manage_people, by)
    if not current_app.extensions["akno.settings"].demonstration:
        raise NotAllowed("A link is shown in the demonstration only.")
    token = links.give_token(links.make(links.INVITATION, person.id))
    record("person.link_issued", "person", person.id, by=by)
    return token


def get_invited(token: str) -> Person:
    """Return the person a link belongs to; raises NotFound when it is not ours, too old, or used."""
    return links.get_person(links.INVITATION, token)


def accept(token: str, password: str) -> Person:
    """Set the password of the person a link belongs to; the link is used up. Raises NotFound or Invalid."""
    return resetting.set_by_link(links.INVITATION, token, password)
