"""Keys of test mode: made, rotated and ended in the second window alone, by those who may do so with live keys."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.errors import NotFound, Unavailable
from app.identity import apikeys, finders, policy
from app.identity.models import ApiKey
from app.jobs.finders import list_workers
from app.jobs.health import LATE_SECONDS
from app.rehearsal import mirroring
from app.rehearsal.window import rehearsal

T = TypeVar("T")
NOT_SET_UP, PREPARING, AWAY, READY = "not-set-up", "preparing", "away", "ready"


def state() -> str:
    """Return how test mode fares: not set up, being prepared, its worker away (nobody decides), or ready."""
    beside = rehearsal()
    if not beside.set_up:
        return NOT_SET_UP
    if not beside.ready:
        return PREPARING
    with beside.opened(writing=False):
        workers = list_workers()
    late = not workers or (clock.now() - workers[0].beaten_at).total_seconds() > LATE_SECONDS
    return AWAY if late else READY


def list_keys(actor: Actor) -> Sequence[ApiKey]:
    """Return the test keys of the actor's organisation, newest first, revoked ones too; none while nothing is prepared."""
    if not rehearsal().ready:
        return ()
    with rehearsal().opened(writing=False):
        return finders.list_keys(actor)


def get_key(key_id: uuid.UUID, *, actor: Actor) -> ApiKey:
    """Return a test key of the actor's organisation; raises NotFound for anybody else's and while nothing is prepared."""
    if not rehearsal().ready:
        raise NotFound
    with rehearsal().opened(writing=False):
        return finders.get_key(key_id, actor=actor)


def in_rehearsal(ask: Callable[[], T]) -> T:
    """Ask something of the second window, which is prepared, and return the answer."""
    with rehearsal().opened(writing=False):
        return ask()


def create(*, label: str, scopes: Sequence[str], by: Actor, days: int = apikeys.DAYS[-1]) -> tuple[ApiKey, str]:
    """Make a test key; returns it and the text that is shown once. Its holder is copied into the second window first.

    Raises NotAllowed, Invalid with all faults, Unavailable while test mode is being prepared.
    """
    require(policy.manage_keys, by)
    with _changing(by):
        return apikeys.create(label=label, scopes=scopes, days=days, test=True, by=by)


def rotate(key: ApiKey, *, overlap_hours: int, by: Actor) -> tuple[ApiKey, str]:
    """Make a test key in the place of another, which stays good for some hours; returns it and the text shown once.

    Raises NotAllowed, NotFound, Conflict for a key that has ended or was rotated before, Invalid, Unavailable.
    """
    require(policy.manage_keys, by)
    with _changing(by):
        return apikeys.rotate(finders.get_key(key.id, actor=by), overlap_hours=overlap_hours, test=True, by=by)


def revoke(key: ApiKey, *, by: Actor) -> ApiKey:
    """End a test key at once. Raises NotAllowed, NotFound."""
    require(policy.manage_keys, by)
    with _changing(by):
        return apikeys.revoke(finders.get_key(key.id, actor=by), by=by)


@contextmanager
def _changing(by: Actor) -> Iterator[None]:
    """Write in the second window, where the actor stands as in the live one now."""
    beside = rehearsal()
    if not beside.ready:
        raise Unavailable(_l("Test mode is being prepared. Try again in a minute."))
    held = finders.list_memberships(by.person_id, clock.today()) if by.person_id else ()
    own = [one.id for one in held if one.organisation_id == by.organisation_id]
    image = mirroring.take(beside.live, own)
    with beside.opened():
        mirroring.put(image)
        yield
