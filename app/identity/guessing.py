"""Guessing at a password: its owner is told, at most once a day (trust.md S-BRUTE).

The worker looks, not the request: an address that somebody has and one that nobody has are answered by the same work.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.access import SYSTEM
from app.database import session
from app.identity.finders import list_memberships
from app.identity.models import Person, SignInAttempt
from app.jobs import registry
from app.ledger.models import Entry
from app.ledger.recording import digest, record

DAY = timedelta(days=1)
MOST = 100
EVENT = "person.guessed_at"


class _Looked:
    """Which accounts this worker has looked into, and when: most of what is guessed at is nobody's."""

    at: dict[str, datetime] = {}


def list_tired() -> Sequence[str]:
    """Return the digests of accounts at which somebody guesses more often than is borne, and that were not looked into today."""
    settings, now = current_app.extensions["akno.settings"], clock.now()
    account = SignInAttempt.account_digest
    query = (
        sa.select(account)
        .where(SignInAttempt.at > now - timedelta(minutes=settings.sign_in_window_minutes))
        .group_by(account)
        .having(sa.func.count() > settings.sign_in_attempts)
        .limit(MOST)
    )
    _Looked.at = {key: at for key, at in _Looked.at.items() if at > now - DAY}
    return [key for key in session().scalars(query) if key not in _Looked.at]


def tell(account: str) -> None:
    """Record that somebody guesses at the password of this account, if it is one. Safe to repeat and to do in two workers."""
    now = clock.now()
    _Looked.at[account] = now
    people = session().execute(sa.select(Person.id, Person.email).where(Person.disabled_at.is_(None)))
    person_id = next((key for key, email in people if digest(f"account:{email}") == account), None)
    places = list_memberships(person_id, clock.today()) if person_id is not None else ()
    if person_id is not None and places and not _told(person_id, now - DAY):
        by = replace(SYSTEM, organisation_id=places[0].organisation_id)
        record(EVENT, "person", person_id, by=by)


def _told(person_id: uuid.UUID, since: datetime) -> bool:
    # Of two workers the second waits here and finds what the first has written.
    session().execute(sa.select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    told = sa.select(Entry.position).where(Entry.subject_id == person_id, Entry.event == EVENT, Entry.at > since)
    return session().scalar(told.limit(1)) is not None


registry.watch("identity.guessing", list_tired, tell)
