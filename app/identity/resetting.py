"""A new password instead of a forgotten one, without telling anybody who has an account (trust.md S-ENUM; ASVS 6.4.2, 6.3.8).

A request does the same work for an address that somebody has and for one that nobody has: one row, one job. Only the job, in
the worker, finds out whether there is anybody to write to. A reset switches no second factor off.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.database import session
from app.identity import links, passwords, signin
from app.identity.account_models import AccountLink
from app.identity.finders import find_person_by_email
from app.identity.models import Person
from app.identity.signin import TooManyTries
from app.identity.wording import refuse
from app.ledger.recording import digest

HOUR = timedelta(hours=1)
LETTERS = 3
"""Letters to one account in an hour; whoever asks more often is answered as ever and gets none."""
OF_ONE_ADDRESS, OF_ALL = 20, 1000
"""How often one address, and all of them together, may ask in an hour."""


def ask(email: str, *, address: str) -> None:
    """Let a letter be posted if this address has an account. Raises TooManyTries for somebody who asks too often."""
    account, place = digest(f"account:{email.strip().lower()}"), digest(f"address:{address}")
    _refuse_flood(place)
    person = find_person_by_email(email)
    asked = session().scalars(_recent(AccountLink.account_digest == account).limit(LETTERS)).all()
    enough = len(asked) >= LETTERS
    link = links.make(
        links.RESET, person.id if person and not enough else None, account="" if enough else account, address=place
    )
    # To nobody as well: what a stranger sees of it, and how long it takes, is the same.
    current_app.extensions["akno.jobs"].enqueue(links.LETTER, str(link.id), key=f"link-{link.id}")


def get_asking(token: str) -> Person:
    """Return the person a link belongs to; raises NotFound when it is not ours, too old, or used."""
    return links.get_person(links.RESET, token)


def accept(token: str, password: str) -> Person:
    """Set a new password by the link of a letter: used up, every session ended, the owner told. Raises NotFound, Invalid."""
    return set_by_link(links.RESET, token, password)


def set_by_link(kind: str, token: str, password: str) -> Person:
    """The same by a link of any kind that sets a password (reset, invitation). Raises NotFound, Invalid."""
    person = links.get_person(kind, token)
    by = links.oneself(person)
    refuse(passwords.weaknesses(password, person.email, about=[person.full_name, by.organisation]))
    # Looked at again under its lock: of two who come at once with good passwords, one sets it.
    person = links.use(kind, token)
    signin.change_password(person, password, keep=None, by=by)
    return person


def _refuse_flood(place: str) -> None:
    for where, most in ((AccountLink.address_digest == place, OF_ONE_ADDRESS), (sa.true(), OF_ALL)):
        asked = session().scalars(_recent(where).limit(most)).all()
        if len(asked) >= most:
            left = asked[-1] + HOUR - clock.now()
            raise TooManyTries(max(1, int(left.total_seconds()) + 1))


def _recent(where: sa.ColumnElement[bool]) -> sa.Select[datetime]:
    recent = sa.and_(where, AccountLink.kind == links.RESET, AccountLink.at > clock.now() - HOUR)
    return sa.select(AccountLink.at).where(recent).order_by(AccountLink.at.desc())
