"""One table: event -> what follows. The only arrows of the house that point forward.

A reaction here is enqueued in the transaction of its event. Filings enqueue nothing: readers that may lag follow the
ledger by cursor (``ledger.reading``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.jobs.engine import JobEngine
from app.ledger import recording

# event: (job, key made of the entry)
FOLLOWS: dict[str, tuple[str, str]] = {
    "declaration.released": ("clearance.issue", "clearance-{subject_id}-{payload[version]}"),
}


def connect(jobs: JobEngine) -> None:
    """Tell the ledger which jobs follow which event; the job gets the subject's id."""
    recording.forget_reactions()
    for event, (job, key) in FOLLOWS.items():
        recording.react(event, _enqueue(jobs, job, key))


def _enqueue(jobs: JobEngine, job: str, key: str) -> recording.Reaction:
    def enqueue(entry: Mapping[str, Any]) -> None:
        jobs.enqueue(job, str(entry["subject_id"]), key=key.format(**entry))

    return enqueue
