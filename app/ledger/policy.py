"""Who may read the record of events: the auditor. What the log shows to anyone needs no right."""

from __future__ import annotations

from typing import Any

from app.access import Actor, Permission, Verdict, holds


def read(actor: Actor, _subject: Any = None) -> Verdict:
    """Read entries of the ledger and their proofs."""
    return holds(actor, Permission.LEDGER_READ)
