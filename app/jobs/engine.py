"""The task engine behind the seam: DBOS on our own database, so that a job is enqueued with our own Session.

JSON serializer (never pickle), an explicit application version, a stable executor id: dependencies.md section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

from app.database import Database, session

QUEUE = "akno"
WORKFLOW = "akno.run_job"


@dataclass(frozen=True, slots=True)
class JobState:
    """One job as the engine knows it: id (its key), name, status (ENQUEUED, PENDING, SUCCESS, ERROR …), error, moment."""

    key: str
    name: str
    arguments: tuple[Any, ...]
    status: str
    error: str
    created_at: datetime


class JobEngine:
    """Enqueues in the caller's transaction and tells how jobs fare."""

    def __init__(self, database: Database, application_version: str) -> None:
        self.database = database
        self.application_version = application_version
        self._client: DBOSClient | None = None

    @property
    def client(self) -> DBOSClient:
        """The engine's client on our writing engine; made at first use, after any fork."""
        if self._client is None:
            self._client = DBOSClient(
                system_database_engine=self.database.writing,
                serializer=DBOSPortableJSONSerializer(),
                application_name="akno",
                lazy=True,
            )
        return self._client

    def prepare(self) -> None:
        """Create or upgrade the engine's own tables; repeatable."""
        url = self.database.url
        if url.get_backend_name() != "sqlite":
            url = url.set(drivername="postgresql+psycopg")
        DBOS.migrate(url.render_as_string(hide_password=False))

    def enqueue(self, name: str, *arguments: Any, key: str) -> None:
        """Enqueue a job in the current transaction; the same key a second time is the same job."""
        self.client.enqueue_in_transaction(
            session(),
            {
                "queue_name": QUEUE,
                "workflow_name": WORKFLOW,
                "workflow_id": key,
                "app_version": self.application_version,
            },
            name,
            list(arguments),
        )

    def list_failed(self, *, limit: int = 50) -> Sequence[JobState]:
        """Return the jobs that gave up, newest first."""
        found = self.client.list_workflows(
            status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"], limit=limit, sort_desc=True
        )
        return [_state(item) for item in found]

    def find(self, key: str) -> JobState | None:
        """Return the job with this key, or None."""
        found = self.client.list_workflows(workflow_ids=[key])
        return _state(found[0]) if found else None

    def count_waiting(self) -> int:
        """How many jobs wait or are being done; the list is short by design."""
        return len(self.client.list_workflows(status=["ENQUEUED", "PENDING"], load_input=False, load_output=False))

    def retry(self, key: str) -> None:
        """Start a job that gave up once more, under the same key."""
        self.client.resume_workflow(key)


def _state(item: Any) -> JobState:
    positional = list((item.input or {}).get("args", ())) if item.input else []
    name = positional[0] if positional else item.name
    arguments = tuple(positional[1]) if len(positional) > 1 else ()
    created = datetime.fromtimestamp((item.created_at or 0) / 1000, UTC)
    return JobState(item.workflow_id, name, arguments, item.status, str(item.error or ""), created)


def owned_by_engine(name: str | None, schema: str | None) -> bool:
    """Whether a table is the engine's and not ours: Alembic leaves it alone."""
    return schema == "dbos" or name in ENGINE_TABLES


ENGINE_TABLES = frozenset(
    {
        "notifications", "queues", "streams", "workflow_status", "workflow_input", "workflow_output", "workflow_events",
        "workflow_events_history", "workflow_schedules", "operation_outputs", "application_versions", "dbos_migrations",
        "workflow_queue",
    }
)  # fmt: skip


def tables_of_engine(connection: sa.Connection) -> set[str]:
    """The engine's tables that are really there, for the test that keeps ENGINE_TABLES honest."""
    return set(sa.inspect(connection).get_table_names()) & ENGINE_TABLES
