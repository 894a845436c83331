"""Tries that went wrong, counted by keyed digest: whoever guesses too often has to wait (trust.md S-BRUTE)."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.database import session
from app.errors import Refusal
from app.identity.models import SignInAttempt


class TooManyTries(Refusal):
    """Too many wrong passwords or codes; ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


def refuse_tired(where: sa.ColumnElement[bool], *, attempts: int, window: timedelta) -> None:
    """Raise TooManyTries when so many tries went wrong within the window."""
    now = clock.now()
    recent = sa.select(SignInAttempt.at).where(where, SignInAttempt.at > now - window)
    newest = session().scalars(recent.order_by(SignInAttempt.at.desc()).limit(attempts)).all()
    if len(newest) >= attempts:
        raise TooManyTries(_seconds_left(newest[-1], now, window))


def _seconds_left(oldest: datetime, now: datetime, window: timedelta) -> int:
    return max(1, int((oldest + window - now).total_seconds()) + 1)
