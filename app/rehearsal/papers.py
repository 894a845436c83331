"""Papers of test mode, shown to somebody who checks them at the live window: they are told what they hold."""

from __future__ import annotations

from flask import current_app

from app.clearance import finders
from app.rehearsal.window import WINDOW, Rehearsal


def is_test_paper(code: str) -> bool:
    """Whether a code that no clearance of the live window has is one of test mode. One small look, for unknown codes alone."""
    beside: Rehearsal | None = current_app.extensions.get(WINDOW)
    if beside is None or not beside.ready:
        return False
    with beside.opened(writing=False):
        return finders.find_by_code(code) is not None
