"""The API against its own document, by Schemathesis: what fits the document and what does not, asked of the real application.

No 500, no status, content type, header or answer that the document does not know. The seed is fixed, the time bounded.
"""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from app.database import Database
from tests.api import scenery

SECONDS = 10
"""How long it takes: every operation is asked once round, then again with other cases as far as the time reaches."""
ROUNDS = (3, 8, 20, 40)
"""Cases of each operation and kind in each round."""
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@schemathesis.serializer("application/pdf", "application/zip", "application/octet-stream", "*/*")
def as_bytes(_context: Any, value: Any) -> Any:
    """Bytes are bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore")
def test_every_operation_answers_what_its_document_says(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenery.without_limits(app, monkeypatch)
    made = scenery.set_up(app, database)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 30
    deadline = time.monotonic() + SECONDS
    wrong: list[str] = []
    for serial, count in enumerate(ROUNDS):
        for operation in operations:
            for mode in GenerationMode:
                if not serial or (time.monotonic() < deadline and not wrong):
                    wrong += tried(operation, mode, made, count, serial)
    assert not wrong, "\n\n".join(wrong)


def tried(operation: Any, mode: GenerationMode, made: scenery.Scenery, most: int, serial: int) -> list[str]:
    """Ask one operation so often; what was wrong with an answer, in words."""
    real, turns = made.path(operation.path), itertools.count()

    @seed(serial)
    @settings(
        max_examples=most, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        # Two of three times the address leads to something that is there.
        if mode is GenerationMode.POSITIVE and next(turns) % 3 < 2:
            case.path_parameters = {
                name: str(real.get(name, value)) for name, value in (case.path_parameters or {}).items()
            }
        answer = case.call(headers={"Authorization": f"Bearer {made.key}"})
        case.validate_response(answer, checks=CHECKS)

    try:
        ask()
    except BaseExceptionGroup as group:
        return [f"{operation.label} ({mode}): {one}" for one in group.exceptions]
    except Exception as error:
        return [f"{operation.label} ({mode}): {type(error).__name__} {error}"]
    return []
