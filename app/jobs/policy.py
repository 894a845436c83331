"""Who may look at jobs and start one again: the administrator of the window."""

from __future__ import annotations

from typing import Any

from app.access import Actor, Permission, Verdict, holds


def retry(actor: Actor, subject: Any = None) -> Verdict:
    """Whether the actor may see failed jobs and start them again."""
    return holds(actor, Permission.JOB_RETRY)
