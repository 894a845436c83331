"""The request log: each request of software leaves one row, whatever became of it.

Where the request's own transaction writes and is kept, the row is part of it: no filing without its row, and what cannot be
kept is no success. Every other answer (a read, a refusal, a mistake of ours) is made first and remembered then, in a small
transaction of its own. If that cannot be written, the answer stays what it is, for it is true, and the row goes to the log of
the process as an error with all it would have held: neither is lost in silence.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import time
import uuid
from collections import OrderedDict
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request

from app import database, web
from app.api.limiting import WINDOW, Caller, caller_of
from app.api.models import ApiRequest
from app.identity import apikeys

log = logging.getLogger("akno.api")

_PLAIN = re.compile(r"(?!akno_)[A-Za-z0-9._-]{1,64}")
_MOST_FLOODS = 10_000
_INSERT = sa.insert(cast(sa.Table, ApiRequest.__table__))
"""Kept, for building it anew costs as much as running it."""


def listen() -> None:
    """Let the bytes of a body be hashed while they are read, before anybody reads them."""
    g.asked_at = time.perf_counter()
    g.body_read = request.environ["wsgi.input"] = _Listener(request.environ["wsgi.input"])


def init_within(app: Flask) -> None:
    """Remember a request in its own transaction where that is kept; call it after ``web.init_edges``, so that it runs before
    the transaction ends."""

    @app.after_request
    def _within(response: Response) -> Response:
        if not (web.wants_json() and database.is_open() and web.writes() and web.keeps(response)):
            return response
        try:
            _write(_row(response))
        except Exception as error:  # what could not be written whole is never answered with success
            return web.mistake(error)
        g.remembered = response.status_code
        return response


def init_apart(app: Flask) -> None:
    """Remember every other request; call it before ``web.init_edges``, so that it runs when the transaction has ended."""

    @app.after_request
    def _apart(response: Response) -> Response:
        if not web.is_counted():
            return response
        allowance = g.get("allowance")
        response.headers.update(allowance.headers() if allowance is not None else {})
        # What was remembered within is not there when its transaction could not be kept: then the answer has changed too.
        if g.get("remembered") != response.status_code and not _is_flood(response):
            write_apart(_row(response))
        return response


def write_apart(row: dict[str, Any]) -> None:
    """Write a row in a transaction of its own; one that cannot be written goes to the log of the process."""
    try:
        with web.remembering(waiting=False):
            _write(row)
    except sa.exc.SQLAlchemyError:
        log.exception("a request could not be remembered: %s", {name: str(value) for name, value in row.items()})


def _write(row: dict[str, Any]) -> None:
    session, caller = database.session(), _caller()
    session.execute(_INSERT, row)
    if caller.known and caller.key_id is not None and caller.last_used_at != apikeys.hour_of(row["at"]):
        apikeys.note_use(caller.key_id, at=row["at"])


def _row(response: Response) -> dict[str, Any]:
    caller, body = _caller(), g.get("body_read")
    return {
        "id": database.new_id(), "caller_id": caller.id, "key_id": caller.key_id, "at": g.started_at,
        "method": (request.method or "")[:8], "path": path_of(), "status": response.status_code,
        "code": str(g.get("problem_code", ""))[:40] if response.status_code >= 400 else "",
        "request_id": g.request_id, "body_sha256": body.sha256 if body else "", "body_size": body.size if body else 0,
        "milliseconds": round((time.perf_counter() - g.asked_at) * 1000) if "asked_at" in g else 0,
    }  # fmt: skip


def _caller() -> Caller:
    caller: Caller | None = g.get("caller")
    return caller or caller_of(None, request.remote_addr or "")


def path_of() -> str:
    """Return the path as it may be kept: ids and codes; of an address that is none of ours only the words that we use."""
    if request.url_rule is None:
        parts = [part if part in _words() else "…" for part in request.path.split("/") if part]
        return ("/" + "/".join(parts))[:200]
    values = request.view_args or {}
    parts = [
        part if not part.startswith("<") else _said(values.get(part[1:-1].rpartition(":")[2]))
        for part in request.url_rule.rule.split("/")
    ]
    return "/".join(parts)[:200]


def _said(value: Any) -> str:
    """A value in an address: ids and codes as they are; a text that is neither, or could be a key, is not kept."""
    text = str(value)
    return text if isinstance(value, int | uuid.UUID) or _PLAIN.fullmatch(text) else "…"


def _words() -> frozenset[str]:
    """The fixed words in the addresses of the API."""
    kept: frozenset[str] | None = current_app.extensions.get("akno.api_words")
    if kept is None:
        rules = (rule.rule for rule in current_app.url_map.iter_rules() if rule.rule.startswith("/api/"))
        kept = frozenset(part for rule in rules for part in rule.split("/") if not part.startswith("<"))
        current_app.extensions["akno.api_words"] = kept
    return kept


_floods: OrderedDict[uuid.UUID, datetime] = OrderedDict()


def _is_flood(response: Response) -> bool:
    """Whether this answer is one more of many that turn away an address without a key: the first of a minute is written down,
    the others are named on the log of the process alone, so that nobody without a key can make us write without end."""
    caller = _caller()
    if response.status_code != 429 or caller.known:
        return False
    last = _floods.get(caller.id)
    if last is not None and g.started_at - last < WINDOW:
        log.info("%s asks on and on without a key (%s)", caller.id, g.request_id)
        return True
    _floods[caller.id] = g.started_at
    _floods.move_to_end(caller.id)
    while len(_floods) > _MOST_FLOODS:
        _floods.popitem(last=False)
    return False


class _Listener(io.RawIOBase):
    """The input of a request that hashes what is read from it."""

    def __init__(self, source: Any) -> None:
        self._source, self._hash, self.size = source, hashlib.sha256(), 0

    @property
    def sha256(self) -> str:
        """The hash of what was read, "" when nothing was."""
        return self._hash.hexdigest() if self.size else ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        self._hash.update(data)
        self.size += len(data)
        return len(data)
