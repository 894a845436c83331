"""How often one caller may ask: a sliding minute, counted from the request log, so that it holds across processes.

A caller is a key, or for whoever sends no good key the address (an IPv6 network of 64 bits, which is what one house has). What
is under way is not in the log yet: a caller who asks in parallel can get as many answers more as requests are under way at the
moment the minute is full. Whoever is turned away is not counted once more for it, so the wait that was told holds.
"""

from __future__ import annotations

import ipaddress
import math
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.api.models import COUNTED, ApiRequest
from app.database import session
from app.identity.apikeys import Recognised
from app.ledger.recording import digest
from config import Settings

WINDOW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the id that requests are counted by, the key whose secret was right (also one that has ended), and the hour in
    which it was used last; ``known`` when the key still opens the door."""

    id: uuid.UUID
    key_id: uuid.UUID | None = None
    last_used_at: datetime | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller may still ask in this minute, after the request at hand; ``reset`` in seconds."""

    limit: int
    remaining: int
    reset: int
    exceeded: bool

    def headers(self) -> dict[str, str]:
        """The headers that every answer carries; with Retry-After for who asked too often."""
        said = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return said | {"Retry-After": str(self.reset)} if self.exceeded else said


def caller_of(found: Recognised | None, address: str) -> Caller:
    """Return who asks. The address enters as a keyed digest: it stands in no table."""
    if found is not None and found.actor is not None:
        return Caller(found.key.id, found.key.id, found.key.last_used_at, known=True)
    place = uuid.UUID(digest(f"caller:{house_of(address)}")[:32])
    return Caller(place, found.key.id if found else None)


def house_of(address: str) -> str:
    """Return what stands for one caller's address: an IPv4 address, the network of 64 bits of an IPv6 one, else the text."""
    try:
        place = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(place, ipaddress.IPv6Address):
        mapped = place.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((place, 64), strict=False))
    return str(place)


def weigh(caller: Caller, settings: Settings, now: datetime) -> Allowance | None:
    """Count the caller's last minute in one statement; None where the settings set no limit."""
    limit = settings.api_requests_per_minute if caller.known else settings.api_requests_per_minute_without_key
    if not limit:
        return None
    # Both engines bind a moment as the column keeps it.
    used, oldest = session().execute(_query(), {"caller": caller.id, "since": now - WINDOW, "most": limit}).one()
    left = (oldest + WINDOW - now).total_seconds() if oldest else WINDOW.total_seconds()
    return Allowance(limit, max(0, limit - used - 1), max(1, math.ceil(left)), exceeded=used >= limit)


@cache
def _query() -> sa.Select[int, Any]:
    """The newest requests of the last minute, at most as many as are allowed: their number and the oldest of them, with which
    the next place becomes free. Built once: every request asks it."""
    since: Any = sa.bindparam("since", type_=ApiRequest.at.type)
    newest = (
        sa.select(ApiRequest.at)
        .where(ApiRequest.caller_id == sa.bindparam("caller"), ApiRequest.at > since, sa.text(COUNTED))
        .order_by(ApiRequest.at.desc())
        .limit(sa.bindparam("most", type_=sa.Integer()))
        .subquery()
    )
    return sa.select(sa.func.count(), sa.func.min(newest.c.at))
