"""The floor: the same package parsed and validated by lxml alone, the same rows written by the raw driver, one commit.

Two processes do it side by side, as two workers of the server would. Nothing of the window runs in them.
"""

from __future__ import annotations

import json
import multiprocessing
import secrets
import sqlite3
import time
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg
import sqlalchemy as sa
import uuid_utils.compat as uuid_utils
from lxml import etree

from app.declarations.schema import schema_set
from tests.bench.places import Place

PROCESSES = 2
MOST_SECONDS = 4.0
_OF_DECLARATION = ("versions", "lines", "attachments", "reviews", "ledger_entries")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table as the driver takes them."""

    table: str
    columns: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """What the processes need: engine, address, XML, rows in the order of writing, the values that must be fresh."""

    engine: str
    address: str
    xml: bytes
    rows: tuple[Rows, ...]
    fresh: tuple[Any, ...]

    def rate(self, count: int) -> float:
        """Do it ``count`` times in two processes, or for MOST_SECONDS; returns filings per second."""
        context = multiprocessing.get_context("spawn")
        barrier, answers = context.Barrier(PROCESSES), context.Queue()
        each = count // PROCESSES
        workers = [context.Process(target=_work, args=(self, each, barrier, answers)) for _ in range(PROCESSES)]
        for worker in workers:
            worker.start()
        spans = [answers.get(timeout=120) for _ in workers]
        for worker in workers:
            worker.join()
        span = max(end for _, _, end in spans) - min(begin for _, begin, _ in spans)
        return float(sum(done for done, _, _ in spans) / span)


def taken_from(place: Place, name: str) -> Floor:
    """Take the rows of the newest filing of a model as the pattern."""
    sqlite = place.engine == "sqlite"
    url = place.settings.database_url
    address = url.removeprefix("sqlite:///") if sqlite else url.replace("+psycopg", "")
    with place.database.reading.connect() as connection:
        owner = place.models[name].unp
        newest = (
            "SELECT d.id FROM declarations d JOIN organisations o ON o.id = d.owner_id"
            f" WHERE o.unp = '{owner}' AND d.number IS NOT NULL ORDER BY d.id DESC LIMIT 1"
        )
        key = connection.exec_driver_sql(newest).scalar_one()
        text = key if sqlite else str(key)
        tables = {
            "blobs": f"sha256 = (SELECT body_sha256 FROM receipts WHERE declaration_id = '{text}')",
            "declarations": f"id = '{text}'",
            **{table: f"declaration_id = '{text}'" for table in _OF_DECLARATION},
            "receipts": f"declaration_id = '{text}'",
        }
        rows = tuple(_rows(connection, table, where) for table, where in tables.items())
    return Floor(place.engine, address, place.models[name].copy("FLOOR"), rows, _fresh(rows))


def _rows(connection: sa.Connection, table: str, where: str) -> Rows:
    found = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {where}")
    columns = tuple(found.keys())
    kept = [index for index, column in enumerate(columns) if column != "position"]
    values = tuple(tuple(_as_sent(row[index]) for index in kept) for row in found)
    return Rows(table, tuple(columns[index] for index in kept), values)


def _as_sent(value: Any) -> Any:
    """JSON is sent as text: the floor writes it and does not make it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _fresh(rows: tuple[Rows, ...]) -> tuple[Any, ...]:
    """The values that no two filings share: keys, numbers, digests of the bytes, references."""
    unique = {
        "blobs": ("sha256",), "declarations": ("id", "number", "registered_lrn"), "receipts": ("id", "number"),
    }  # fmt: skip
    found: set[Any] = set()
    for one in rows:
        for column in unique.get(one.table, ("id",)):
            if column in one.columns:
                found |= {row[one.columns.index(column)] for row in one.values}
    return tuple(found)


def _another(value: Any) -> Any:
    """A fresh value of the same kind: keys that rise, as the window's own do, and texts long enough not to meet."""
    if isinstance(value, uuid.UUID):
        return uuid_utils.uuid7()
    return uuid_utils.uuid7().hex if len(value) == 32 else secrets.token_hex(32)[: max(len(value), 24)]


def _work(floor: Floor, count: int, barrier: Barrier, answers: Any) -> None:
    connection: Any = _sqlite(floor.address) if floor.engine == "sqlite" else psycopg.connect(floor.address)
    schema = schema_set().compiled
    _once(floor, connection, schema)
    barrier.wait()
    began, done = time.time(), 0
    while done < count and time.time() < began + MOST_SECONDS:
        _once(floor, connection, schema)
        done += 1
    answers.put((done, began, time.time()))
    connection.close()


def _sqlite(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, isolation_level=None, timeout=30)
    for pragma in ("busy_timeout = 30000", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _once(floor: Floor, connection: Any, schema: etree.XMLSchema) -> None:
    etree.fromstring(floor.xml, etree.XMLParser(schema=schema, resolve_entities=False, no_network=True))
    swap = {value: _another(value) for value in floor.fresh}
    sqlite = floor.engine == "sqlite"
    if sqlite:
        connection.execute("BEGIN IMMEDIATE")
    for one in floor.rows:
        values = [tuple(swap.get(value, value) for value in row) for row in one.values]
        if values:
            _insert(connection, one, values, sqlite)
    _count_up(connection, sqlite)
    connection.commit()


def _insert(connection: Any, one: Rows, values: list[tuple[Any, ...]], sqlite: bool) -> None:
    """The quickest way of each driver: executemany in the process's own library, one statement over a socket."""
    columns = ", ".join(one.columns)
    if sqlite:
        marks = ", ".join("?" for _ in one.columns)
        connection.executemany(f"INSERT INTO {one.table} ({columns}) VALUES ({marks})", values)
        return
    marks = ", ".join("(" + ", ".join(["%s"] * len(one.columns)) + ")" for _ in values)
    flat = [value for row in values for value in row]
    connection.execute(f"INSERT INTO {one.table} ({columns}) VALUES {marks}", flat)


def _count_up(connection: Any, sqlite: bool) -> None:
    mark = "?" if sqlite else "%s"
    day: Any = date.today().isoformat() if sqlite else datetime.now().date()
    connection.execute(
        f"INSERT INTO number_counters (office_code, day, last) VALUES ('floor', {mark}, 1)"
        " ON CONFLICT (office_code, day) DO UPDATE SET last = number_counters.last + 1",
        (day,),
    )
