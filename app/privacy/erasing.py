"""Erasing a person: the name goes everywhere it was copied, what served the person alone is deleted, official acts stay.

The ledger is not touched: it names nobody (``ledger.recording`` lets ids, codes and digests in, no words).
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock, web
from app.access import Actor, Permission, permissions_of, require
from app.database import session
from app.errors import Conflict, Fault, Invalid, NotFound, Unavailable
from app.identity.models import Membership, Person
from app.ledger.recording import record
from app.privacy import policy
from app.privacy.models import Erasure
from app.privacy.tables import DELETE, END, NAME, Place, places, table_of, unplaced

log = logging.getLogger("akno.privacy")
ERASED = "Выдаленая асоба (erased person)"
"""What every page shows in place of the name."""
LEAST, MOST = 10, 500
"""Characters of the reason."""
_UNDER_WAY = ("registered", "under-review", "awaiting-trader", "partly-released")
_OPEN = ("queued", "claimed", "question", "inspection", "proposed")


def get_erasure(erasure_id: uuid.UUID, *, actor: Actor) -> Erasure:
    """Return an erasure that waits. Raises NotFound for one that is done or dropped."""
    found = session().get(Erasure, erasure_id)
    if found is None or found.done_at is not None or found.dropped_at is not None:
        raise NotFound()
    return found


def find_waiting(person_id: uuid.UUID) -> Erasure | None:
    """Return the erasure of a person that waits to be confirmed, or None."""
    query = sa.select(Erasure).where(
        Erasure.person_id == person_id, Erasure.done_at.is_(None), Erasure.dropped_at.is_(None)
    )
    return session().scalar(query.limit(1))


def is_erased(person: Person) -> bool:
    """Whether nobody stands behind an account any more."""
    return person.email.endswith("@erased.invalid")


def hindrances(person: Person) -> list[str]:
    """Return codes of what keeps a person from being erased: packages under way, cases held, drafts of decisions."""
    found = []
    for code, table, column, states in (
        ("packages", "declarations", "filed_by_id", _UNDER_WAY),
        ("cases", "reviews", "claimed_by_id", _OPEN),
        ("cases", "reviews", "assignee_id", _OPEN),
        ("proposals", "proposals", "person_id", ("pending",)),
    ):
        rows = table_of(table)
        query = sa.select(sa.literal(1)).where(rows.c[column] == person.id, rows.c.status.in_(states))
        if code not in found and session().scalar(query.limit(1)) is not None:
            found.append(code)
    return found


def ask(person: Person, *, reason: str, by: Actor) -> Erasure:
    """Ask for an erasure; where there is no second administrator it is done at once, and the reason stands for it.

    Raises NotAllowed, Invalid (field ``reason``), Conflict while the person has work under way or an erasure waits.
    """
    require(policy.erase, by, person)
    person = _locked(person.id)
    words = " ".join(reason.split())
    if not LEAST <= len(words) <= MOST:
        raise Invalid([_reason(len(words))])
    _refuse_busy(person)
    if find_waiting(person.id) is not None:
        raise Conflict(_l("An erasure of this person waits already: another administrator confirms it."))
    row = Erasure(person_id=person.id, asked_by_id=by.person_id, asked_at=web.arrived_at(), reason=words)
    session().add(row)
    session().flush()
    if not _seconds(but=by, person=person):
        _finish(row, person, by)
    return row


def confirm(erasure: Erasure, *, by: Actor) -> Erasure:
    """Erase the person, as the second administrator. Raises NotAllowed, NotFound when it is done already, Conflict."""
    row = _lock(erasure)
    require(policy.settle, by, row)
    person = _locked(row.person_id)
    _refuse_busy(person)
    _finish(row, person, by)
    return row


def drop(erasure: Erasure, *, by: Actor) -> Erasure:
    """Take an erasure back before it is done. Raises NotAllowed, NotFound."""
    row = _lock(erasure)
    require(policy.drop, by, row)
    row.dropped_at = web.arrived_at()
    session().flush()
    return row


def _lock(erasure: Erasure) -> Erasure:
    row = session().get(Erasure, erasure.id, with_for_update=True, populate_existing=True)
    if row is None or row.done_at is not None or row.dropped_at is not None:
        raise NotFound()
    return row


def _locked(person_id: uuid.UUID) -> Person:
    found = session().get(Person, person_id, with_for_update=True, populate_existing=True)
    if found is None or is_erased(found):
        raise NotFound()
    return found


def _refuse_busy(person: Person) -> None:
    if hindrances(person):
        raise Conflict(
            _l(
                "This person has work under way: packages that are not decided, cases that are held, or decisions that wait to "
                "be signed. Hand it on or wait until it is done, then erase."
            )
        )
    if unplaced():
        # A place nobody has thought of: what is not known cannot be promised.
        log.error("nobody can be erased: columns that point at people have no place: %s", unplaced())
        raise Unavailable(
            _l("The window has data about people whose erasure is not settled. The operator is told which.")
        )


def _seconds(*, but: Actor, person: Person) -> Sequence[uuid.UUID]:
    """The other administrators who could confirm."""
    query = (
        sa.select(Membership.person_id, Membership.roles)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.disabled_at.is_(None), Person.password_hash != "", Membership.as_of(clock.today()))
        .where(Person.id.not_in([but.person_id, person.id]))
    )
    return [key for key, roles in session().execute(query) if Permission.PERSONAL_DATA_MANAGE in permissions_of(roles)]


def _finish(row: Erasure, person: Person, by: Actor) -> None:
    now = web.arrived_at()
    row.confirmed_by_id, row.done_at = by.person_id, now
    session().flush()
    for place in places():
        _wipe(place, person)
    person.email = f"{person.id.hex}@erased.invalid"
    person.full_name = ERASED
    person.password_hash = person.personal_number = ""
    person.disabled_at = person.disabled_at or now
    session().flush()
    session().expire_all()
    record("person.erased", "person", person.id, by=by)


def _wipe(place: Place, person: Person) -> None:
    table = table_of(place.table)
    mine = table.c[place.column] == person.id
    if place.action == DELETE:
        session().execute(sa.delete(table).where(mine))
    elif place.action == NAME:
        session().execute(sa.update(table).where(mine).values(dict.fromkeys(place.columns, ERASED)))
    elif place.action == END:
        values: dict[str, Any] = dict.fromkeys(place.columns, "")
        session().execute(sa.update(table).where(mine).values(values))
        _end(table, mine)


def _end(table: sa.Table, mine: sa.ColumnElement[bool]) -> None:
    """Keys are revoked, places of work end today."""
    if "revoked_at" in table.c:
        still = sa.and_(mine, table.c.revoked_at.is_(None))
        session().execute(sa.update(table).where(still).values(revoked_at=clock.now()))
    elif "valid_to" in table.c:
        today = clock.today()
        still = sa.and_(mine, sa.or_(table.c.valid_to.is_(None), table.c.valid_to > today), table.c.valid_from <= today)
        session().execute(sa.update(table).where(still).values(valid_to=today))


def _reason(length: int) -> Fault:
    return Fault(
        code="ERASURE-REASON", field="reason",
        message={
            "be": f"Прычына мае {length} знакаў.", "ru": f"В причине {length} знаков.",
            "en": f"The reason has {length} characters.",
        },
        remedy={
            "be": f"Напішыце, чаму асоба выдаляецца: ад {LEAST} да {MOST} знакаў, без імёнаў.",
            "ru": f"Напишите, почему лицо удаляется: от {LEAST} до {MOST} знаков, без имён.",
            "en": f"Write why the person is erased: {LEAST} to {MOST} characters, without names.",
        },
    )  # fmt: skip
