"""What the tests of the door do again and again: a key, a filing by it, a look into the database, a machine's answers."""

from __future__ import annotations

import itertools
import re
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.cli.founding import actor
from app.database import Base, Database, transaction
from app.identity import apikeys
from tests.factories.world import Someone
from tests.journeys.roads import packed, upload_documents

FILE = ("declaration:submit", "declaration:prepare", "declaration:read", "document:upload")
DOOR = "/api/v1/declarations"
_serial = itertools.count(1)


def key_of(database: Database, name: str = "vera", scopes: tuple[str, ...] = FILE) -> str:
    """A key of somebody of the country."""
    with transaction(database):
        return apikeys.create(label="tests", scopes=scopes, by=actor(name))[1]


def bearer(key: str, **more: str) -> dict[str, str]:
    """The headers of a machine."""
    return {"Authorization": f"Bearer {key}"} | {name.replace("_", "-"): value for name, value in more.items()}


def post(app: Flask, key: str, body: bytes, **headers: str) -> Any:
    """File by the API, under a key of its own unless one is named; ``Idempotency_Key=""`` for none."""
    named = {"Idempotency_Key": f"key-{next(_serial)}", **headers}
    return app.test_client().post(DOOR, data=body, headers=bearer(key, **{k: v for k, v in named.items() if v}))


def counted(database: Database) -> dict[str, int]:
    """How many rows each table of ours has; without the log of the API's requests, which grows with every one of them."""
    with database.reading.connect() as connection:
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
            if name != "api_requests"
        }


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Which tables have more or fewer rows than before."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def bicycles(database: Database, app: Flask, *, lrn: str | None = None) -> bytes:
    """A package of bicycles of Vera's, its papers in her library."""
    package = packed("bicycles", lrn=lrn)
    if package.files:
        upload_documents(Someone(app, "vera"), package)
    return package.xml


def relabelled(xml: bytes, lrn: str) -> bytes:
    """The same package under another reference."""
    marked = re.compile(rb"<FunctionalReferenceID>[^<]*<")
    assert len(marked.findall(xml)) == 1
    return marked.sub(b"<FunctionalReferenceID>" + lrn.encode() + b"<", xml)


def file_raw(who: Someone, body: bytes, name: str) -> str:
    """Send bytes to the upload page as a browser writes them; return where the answer leads."""
    who.get("/file")
    fields = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{who.token()}\r\n'
    file = f'--x\r\nContent-Disposition: form-data; name="package"; filename="{name}"\r\n\r\n'
    data = fields.encode() + file.encode() + body + b"\r\n--x--\r\n"
    answer = who.browser.post("/file", data=data, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])
