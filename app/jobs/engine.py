"""The task engine behind the seam: DBOS on our own database, so that a job is enqueued with our own Session.

JSON serializer (never pickle), an explicit application version, a stable executor id: dependencies.md section 2.
The engine never starts a job that failed again, so a retry is a new attempt under the key ``<key>+<n>``; the lists
here fold the attempts of one job into its latest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

from app.database import Database, session
from app.errors import Conflict, NotFound

QUEUE = "akno"
PATIENT = "akno-patient"
"""The queue of what nobody waits for at the border (pictures of pages): one at a time, beside the first queue, so that a
burst of it never stands before a clearance."""
WORKFLOW = "akno.run_job"
FAILED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED")
WAITING = ("ENQUEUED", "PENDING", "DELAYED")
COUNTED = 1000
"""The most waiting jobs that are counted; beyond it the answer is "at least"."""


@dataclass(frozen=True, slots=True)
class JobState:
    """One attempt of a job: its key, name, status (ENQUEUED, PENDING, SUCCESS, ERROR …), error, moment, which attempt."""

    key: str
    name: str
    arguments: tuple[Any, ...]
    status: str
    error: str
    created_at: datetime
    attempt: int = 1
    queue: str = QUEUE

    @property
    def failed(self) -> bool:
        """Whether this attempt gave up."""
        return self.status in FAILED


class JobEngine:
    """Enqueues in the caller's transaction and tells how jobs fare."""

    def __init__(self, database: Database, application_version: str) -> None:
        self.database = database
        self.application_version = application_version
        self._clients: dict[str, DBOSClient] = {}

    def _client(self, engine: sa.Engine, use: str) -> DBOSClient:
        if use not in self._clients:
            self._clients[use] = DBOSClient(
                system_database_engine=engine,
                serializer=DBOSPortableJSONSerializer(),
                application_name="akno",
                lazy=True,
            )
        return self._clients[use]

    @property
    def _writer(self) -> DBOSClient:
        """The client that enqueues; made at first use, after any fork."""
        return self._client(self.database.writing, "writing")

    @property
    def _reader(self) -> DBOSClient:
        """The client that looks: on the reading engine, for the writing one would take SQLite's write lock to look."""
        return self._client(self.database.reading, "reading")

    def forget_client(self) -> None:
        """Close the engine's clients; the next use makes new ones (after a fork, or on another database)."""
        for client in self._clients.values():
            client.destroy()
        self._clients.clear()

    def url(self) -> str:
        """The database address as the engine wants it."""
        url = self.database.url
        if url.get_backend_name() != "sqlite":
            url = url.set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    def prepare(self) -> None:
        """Create or upgrade the engine's own tables; repeatable."""
        DBOS.migrate(self.url())

    def enqueue(self, name: str, *arguments: Any, key: str, queue: str = QUEUE) -> None:
        """Enqueue a job in the current transaction; the same key a second time is the same job."""
        self._writer.enqueue_in_transaction(
            session(),
            {
                "queue_name": queue,
                "workflow_name": WORKFLOW,
                "workflow_id": key,
                "app_version": self.application_version,
            },
            name,
            list(arguments),
        )

    def list_failed(self, *, limit: int = 50) -> Sequence[JobState]:
        """Return the jobs whose latest attempt gave up, newest first, at most ``limit``."""
        found = self._reader.list_workflows(status=list(FAILED), limit=limit * 2, sort_desc=True, load_output=True)
        latest = (self._latest(root_of(item.workflow_id)) for item in found)
        return [state for state in _once(latest) if state.failed][:limit]

    def find(self, key: str) -> JobState | None:
        """Return the latest attempt of the job with this key, or None."""
        return self._latest(root_of(key))

    def _latest(self, root: str) -> JobState | None:
        attempts = self._reader.list_workflows(workflow_id_prefix=root)
        mine = [_state(item) for item in attempts if root_of(item.workflow_id) == root]
        return max(mine, key=lambda state: state.attempt, default=None)

    def count_waiting(self) -> int:
        """How many jobs wait or are being done, counted up to COUNTED."""
        return len(
            self._reader.list_workflows(status=list(WAITING), limit=COUNTED, load_input=False, load_output=False)
        )

    def retry(self, key: str) -> str:
        """Start a job that gave up once more, in the current transaction; returns the key of the new attempt.

        Raises NotFound for an unknown key, Conflict when the latest attempt has not failed.
        """
        state = self.find(key)
        if state is None:
            raise NotFound(f"job {key}")
        if not state.failed:
            raise Conflict("This job is not one that has failed.", {"status": state.status})
        again = f"{root_of(key)}+{state.attempt + 1}"
        self.enqueue(state.name, *state.arguments, key=again, queue=state.queue)
        return again


def root_of(key: str) -> str:
    """Return the key of the first attempt: ``clearance-1+3`` is the third attempt of ``clearance-1``."""
    return key.partition("+")[0]


def _once(states: Iterable[JobState | None]) -> list[JobState]:
    return list({state.key: state for state in states if state is not None}.values())


def _state(item: Any) -> JobState:
    positional = list((item.input or {}).get("args", ())) if item.input else []
    name = positional[0] if positional else item.name
    arguments = tuple(positional[1]) if len(positional) > 1 else ()
    created = datetime.fromtimestamp((item.created_at or 0) / 1000, UTC)
    attempt = int(item.workflow_id.partition("+")[2] or 1)
    return JobState(
        item.workflow_id,
        name,
        arguments,
        item.status,
        str(item.error or ""),
        created,
        attempt,
        item.queue_name or QUEUE,
    )


ENGINE_TABLES = frozenset(
    {
        "notifications", "queues", "streams", "workflow_status", "workflow_input", "workflow_output", "workflow_events",
        "workflow_events_history", "workflow_schedules", "operation_outputs", "application_versions", "dbos_migrations",
    }
)  # fmt: skip


def owned_by_engine(name: str | None, schema: str | None) -> bool:
    """Whether a table is the engine's and not ours: Alembic leaves it alone."""
    return schema == "dbos" or name in ENGINE_TABLES
