"""The OpenAPI document is whole: names, tags, security, headers, examples, references, and nothing undescribed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from pydantic import BaseModel

from app.api import document as made
from app.api.document import HEADERS

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/openapi.json")
    assert answer.status_code == 200
    return dict(answer.get_json())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert method in METHODS
            yield path, method, operation


def test_it_is_a_document_of_this_kind(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.")
    assert tuple(map(int, document["openapi"].split("."))) >= (3, 1)
    assert document["info"]["title"] == "Akno"
    assert document["servers"][0]["url"]
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_every_operation_has_a_name_words_a_tag_and_says_who_may_ask(document: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for _path, _method, operation in operations(document))
    assert [name for name, count in names.items() if count > 1] == []
    tags = {tag["name"]: tag.get("description") for tag in document["tags"]}
    assert all(tags.values())
    for _path, _method, operation in operations(document):
        assert operation["summary"]
        assert set(operation["tags"]) <= set(tags)
        assert operation["security"] in ([{"key": []}], [{}, {"key": []}])


def test_every_operation_that_is_served_is_described(app: Flask, document: dict[str, Any]) -> None:
    served = {
        (re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == {(path, method) for path, method, _operation in operations(document)}


def test_every_parameter_of_a_path_is_described(document: dict[str, Any]) -> None:
    for path, _method, operation in operations(document):
        said = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
        assert said == set(re.findall(r"\{(\w+)\}", path)), path
        every = [(one["in"], one["name"].lower()) for one in operation.get("parameters", ())]
        assert len(every) == len(set(every)), path


def test_every_answer_names_its_headers_and_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            where = f"{method} {path} {status}"
            assert answer["description"], where
            assert set(HEADERS) <= set(answer["headers"]), where
            if status >= "400":
                assert "application/problem+json" in answer["content"], where
        assert {"400", "429", "500", "503"} <= set(operation["responses"])
        assert "Retry-After" in operation["responses"]["429"]["headers"]
        if "requestBody" in operation:
            assert "413" in operation["responses"]


def test_every_reference_leads_somewhere_and_no_two_shapes_have_one_name(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for kind, name in re.findall(r'"#/components/(\w+)/([^"]+)"', text):
        assert name in document["components"][kind], name
    shapes = Counter(one.__name__ for one in made._kinds(BaseModel) if one.__module__.startswith("app.api"))
    assert [name for name, count in shapes.items() if count > 1] == []
    assert "<br/>" not in text


def test_every_schema_is_one(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        whole = schema | {
            "components": document["components"],
            "$schema": "https://json-schema.org/draft/2020-12/schema",
        }
        jsonschema_rs.meta.validate(schema)
        validator = jsonschema_rs.Draft202012Validator(whole)
        for example in schema.get("examples", ()):
            assert validator.is_valid(example), f"an example of {name} is none: {example}"


def test_what_has_a_default_may_be_left_out_of_a_request(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["AnswerAsked"]["required"] == ["version"]
    assert schemas["PaperAsked"]["required"] == ["type", "number"]
    assert "next" in schemas["PackagesShape"]["required"]


def test_filing_says_all_that_a_client_must_know(document: dict[str, Any]) -> None:
    filing = document["paths"]["/api/v1/declarations"]["post"]
    headers = {one["name"]: one for one in filing["parameters"] if one["in"] == "header"}
    assert headers["Idempotency-Key"]["required"] is True
    assert headers["Idempotency-Key"]["schema"]["maxLength"] == 255
    assert {"X-File-Name", "X-Second-Consignment", "Accept-Language"} <= set(headers)
    assert {"application/xml", "application/zip"} <= set(filing["requestBody"]["content"])
    assert {"201", "400", "409", "422"} <= set(filing["responses"])
    assert {"Location", "Idempotent-Replayed"} <= set(filing["responses"]["201"]["headers"])
    assert "<Declaration" in filing["requestBody"]["content"]["application/xml"]["example"]
