"""The public page "What do I need?": a question in the address, the answer of the law, nothing stored."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from lxml import html

BEEF = "hs=0201300000&direction=import&origin=UA&procedure=40&on=2026-11-22"


@pytest.fixture
def ask(app: Flask) -> Any:
    """Ask the page in English; returns (status, tree)."""

    def asking(query: str) -> tuple[int, html.HtmlElement]:
        answer = app.test_client().get(f"/measures?lang=en&{query}")
        return answer.status_code, html.fromstring(answer.text)

    return asking


def agencies(page: html.HtmlElement) -> list[str]:
    return [one.text_content() for one in page.xpath("//div[@class='lane']//strong")]


def test_anyone_may_ask(ask: Any) -> None:
    status, page = ask("")
    assert status == 200
    assert page.xpath("//h1")[0].text_content() == "What do I need?"
    assert not agencies(page)


def test_beef_needs_a_veterinarian_and_customs(ask: Any) -> None:
    status, page = ask(BEEF)
    assert status == 200
    assert agencies(page) == ["Veterinary supervision", "Customs"]
    said = page.text_content()
    assert "01201" in said
    assert "Decision 317" in said


def test_bicycles_need_customs_only(ask: Any) -> None:
    status, page = ask("hs=8712003000&direction=import&origin=CN")
    assert status == 200
    assert agencies(page) == ["Customs"]
    assert "Veterinary supervision" in page.xpath("//dl[@class='reasons']")[0].text_content()


def test_an_answer_can_change_the_lanes(ask: Any) -> None:
    _status, before = ask("hs=0603110000&direction=import&origin=NL")
    flags = before.xpath("//input[@name='yes']/@value")
    assert flags
    status, after = ask(f"hs=0603110000&direction=import&origin=NL&yes={flags[0]}")
    assert status == 200
    assert after.xpath(f"//input[@value='{flags[0]}']/@checked")


def test_words_find_codes(ask: Any) -> None:
    status, page = ask("hs=bicycles")
    assert status == 200
    assert any("8712" in link for link in page.xpath("//a/@href"))
    assert "Nothing found" in ask("hs=qwertyzzz")[1].text_content()


def test_countries_may_be_named(ask: Any) -> None:
    status, page = ask("hs=0201300000&direction=import&origin=Украина")
    assert status == 200
    assert page.xpath("//input[@name='origin']/@value") == ["UA"]


@pytest.mark.parametrize(
    ("query", "box"), [("hs=1", "hs"), ("hs=0201&origin=Narnia", "origin"), ("hs=0201&on=31.31.2026", "on")]
)
def test_what_cannot_be_asked_is_said_at_the_box(ask: Any, query: str, box: str) -> None:
    status, page = ask(query)
    assert status == 422
    assert page.xpath(f"//input[@id='{box}']/@aria-invalid") == ["true"]
    assert page.xpath("//div[@class='summary']//a/@href") == [f"#{box}"]
