"""Recording: one entry per thing that happened, in the transaction in which it happens."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app, has_app_context

from app import clock
from app.access import Actor
from app.database import session
from app.ledger.events import EVENTS
from app.ledger.models import Entry

_CODE = re.compile(r"[A-Za-z0-9:._/+\-]{0,128}")


def use_key(key: bytes) -> None:
    """Set the key of the digests for this process; told once by ``create_app``."""
    global _process_key
    _process_key = key


_process_key = b""
KEY = "akno.ledger_key"
"""Where an application that is not the process's first (test mode) keeps a key of its own."""


def digest(text: str) -> str:
    """Return the keyed digest under which a text that may name a person enters a leaf (hex, 64 characters)."""
    key = current_app.extensions.get(KEY, _process_key) if has_app_context() else _process_key
    if not key:
        raise RuntimeError("the ledger has no digest key: create_app sets it")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, ready to be recorded: several of them cost one statement."""

    event: str
    subject: str
    subject_id: uuid.UUID
    payload: Mapping[str, Any]
    declaration_id: uuid.UUID | None = None


def record(
    event: str,
    subject: str,
    subject_id: uuid.UUID,
    *,
    by: Actor,
    declaration_id: uuid.UUID | None = None,
    **payload: Any,
) -> None:
    """Append one entry. Raises KeyError for an event or payload key outside the catalogue, ValueError for free text."""
    record_all([Happening(event, subject, subject_id, payload, declaration_id)], by=by)


def record_all(happenings: Iterable[Happening], *, by: Actor) -> None:
    """Append entries in order, one statement for all of them."""
    at = clock.now()
    rows = [_row(happening, by, at) for happening in happenings]
    if not rows:
        return
    session().execute(_appending(session().get_bind().dialect.name), rows)
    for happening in rows:
        _react(happening)


@cache
def _appending(engine: str) -> sa.Insert:
    """The INSERT of the engine at hand; kept, for building it anew costs as much as running it."""
    transaction: Any = sa.text("(pg_current_xact_id()::text::bigint)") if engine == "postgresql" else 0
    return sa.insert(Entry.__table__).values(transaction_id=transaction)  # type: ignore[arg-type]


Reaction = Callable[[Mapping[str, Any]], None]
_reactions: dict[str, list[Reaction]] = {}


def react(event: str, reaction: Reaction) -> None:
    """Let a reaction be enqueued in the transaction of an event; told once by ``create_app`` from ``app/reactions.py``."""
    if event not in EVENTS:
        raise KeyError(event)
    _reactions.setdefault(event, []).append(reaction)


def forget_reactions() -> None:
    """Start a fresh table of reactions: an application that is built again in one process replaces them."""
    _reactions.clear()


def _react(entry: Mapping[str, Any]) -> None:
    for reaction in _reactions.get(entry["event"], ()):
        reaction(entry)


def _row(happening: Happening, by: Actor, at: datetime) -> dict[str, Any]:
    unknown = set(happening.payload) - set(EVENTS[happening.event])
    if unknown:
        raise KeyError(f"{happening.event} does not carry {sorted(unknown)}")
    leaf = _leaf(happening, by, at)
    return {
        "at": at,
        "event": happening.event,
        "subject": happening.subject,
        "subject_id": happening.subject_id,
        "declaration_id": happening.declaration_id,
        "person_id": by.person_id,
        "organisation_id": by.organisation_id,
        "payload": dict(happening.payload),
        "leaf": leaf,
        "leaf_hash": hashlib.sha256(b"\x00" + leaf).digest(),
    }


def _leaf(happening: Happening, by: Actor, at: datetime) -> bytes:
    """Canonical bytes: JSON, sorted keys, no spaces, ASCII. RFC 6962 hashes them with a leading zero byte."""
    facts = {
        "v": 2,
        "at": at.isoformat(timespec="microseconds"),
        "event": happening.event,
        "subject": f"{happening.subject}:{happening.subject_id}",
        "declaration": str(happening.declaration_id or ""),
        "person": str(by.person_id or ""),
        "organisation": str(by.organisation_id or ""),
        "agency": by.agency,
        "channel": by.channel,
        "payload": _only_codes(happening.payload),
    }
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _only_codes(value: Any) -> Any:
    """Let ids, codes, numbers and digests through; refuse anything that could be a person's words."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(_only_codes(key)): _only_codes(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [_only_codes(inner) for inner in value]
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value
    raise ValueError(f"a ledger leaf holds ids, codes and digests only, not {type(value).__name__}")
