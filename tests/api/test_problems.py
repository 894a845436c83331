"""Every code that a refusal can carry is in the one table and has its page; what pydantic finds is told in our words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pydantic import Field, ValidationError

from app.api import problem, validation
from app.api.problem_codes import CODES
from app.api.shapes import Moment, Shape
from config import ROOT

APP = ROOT / "app"
TYPED = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def spoken(tree: ast.AST) -> set[str]:
    """The codes that the calls of ``problem.problem`` (or ``problem``) in a module name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "problem" and len(node.args) >= 2:
            found |= {one.value for one in _choices(node.args[1])}
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _choices(said: ast.expr) -> list[Any]:
    if isinstance(said, ast.IfExp):
        return [*_choices(said.body), *_choices(said.orelse)]
    return [said] if isinstance(said, ast.Constant) else []


def facts(tree: ast.AST) -> set[str]:
    """The closer codes that refusals carry in their facts: ``Conflict(…, {"code": "AMEND-CLOSED"})``."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in ("Conflict", "Stale") and len(node.args) > 1:
            for key, value in _pairs(node.args[1]):
                if isinstance(key, ast.Constant) and key.value == "code" and isinstance(value, ast.Constant):
                    found.add(value.value.lower())
    return found


def _pairs(said: ast.expr) -> list[tuple[Any, Any]]:
    return list(zip(said.keys, said.values, strict=True)) if isinstance(said, ast.Dict) else []


def modules() -> list[Path]:
    return sorted(APP.rglob("*.py"))


@pytest.mark.pure
def test_every_code_of_the_code_base_is_in_the_table() -> None:
    found = {code for _kind, code in problem.KINDS} | {"refused", "our-mistake", "http-error"}
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= facts(tree)
        if path.is_relative_to(APP / "api"):
            found |= spoken(tree)
    assert found - set(CODES) == set()
    unspoken = {code for code in CODES if not code.startswith("http-")} - found
    assert unspoken == set(), "the table holds no code that nothing answers"


@pytest.mark.pure
def test_every_code_is_told_in_three_languages() -> None:
    for code, one in CODES.items():
        assert TYPED.fullmatch(code)
        assert all(400 <= status < 600 for status in one.statuses)
        for text in (one.title, one.meaning, one.remedy):
            assert set(text) == {"be", "ru", "en"}
            assert all(words.strip() for words in text.values())
            assert text["be"] != text["en"]
            assert text["ru"] != text["be"]


def test_the_type_of_a_problem_leads_to_its_page(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/receipts")
    body = answer.get_json()
    assert body["code"] == "key-needed"
    base = app.extensions["akno.settings"].base_url
    page = app.test_client().get(body["type"].removeprefix(base))
    assert page.status_code == 200
    assert all(CODES["key-needed"].meaning[language] in page.text for language in ("be", "ru", "en"))


def test_every_code_has_its_page_and_stands_on_the_list(app: Flask) -> None:
    client = app.test_client()
    listed = client.get("/problems").text
    for code in CODES:
        assert f'id="{code}"' in listed
        assert client.get(f"/problems/{code}").status_code == 200
    assert client.get("/problems/nothing").status_code == 404


@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_title_and_detail_speak_the_language_that_is_asked_for(app: Flask, language: str) -> None:
    answer = app.test_client().get("/api/v1/receipts", headers={"Accept-Language": language})
    assert answer.headers["Content-Language"] == language
    assert answer.get_json()["title"] == CODES["key-needed"].title[language]


@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_no_english_of_the_framework_is_told(app: Flask, language: str) -> None:
    answer = app.test_client().get("/api/v1/nothing-of-ours", headers={"Accept-Language": language})
    assert answer.get_json()["detail"] == CODES["http-404"].remedy[language]


class Sample(Shape):
    """Every kind of member that a request can have."""

    whole: int = Field(ge=1, le=9)
    text: str = Field("", max_length=3)
    flag: bool = False
    at: Moment | None = None
    rows: list[str] = Field(default_factory=list, max_length=2)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("said", "pointer", "words"),
    [
        ({}, "/whole", "needed"),
        ({"whole": 0}, "/whole", "from 1 to"),
        ({"whole": 10}, "/whole", "to 9"),
        ({"whole": "x"}, "/whole", "whole number"),
        ({"whole": 1, "text": "abcd"}, "/text", "at most 3"),
        ({"whole": 1, "text": 5}, "/text", "text"),
        ({"whole": 1, "flag": "perhaps"}, "/flag", "true or false"),
        ({"whole": 1, "at": "yesterday"}, "/at", "moment"),
        ({"whole": 1, "at": "2026-11-22T09:30:00"}, "/at", "time zone"),
        ({"whole": 1, "at": "0001-01-01T00:00:00+14:00"}, "/at", "moment"),
        ({"whole": 1, "rows": "x"}, "/rows", "list"),
        ({"whole": 1, "rows": ["a", 5]}, "/rows/1", "text"),
        ({"whole": 1, "rows": ["a", "b", "c"]}, "/rows", "at most 2"),
        ({"whole": 1, "a/b~c": 5}, "/a~1b~0c", "does not know"),
        ({"whole": 1, "text": "\ud800"}, "", "no language"),
        ({"whole": 1, "rows": ["\0"]}, "", "no language"),
        (None, "", "object"),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(said: Any, pointer: str, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Sample.model_validate(said)
    (fault,) = validation.faults(refusal.value)
    assert fault.pointer == pointer
    assert words in fault.message["en"]
    assert set(fault.message) == set(fault.remedy) == {"be", "ru", "en"}
    assert "%(" not in str(fault.message)
    fault.value.encode()
