"""Codes chosen before for the same words: what an organisation chose itself, and what several others chose, never who.

The window classifies nothing: it says what was declared, how often and when last.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.database import session
from app.insights.models import ChosenCode
from app.requirements.searching import fold

LONGEST = 160
"""Signs of a description that are compared."""
ENOUGH_OWNERS = 3
"""Other organisations from which on it is told what they chose: of fewer one could guess who they are."""
MOST = 5
"""Codes that are told."""
_ENDS = " .,;:!"
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A code chosen for the same words: on how many packages, and when last. ``owners`` is 0 for one's own choices."""

    code: str
    times: int
    last_on: date
    owners: int = 0


@dataclass(frozen=True, slots=True)
class Before:
    """What was chosen for some words: by the asker's own organisation, and by at least three others."""

    own: Sequence[Chosen] = ()
    others: Sequence[Chosen] = ()

    def __bool__(self) -> bool:
        return bool(self.own or self.others)


def normal(words: str) -> str:
    """Return a description as it is compared: folded, blanks made one, the end of the sentence cut, 160 signs at most."""
    return _BLANKS.sub(" ", fold(words)).strip().rstrip(_ENDS)[:LONGEST]


def find_before(words: str, *, owner_id: uuid.UUID | None) -> Before:
    """Return what was chosen for these words: two statements, one without an owner, none without words."""
    wanted = normal(words)
    if not wanted:
        return Before()
    return Before(_own(wanted, owner_id) if owner_id is not None else (), _others(wanted, owner_id))


def _own(words: str, owner_id: uuid.UUID) -> Sequence[Chosen]:
    query = (
        sa.select(ChosenCode.code, ChosenCode.times, ChosenCode.last_on)
        .where(ChosenCode.owner_id == owner_id, ChosenCode.words == words)
        .order_by(ChosenCode.times.desc(), ChosenCode.code)
        .limit(MOST)
    )
    return [Chosen(*row) for row in session().execute(query)]


def _others(words: str, owner_id: uuid.UUID | None) -> Sequence[Chosen]:
    """Codes that at least three other organisations chose; nothing of those that fewer did."""
    owners = sa.func.count(ChosenCode.owner_id)
    times = sa.func.sum(ChosenCode.times)
    query = sa.select(ChosenCode.code, times, sa.func.max(ChosenCode.last_on), owners).where(ChosenCode.words == words)
    if owner_id is not None:
        query = query.where(ChosenCode.owner_id != owner_id)
    query = query.group_by(ChosenCode.code).having(owners >= ENOUGH_OWNERS).order_by(times.desc(), ChosenCode.code)
    return [Chosen(*row) for row in session().execute(query.limit(MOST))]
