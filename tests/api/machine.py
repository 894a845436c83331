"""The software of somebody: asks the API with a key."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.intake.arrivals import bearer, key_of, post

WHOLE = (
    "declaration:submit", "declaration:prepare", "declaration:read", "declaration:amend", "declaration:withdraw",
    "document:upload", "document:read", "question:answer",
)  # fmt: skip


class Machine:
    """The software of somebody: asks with a key."""

    def __init__(self, app: Flask, name: str = "vera") -> None:
        self.app, self.key = app, key_of(app.extensions["akno.database"], name, scopes=WHOLE)

    def get(self, path: str, **headers: str) -> Any:
        return self.app.test_client().get(path, headers=bearer(self.key, **headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        words: dict[str, Any] = {"json": body} if isinstance(body, dict) else {"data": body or b""}
        return self.app.test_client().post(path, headers=bearer(self.key, **headers), **words)

    def file(self, body: bytes, **headers: str) -> str:
        answer = post(self.app, self.key, body, **headers)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"])
