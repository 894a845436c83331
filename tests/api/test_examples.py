"""Every example of the document is run: what it sends is sent to the application, what it shows is what the application says.

AKNO_RECORD_EXAMPLES=1 writes app/api/examples.json anew: the answers of shapes that name no example of their own.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from app.api.document import EXAMPLES
from app.database import Database
from tests.api import scenery
from tests.api.scenery import Scenery

FIRST = ("answer_question",)
LAST = ("withdraw_declaration", "withdraw_advance", "pause_webhook", "remove_webhook")
"""What names version 1 comes before the changes, what takes away something that others need at the end."""
BEFORE = {"enable_webhook": "pause_webhook"}
"""What must have happened before an example can be run."""


@pytest.fixture
def made(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> Scenery:
    scenery.without_limits(app, monkeypatch)
    return scenery.set_up(app, database)


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    return dict(app.test_client().get("/api/openapi.json").get_json())


class Asking:
    """Runs the examples of operations against the application."""

    def __init__(self, app: Flask, made: Scenery, document: dict[str, Any]) -> None:
        self.app, self.made, self.document = app, made, document
        self.operations = {
            operation["operationId"]: (method, path, operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        }

    def ordered(self) -> list[str]:
        """Reading first, taking away last."""
        rank = {"get": 1, "post": 2, "put": 2, "patch": 2, "delete": 3}
        place = {name: rank[method] for name, (method, _path, _operation) in self.operations.items()}
        place |= dict.fromkeys(FIRST, 0) | {name: 10 + at for at, name in enumerate(LAST)}
        return sorted(self.operations, key=lambda name: place[name])

    def run(self, name: str) -> Iterator[tuple[str, Any]]:
        """Send each example of an operation's request; gives its name and the answer."""
        if name in BEFORE:
            list(self.run(BEFORE[name]))
        method, path, operation = self.operations[name]
        named = {
            one["name"]: one["schema"].get("examples", [None])[0]
            for one in operation["parameters"]
            if one["in"] == "path"
        }
        real = named | self.made.path(path)
        for serial, words in enumerate(self._bodies(operation)):
            if name == "answer_question":
                # Each example answers a question of its own.
                real["number"] = serial + 1
            where = re.sub(r"\{(\w+)\}", lambda found: str(real[found[1]]), path)
            headers = {
                "Authorization": f"Bearer {self.made.keys.get(name, self.made.key)}",
                **self._headers(operation, real),
            }
            words["headers"] = headers | words.get("headers", {})
            query = self._query(operation)
            yield f"{name} #{serial}", self.app.test_client().open(where, method=method, query_string=query, **words)

    def _bodies(self, operation: dict[str, Any]) -> list[dict[str, Any]]:
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            examples = self.schema(content["application/json"]["schema"]).get("examples", [])
            assert examples, f"the body of {operation['operationId']} has no example"
            return [{"json": one} for one in examples]
        for kind, one in content.items():
            if "example" in one:
                return [{"data": one["example"].encode(), "headers": {"Content-Type": kind}}]
        return (
            [{"data": self.made.files[next(iter(content))], "headers": {"Content-Type": next(iter(content))}}]
            if content
            else [{}]
        )

    def _headers(self, operation: dict[str, Any], real: dict[str, Any]) -> dict[str, str]:
        said = {
            one["name"]: one["example"] for one in operation["parameters"] if one["in"] == "header" and "example" in one
        }
        if any(one["name"] == "If-Match" for one in operation["parameters"]):
            shown = self.app.test_client().get(
                f"/api/v1/declarations/{real['declaration_id']}", headers={"Authorization": f"Bearer {self.made.key}"}
            )
            said["If-Match"] = shown.headers["ETag"]
        return said

    def _query(self, operation: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for one in operation["parameters"]:
            examples = [one["example"]] if "example" in one else one["schema"].get("examples", [])
            if one["in"] == "query" and examples:
                found[one["name"]] = examples[0]
        return found

    def schema(self, said: dict[str, Any]) -> dict[str, Any]:
        """A schema, followed to where it stands."""
        if "$ref" not in said:
            return said
        return dict(self.document["components"]["schemas"][said["$ref"].rpartition("/")[2]])

    def answer_of(self, name: str, status: int) -> dict[str, Any]:
        """The schema of an answer of an operation in JSON; empty where it is not JSON."""
        content = self.operations[name][2]["responses"][str(status)].get("content", {})
        return dict(content.get("application/json", {}).get("schema", {}))


@pytest.mark.timeout(240)
def test_every_example_runs_and_is_answered_as_its_document_says(
    app: Flask, made: Scenery, document: dict[str, Any]
) -> None:
    asking, wrong, seen = Asking(app, made, document), list[str](), dict[str, Any]()
    for name in asking.ordered():
        for label, answer in asking.run(name):
            documented = asking.operations[name][2]["responses"]
            if not 200 <= answer.status_code < 300 or str(answer.status_code) not in documented:
                wrong.append(f"{label}: {answer.status_code} {answer.text[:600]}")
                continue
            schema = asking.answer_of(name, answer.status_code)
            if not schema:
                continue
            body = answer.get_json()
            whole = schema | {"components": document["components"]}
            errors = [one.message for one in jsonschema_rs.Draft202012Validator(whole).iter_errors(body)]
            if errors:
                wrong.append(f"{label}: {errors[:3]}")
            kept(seen, schema, body)
            wrong += unlike(label, asking.schema(schema).get("examples", []), body)
    if os.environ.get("AKNO_RECORD_EXAMPLES"):
        EXAMPLES.write_text(json.dumps(recorded(seen, document), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert not wrong, "\n".join(wrong)


def kept(seen: dict[str, Any], schema: dict[str, Any], body: Any) -> None:
    """Keep the richest answer of each shape."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name and len(json.dumps(body)) > len(json.dumps(seen.get(name))):
        seen[name] = body


def recorded(seen: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What is written: of the shapes whose classes name no example."""
    before = json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.is_file() else {}
    schemas = document["components"]["schemas"]
    return {name: seen[name] for name in sorted(seen) if name in before or not schemas[name].get("examples")}


def unlike(label: str, examples: list[Any], body: Any) -> list[str]:
    """Where an example shows other members than the application answers with."""
    if not examples:
        return [f"{label}: no example of the answer"]
    if not isinstance(body, dict):
        return []
    return [
        f"{label}: the example and the answer differ in {sorted(set(one) ^ set(body))}"
        for one in examples[:1]
        if set(one) != set(body)
    ]
