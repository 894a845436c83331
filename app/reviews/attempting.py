"""Several deeds in one request: each is done or refused for itself, and a refusal undoes that one alone."""

from __future__ import annotations

from collections.abc import Callable

from app.database import session
from app.errors import Refusal


def attempt(deed: Callable[[], object]) -> Refusal | None:
    """Do something within a savepoint; return None when it was done, the refusal when it was not and left no trace."""
    try:
        with session().begin_nested():
            deed()
            session().flush()
    except Refusal as refused:
        return refused
    return None
