"""Raw rows of the ledger as the driver gives them, and how a row differs from the bytes that were sealed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app.database import session
from app.ledger import merkle

_COLUMNS = ("at", "event", "subject", "subject_id", "declaration_id", "person_id", "organisation_id", "payload")
_TAKEN = "l.leaf_index, l.position, l.transaction_id, l.leaf_hash"
_ENTRY = "e.position, e.transaction_id, e.leaf, e.leaf_hash"


@dataclass(frozen=True, slots=True)
class Row:
    """A leaf of the log with its entry. ``held`` is the stored hash, ``made`` the one of the entry's bytes, None where the
    entry is gone; ``index`` is -1 for an entry that waits to be sealed."""

    index: int
    position: Any
    transaction_id: Any
    held: bytes
    made: bytes | None
    entry: tuple[Any, ...]
    values: tuple[Any, ...]
    sqlite: bool

    def faults(self) -> Iterator[tuple[str, str]]:
        """Say each thing about this row that is not as it was sealed: what, and where."""
        position, transaction_id, leaf, leaf_hash = self.entry
        if position is None:
            yield "the entry is gone", f"position {self.position}"
            return
        if self.made != self.held:
            yield "the bytes of the entry are not those that were sealed", "leaf"
        if leaf_hash != self.made:
            yield "the entry does not fit its hash", "leaf_hash"
        if transaction_id != self.transaction_id:
            yield "the entry says something else than was sealed", "transaction_id"
        for column in differing(leaf, self.values, sqlite=self.sqlite):
            yield "the entry says something else than was sealed", column


def differing(leaf: Any, values: tuple[Any, ...], *, sqlite: bool) -> list[str]:
    """Return the columns whose stored value is not what the bytes of the leaf say; ``leaf`` when they are not ours. Pure."""
    try:
        facts = json.loads(leaf)
        kind, _, key = facts["subject"].partition(":")
        said = {
            "at": datetime.fromisoformat(facts["at"]), "event": facts["event"], "subject": kind, "subject_id": uuid.UUID(key),
            "person_id": _id(facts["person"]), "organisation_id": _id(facts["organisation"]), "payload": facts["payload"],
        }  # fmt: skip
        # The first leaves did not name the package.
        if facts["v"] >= 2:
            said["declaration_id"] = _id(facts["declaration"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ["leaf"]
    stored = dict(zip(_COLUMNS, values, strict=True))
    same: Callable[[Any, Any], bool] = _same_text if sqlite else _same_value
    return [column for column, value in said.items() if not same(stored[column], value)]


def _id(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _canonical(payload: Any) -> str:
    return json.dumps(payload, sort_keys=True, ensure_ascii=True)


def _same_text(stored: Any, value: Any) -> bool:
    """SQLite keeps bytes of text: those that we would write, and no others, are the same."""
    if value is None or stored is None:
        return value is None and stored is None
    if not isinstance(stored, bytes):
        return False
    if isinstance(value, uuid.UUID):
        return stored == value.hex.encode()
    if isinstance(value, datetime):
        return stored == f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}".encode()
    return _same_json(stored, value) if isinstance(value, dict) else stored == str(value).encode()


def _same_value(stored: Any, value: Any) -> bool:
    """PostgreSQL keeps values of their kinds."""
    return _same_json(stored, value) if isinstance(value, dict) else bool(stored == value)


def _same_json(stored: Any, value: Any) -> bool:
    try:
        return _canonical(json.loads(stored)) == _canonical(value)
    except (ValueError, TypeError, RecursionError):
        return False


def sealed(since: int, batch: int) -> Iterator[list[Row]]:
    """Give the leaves from an index on with their entries, batch after batch, in the order of the log."""
    sqlite, columns = _reading()
    query = sa.text(
        f"SELECT {_TAKEN}, {_ENTRY}, {columns} FROM ledger_leaves l LEFT JOIN ledger_entries e ON e.position = l.position "
        "WHERE l.leaf_index >= :since ORDER BY l.leaf_index LIMIT :batch"
    )
    while rows := session().execute(query, {"since": since, "batch": batch}).all():
        yield [_row(tuple(row[:4]), tuple(row[4:8]), tuple(row[8:]), sqlite) for row in rows]
        since = rows[-1][0] + 1


def waiting() -> Iterator[Row]:
    """Give the entries that have no place in the log."""
    sqlite, columns = _reading()
    query = sa.text(
        f"SELECT {_ENTRY}, {columns} FROM ledger_entries e LEFT JOIN ledger_leaves l ON e.position = l.position "
        "WHERE l.position IS NULL ORDER BY e.position"
    )
    for row in session().execute(query):
        position, transaction_id, _leaf, leaf_hash = row[:4]
        yield _row((-1, position, transaction_id, leaf_hash), tuple(row[:4]), tuple(row[4:]), sqlite)


def _reading() -> tuple[bool, str]:
    """Whether this is SQLite, and the columns so that no value is converted on its way."""
    sqlite = session().get_bind().dialect.name == "sqlite"
    if sqlite:
        return True, ", ".join(f"CAST(e.{name} AS BLOB)" for name in _COLUMNS)
    return False, ", ".join(f"e.{name}::text" if name == "payload" else f"e.{name}" for name in _COLUMNS)


def _row(taken: tuple[Any, ...], entry: tuple[Any, ...], values: tuple[Any, ...], sqlite: bool) -> Row:
    index, position, transaction_id, held = taken
    leaf = entry[2]
    made = (
        merkle.leaf_hash(leaf) if isinstance(leaf, bytes) else merkle.leaf_hash(b"") if entry[0] is not None else None
    )
    held = held if isinstance(held, bytes) else b""
    return Row(index, position, transaction_id, held, made, entry, values, sqlite)
