"""One table: event -> what follows. The only arrows of the house that point forward.

A reaction here is enqueued in the transaction of its event. Filings enqueue nothing: readers that may lag follow the
ledger by cursor (``ledger.reading``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, has_app_context

from app.jobs.engine import JobEngine
from app.ledger import recording


@dataclass(frozen=True, slots=True)
class Follow:
    """What follows an event: the job, the key under which it is one job, its arguments; key and arguments are made of
    the entry. ``when`` names a payload key that must hold something: without it nothing follows."""

    job: str
    key: str
    arguments: tuple[str, ...]
    when: str


# A decision of customs may close a package without letting further goods go: then no paper follows.
_PAPER = Follow("clearance.issue", "clearance-{payload[decision]}", ("{subject_id}", "{payload[decision]}"), "items")

# Whoever checks papers without network learns of it with the next list they fetch.
_LIST = Follow("clearance.list", "ended-{subject_id}", ("{subject_id}",), "number")

# What is announced is assessed before it comes, each version once.
_ASSESS = Follow("risk.assess_advance", "assess-{subject_id}-{payload[version]}", ("{subject_id}",), "version")

# A holder is told that goods with its mark are held, and can act in time.
_HOLDER = Follow("rights.letter", "suspension-{subject_id}", ("{subject_id}",), "suspension")

FOLLOWS: dict[str, Follow] = {
    "declaration.partly_released": _PAPER,
    "declaration.released": _PAPER,
    "clearance.replacement_asked": Follow(
        "clearance.redraw", "clearance-{payload[replacement]}", ("{payload[replacement]}",), "replacement"
    ),
    "clearance.superseded": _LIST,
    "suspension.made": _HOLDER,
    "advance.registered": _ASSESS,
    "advance.amended": _ASSESS,
    "clearance.revoked": _LIST,
}


def connect(jobs: JobEngine) -> None:
    """Tell the ledger which jobs follow which event. What follows waits with the application whose event it is, for live
    and test mode are two in one process; outside of any with the process's own (``jobs``)."""
    recording.forget_reactions()
    for event, follow in FOLLOWS.items():
        recording.react(event, _enqueue(jobs, follow))


def _enqueue(own: JobEngine, follow: Follow) -> recording.Reaction:
    def enqueue(entry: Mapping[str, Any]) -> None:
        if entry["payload"].get(follow.when):
            arguments = [argument.format(**entry) for argument in follow.arguments]
            jobs: JobEngine = current_app.extensions["akno.jobs"] if has_app_context() else own
            jobs.enqueue(follow.job, *arguments, key=follow.key.format(**entry))

    return enqueue
