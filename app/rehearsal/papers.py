"""Papers of test mode, shown to somebody who checks them at the live window: they are told what they hold."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from app.clearance.verification import Verified
from app.rehearsal.window import WINDOW, Rehearsal


def is_known_to_rehearsal(ask: Callable[[], Verified]) -> bool:
    """Whether the second window knows the paper that the live one does not; ``ask`` asks the window at hand, and is asked
    there once more. For papers that are unknown alone."""
    beside: Rehearsal | None = current_app.extensions.get(WINDOW)
    if beside is None or not beside.ready:
        return False
    with beside.opened(writing=False):
        return ask().state != "unknown"
