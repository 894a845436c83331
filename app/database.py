"""Base, keys, the current session and the one transaction; holds the only ``commit()`` of the code base.

Two engines stand on one database: reading (plain BEGIN, ``query_only``; on PostgreSQL READ ONLY) for safe methods,
writing (``BEGIN IMMEDIATE`` on SQLite) for the rest, so that a GET that writes fails on both. A third, noting, writes without
waiting for the disk: what it has kept outlives a crash of ours, but not surely a power cut. It is for the log of requests alone.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import uuid_utils.compat as uuid_utils
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


Busy = sa.exc.OperationalError
"""The database could not do its work now: locked for too long, a deadlock, a lost connection, a full disk."""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment: refuses naive values on the way in, gives aware UTC on the way out, on both engines."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of the window."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime,
        dict[str, Any]: sa.JSON,
        list[str]: sa.JSON,
        list[int]: sa.JSON,
        list[Any]: sa.JSON,
    }


def new_id() -> uuid.UUID:
    """Return a UUIDv7: random enough to be no secret's substitute, ordered enough to be kind to an index."""
    return uuid_utils.uuid7()


class Keyed:
    """Mixin: a UUIDv7 primary key made in Python."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


class Database:
    """The engines on one database URL."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self.url = sa.make_url(url)
        self.writing = _engine(self.url, writing=True, pool_size=pool_size)
        self.reading = _engine(self.url, writing=False, pool_size=pool_size)
        self.noting = _engine(self.url, writing=True, pool_size=pool_size, waiting=False)

    @property
    def name(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.writing.dialect.name

    def dispose(self) -> None:
        """Close every pooled connection, for a fork or a shutdown."""
        self.writing.dispose()
        self.reading.dispose()
        self.noting.dispose()


def _engine(url: sa.URL, *, writing: bool, pool_size: int, waiting: bool = True) -> Engine:
    """``waiting``: whether a commit waits until the disk has it."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            url, pool_size=pool_size, max_overflow=10, connect_args={"timeout": 5}, json_serializer=_written
        )
        _prepare_sqlite(engine, writing, waiting)
        return engine
    url = url.set(drivername="postgresql+psycopg")
    options = {} if waiting else {"options": "-c synchronous_commit=off"}
    engine = sa.create_engine(
        url, pool_size=pool_size, max_overflow=10, pool_pre_ping=True, json_serializer=_written, connect_args=options
    )
    return engine if writing else engine.execution_options(postgresql_readonly=True)


def _written(value: Any) -> str:
    """JSON as it is stored: letters as they are (six bytes for each Cyrillic one otherwise), no blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare_sqlite(engine: Engine, writing: bool, waiting: bool) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, record: Any) -> None:
        # We say BEGIN ourselves: pysqlite's implicit one is deferred and so ignores busy_timeout when it upgrades.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 5000")
        if writing:
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {'FULL' if waiting else 'NORMAL'}")
        cursor.execute("PRAGMA foreign_keys = ON")
        if not writing:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


_current: ContextVar[Session | None] = ContextVar("akno_session", default=None)


def session() -> Session:
    """Return the session of the request or job that is under way.

    Raises RuntimeError outside of ``open_session`` or ``transaction``: a forgotten edge is a mistake of ours.
    """
    current = _current.get()
    if current is None:
        raise RuntimeError("no transaction is open here: only an edge (request, job, command) opens one")
    return current


def is_open() -> bool:
    """Whether a session is under way; on a page that tells of our own mistake none is."""
    return _current.get() is not None


def open_session(database: Database, *, writing: bool, waiting: bool = True) -> Session:
    """Start the one session of this request or job; the edge that opens it closes it. Without ``waiting`` what it writes is
    kept before the disk has it."""
    engine = (database.writing if waiting else database.noting) if writing else database.reading
    current = Session(engine, autoflush=True, expire_on_commit=False)
    _current.set(current)
    return current


def close_session(*, keep: bool) -> None:
    """End the current session: keep what was done (the only commit), or undo it. Does nothing when none is open."""
    current = _current.get()
    if current is None:
        return
    try:
        if keep:
            current.commit()
        else:
            current.rollback()
    finally:
        current.close()
        _current.set(None)


@contextmanager
def together() -> Iterator[None]:
    """Send the writes of a block one behind the other and wait once, at its end: PostgreSQL's pipeline mode.

    Nothing changes on SQLite. What a write breaks is raised by the driver when the block ends, before any commit.
    """
    connection = session().connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    with driver.pipeline():
        yield


@contextmanager
def looking(database: Database) -> Iterator[None]:
    """Look something up before the request's own transaction begins, so that it holds nobody up while bytes are read.

    SQLite has one writer, and a first look in a writing transaction takes its place: there the look-up is a short
    reading transaction of its own. On PostgreSQL it is part of the request's transaction, without another connection.
    """
    if database.name != "sqlite":
        yield
        return
    with transaction(database, writing=False):
        yield


@contextmanager
def transaction(database: Database, *, writing: bool = True, waiting: bool = True) -> Iterator[Session]:
    """One job or command is one transaction: kept when the block ends well, undone when it raises."""
    outer = _current.get()
    current = open_session(database, writing=writing, waiting=waiting)
    try:
        yield current
    except BaseException:
        close_session(keep=False)
        raise
    else:
        close_session(keep=True)
    finally:
        _current.set(outer)
