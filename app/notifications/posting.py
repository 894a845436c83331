"""Posting: the job that sends one person a letter. Looked at again at the moment of sending: whether the person is still
there, still in the organisation, at which address, and still wants mail. Safe to repeat: what was mailed is not mailed again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.database import session
from app.identity.models import Membership, Organisation, Person
from app.jobs import registry
from app.jobs.registry import Step
from app.notifications import choices, lettering, told, transport
from app.notifications.following import POST
from app.notifications.models import Notice
from config import Settings

Posted = Mapping[str, Any]
"""What goes from step to step, as JSON: the ids of the notices, and the letter with its address, if there is one."""


def prepare(person_id: str, notices: Sequence[str], digest: bool = False) -> Posted:
    """Return the letter to a person about some notices; none when nobody is to be written to any more. Reads only."""
    keys = [uuid.UUID(key) for key in notices]
    person = session().get(Person, uuid.UUID(person_id))
    found = _unsent(keys)
    wanted = _wanted(person, found) if person is not None and person.disabled_at is None else []
    done = {"notices": [str(one.id) for one in found]}
    if person is None or not wanted:
        return done
    letter = lettering.write(wanted, language=person.language, base_url=_settings().base_url, digest=digest)
    return done | {
        "to": person.email, "key": f"notices-{notices[0]}", "language": letter.language, "subject": letter.subject,
        "text": letter.text, "html": letter.html,
    }  # fmt: skip


def send(posted: Posted) -> Posted:
    """Hand the letter over, with no transaction held meanwhile. Raises transport.MailRefused: the job is tried again."""
    if posted.get("to"):
        settings = _settings()
        letter = lettering.Letter(posted["language"], posted["subject"], posted["text"], posted["html"])
        message = transport.compose(
            letter, to=posted["to"], sender=settings.mail_from, key=posted["key"],
            settings_url=settings.base_url + lettering.SETTINGS,
        )  # fmt: skip
        transport.sending(settings)(message)
    return posted


def mark(posted: Posted) -> None:
    """Remember that the letter left (or that none was wanted), so that it does not leave again."""
    keys = [uuid.UUID(key) for key in posted["notices"]]
    query = sa.update(Notice).where(Notice.id.in_(keys), Notice.mailed_at.is_(None)).values(mailed_at=clock.now())
    session().execute(query.execution_options(synchronize_session=False))


def _unsent(keys: Iterable[uuid.UUID]) -> Sequence[Notice]:
    query = sa.select(Notice).where(Notice.id.in_(list(keys)), Notice.mailed_at.is_(None))
    return session().scalars(query.order_by(Notice.entry_position)).all()


def _wanted(person: Person, notices: Sequence[Notice]) -> list[Notice]:
    """The notices a person may still have and still wants by mail."""
    houses = set(
        session().scalars(
            sa.select(Membership.organisation_id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(Membership.person_id == person.id, Membership.as_of(clock.today()), Organisation.closed_at.is_(None))
        )
    )
    chosen = choices.find_choices([person.id], {one.event for one in notices})
    return [
        one
        for one in notices
        if one.organisation_id in houses
        and choices.choice_of(chosen, person.id, told.BY_KEY[one.event, one.side]).mail != told.NONE
    ]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["akno.settings"]
    return settings


registry.register(POST, Step(prepare, writing=False), Step(send, writing=False), Step(mark))
