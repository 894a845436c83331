"""The OpenAPI document as people read it: types in words, lines of curl, shapes that a page needs."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from flask import Flask
from flask_openapi import OpenAPI

from app.api import describing
from app.api.document import document


@pytest.fixture
def made(app: Flask) -> dict[str, Any]:
    assert isinstance(app, OpenAPI)
    with app.test_request_context():
        return document(app)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date"}, "string (date)"),
        ({"type": "integer", "minimum": 1, "maximum": 1000}, "integer 1–1000"),
        ({"type": "integer", "minimum": 0}, "integer ≥ 0"),
        ({"type": "string", "maxLength": 40}, "string ≤ 40 characters"),
        ({"type": "string", "minLength": 1, "maxLength": 40}, "string 1–40 characters"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/GoodsShape"}}, "list of GoodsShape"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string | null"),
        ({"enum": ["a", "b"]}, '"a" | "b"'),
        ({"const": 1}, "1"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "object of string"),
        ({"type": "object"}, "object"),
        ({}, "any"),
    ],
)
def test_types_in_words(schema: dict[str, Any], words: str) -> None:
    assert describing.kind_of(schema) == words


def test_every_operation_is_described_once(made: dict[str, Any]) -> None:
    every = describing.operations(made)
    assert len({one.id for one in every}) == len(every)
    assert sorted(one.id for one in every) == sorted(
        one.id for name, _words in describing.tags(made) for one in describing.operations(made, name)
    )
    for one in every:
        assert one.summary, one.id
        assert list(one.good), one.id
        assert all(parameter.words or parameter.place == "path" for parameter in one.parameters), one.id


def test_lines_of_curl_are_lines_of_a_shell(made: dict[str, Any]) -> None:
    for one in describing.operations(made):
        words = shlex.split(one.curl)
        assert words[0] == "curl", one.id
        assert ("Authorization: Bearer $AKNO_KEY" in words) == one.needs_key, one.id
        assert "{" not in words[words.index(next(w for w in words if w.startswith("$AKNO")))], one.id
        missing = [
            p.name
            for p in one.parameters
            if p.required and p.place == "header" and not any(w.startswith(p.name) for w in words)
        ]
        assert missing == [], one.id


def test_every_shape_that_a_page_names_stands_on_it(made: dict[str, Any]) -> None:
    for name, _words in describing.tags(made):
        shown = describing.operations(made, name)
        shapes = {one.name: one for one in describing.shapes_of(made, shown)}
        named = {
            content.shape for one in shown for answer in one.answers for content in answer.contents if content.shape
        }
        named |= {inner for shape in shapes.values() for member in shape.members for inner in member.shapes}
        assert named <= set(shapes), name


@pytest.mark.pure
def test_a_description_with_points() -> None:
    made = {
        "paths": {"/x": {"get": {"operationId": "x", "summary": "Ask.", "description": "One:\n* a b\n  c;\n* d.\n\nTwo.", "responses": {"200": {}}}}},
        "components": {"schemas": {}},
    }  # fmt: skip
    (one,) = describing.operations(made)
    assert [(part.text, part.points) for part in one.paragraphs] == [("One:", ("a b c;", "d.")), ("Two.", ())]
    assert (one.summary, one.needs_key) == ("Ask", True)
