"""Questions of agencies by the API: read, answered with words, a document or a value, and told where an answer does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.api.machine import Machine
from tests.api.test_door import problem
from tests.intake import test_answering as answers
from tests.intake.arrivals import DOOR


@pytest.fixture
def monday() -> Iterator[None]:
    with time_machine.travel(answers.MONDAY, tick=False):
        yield


@pytest.fixture
def asked(app: Flask, monday: None) -> tuple[Machine, str]:
    """Anna's package with a question about its veterinary certificate."""
    key = answers.file_package(app)
    answers.ask(app, key)
    return Machine(app, "anna"), f"{DOOR}/{key}"


def test_a_question_is_answered_with_words(asked: tuple[Machine, str]) -> None:
    anna, package = asked
    (row,) = anna.get(f"{package}/questions").get_json()["rows"]
    assert (row["number"], row["status"], row["wanted"]) == (1, "open", ["01201"])
    shown = anna.get(row["link"])
    assert shown.get_json()["sign_text"] == "Page two is missing."
    assert "Olga" not in shown.text
    answer = anna.post(f"{row['link']}/answers", {"version": 1, "text": "It is on the back."})
    assert answer.status_code == 201, answer.text
    body = answer.get_json()
    assert (body["status"], body["answer_version"]) == ("answered", None)
    assert [one["side"] for one in body["messages"]] == ["agency", "trader"]
    assert problem(anna.post(f"{row['link']}/answers", {"version": 1, "text": "Again."}), 409)["code"] == "conflict"


def test_a_document_in_place_of_the_old_one_makes_a_version(asked: tuple[Machine, str], app: Flask) -> None:
    anna, package = asked
    with answers.inside(app):
        file = answers.certificate(app).file
        assert file is not None
        document = str(file.id)
    said = {
        "version": 1,
        "documents": [
            {"type": "01201", "number": "UA-VET-26-771299", "document_id": document, "issued": "2026-11-20", "item": 1, "replaces": 2}
        ],
    }  # fmt: skip
    answer = anna.post(f"{package}/questions/1/answers", said)
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["answer_version"] == 2
    assert answer.get_json()["messages"][1]["files"][0]["number"] == "UA-VET-26-771299"
    assert b"UA-VET-26-771299" in anna.get(f"{package}/versions/2/xml").data


def test_a_value_that_was_asked_about_is_mended(app: Flask, monday: None) -> None:
    key = answers.file_package(app)
    answers.ask(
        app, key, path=f"{answers.ITEM}/Commodity/GoodsMeasure/NetNetWeightMeasure", none_wanted=True, wanted=()
    )
    anna, package = Machine(app, "anna"), f"{DOOR}/{key}"
    place = anna.get(f"{package}/questions/1").get_json()["path"]
    assert place.endswith("NetNetWeightMeasure")
    told = problem(anna.post(f"{package}/questions/1/answers", {"version": 1, "value": "much"}), 422)
    assert place in {one["xpath"] for one in told["errors"]}
    assert (
        problem(anna.post(f"{package}/questions/1/answers", {"version": 2, "value": "7999.5"}), 412)["code"] == "stale"
    )
    answer = anna.post(f"{package}/questions/1/answers", {"version": 1, "value": "7999.5", "text": "A slip."})
    assert answer.status_code == 201, answer.text
    assert b"7999.5" in anna.get(f"{package}/versions/2/xml").data


@pytest.mark.parametrize(
    ("said", "status", "pointer"),
    [
        ({}, 400, "/version"),
        ({"version": 1}, 422, "/text"),
        ({"version": 1, "text": "x" * 4001}, 400, "/text"),
        ({"version": 1, "value": "x"}, 422, "/value"),
        ({"version": 1, "unit": "KGM"}, 422, "/value"),
        ({"version": 1, "text": "a\0b"}, 400, ""),
        ({"version": 1, "text": "x", "documents": [{"type": "01201"}]}, 400, "/documents/0/number"),
        ({"version": 1, "documents": [{"type": "01201", "number": "1", "document_id": "0" * 32}]}, 422, "/documents/0/document_id"),
        ({"version": 1, "documents": [{"type": "01201", "number": "1", "item": 999}]}, 422, "/where"),
        ({"version": 10**30, "text": "x"}, 400, "/version"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_told_at_its_place(
    asked: tuple[Machine, str], said: dict[str, Any], status: int, pointer: str
) -> None:
    anna, package = asked
    body = problem(anna.post(f"{package}/questions/1/answers", said), status)
    assert pointer in {one["pointer"] for one in body["errors"]}
    assert anna.get(f"{package}/questions/1").get_json()["status"] == "open"


def test_an_answer_that_is_no_json_is_told(asked: tuple[Machine, str]) -> None:
    anna, package = asked
    for body in (b"", b"{", b"[]", b'"x"', b"\xff", b"1"):
        told = problem(anna.post(f"{package}/questions/1/answers", body, Content_Type="application/json"), 400)
        assert told["code"] == "request"
    assert problem(anna.post(f"{package}/questions/2/answers", {"version": 1, "text": "x"}), 404)
    assert problem(anna.get(f"{package}/questions/{10**30}"), 404)
