"""Taking turns: two that bring the same in the same moment are let in one after the other, so that the second sees the
first's receipt instead of breaking on a unique index.

SQLite has one writer anyway (``BEGIN IMMEDIATE``); PostgreSQL gives advisory locks that end with the transaction.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from app.database import session


def take_turn(*words: str) -> None:
    """Wait until no other transaction has the turn that these words name; it is kept until this transaction ends."""
    if session().get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256("\x00".join(words).encode()).digest()
        session().execute(sa.select(sa.func.pg_advisory_xact_lock(int.from_bytes(digest[:8], "big", signed=True))))
