"""What each person chose to be told: read for many people at once, and chosen by a person for oneself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.access import Actor, require
from app.database import session
from app.errors import Fault, Invalid
from app.notifications import policy
from app.notifications.models import NoticeChoice
from app.notifications.told import MAILS, ROWS, Told


@dataclass(frozen=True, slots=True)
class Choice:
    """In the window or not; by mail at once, in the digest, or not."""

    in_window: bool
    mail: str

    @property
    def nothing(self) -> bool:
        """Whether nothing is told at all."""
        return not self.in_window and self.mail == "none"


Chosen = Mapping[tuple[uuid.UUID, str], Choice]


def find_choices(people: Iterable[uuid.UUID], events: Iterable[str]) -> Chosen:
    """Return what some people chose about some events; one statement. Who chose nothing is not in it."""
    wanted = set(people)
    if not wanted:
        return {}
    query = sa.select(NoticeChoice).where(NoticeChoice.person_id.in_(wanted), NoticeChoice.event.in_(set(events)))
    return {(one.person_id, one.event): Choice(one.in_window, one.mail) for one in session().scalars(query)}


def choice_of(chosen: Chosen, person_id: uuid.UUID, row: Told) -> Choice:
    """Return how a person is told of a row of the catalogue."""
    return chosen.get((person_id, row.event)) or Choice(row.in_window, row.mail)


def of_person(actor: Actor, side: str) -> Mapping[str, Choice]:
    """Return the choices of one person by event, those of the catalogue where nothing was chosen."""
    rows = [row for row in ROWS if row.side == side]
    found = find_choices([actor.person_id] if actor.person_id else [], [row.event for row in rows])
    return {row.event: choice_of(found, actor.person_id, row) for row in rows if actor.person_id}


def choose(choices: Mapping[str, Choice], *, side: str, by: Actor) -> None:
    """Remember how a person wants to be told of the events of a side; an event that is left out stays as it was.

    Raises NotAllowed for somebody who is not signed in, Invalid for a way of mail there is not.
    """
    require(policy.have_notices, by)
    faults = [_unknown(event) for event, choice in choices.items() if choice.mail not in MAILS]
    if faults:
        raise Invalid(faults)
    for row in ROWS:
        choice = choices.get(row.event) if row.side == side else None
        if choice is not None:
            chosen = NoticeChoice(
                person_id=by.person_id, event=row.event, in_window=choice.in_window, mail=choice.mail
            )  # fmt: skip
            session().merge(chosen)
    session().flush()


def _unknown(event: str) -> Fault:
    return Fault(
        "NOTICE-MAIL-UNKNOWN",
        {
            "be": "Не сказана, ці дасылаць ліст пра гэтую падзею.",
            "ru": "Не сказано, присылать ли письмо об этом событии.",
            "en": "It is not said whether to send a letter about this event.",
        },
        {
            "be": "Выберыце: адразу, у штодзённай зводцы або без ліста.",
            "ru": "Выберите: сразу, в ежедневной сводке или без письма.",
            "en": "Choose: at once, in the daily digest, or no e-mail.",
        },
        field=f"mail-{event}",
    )
