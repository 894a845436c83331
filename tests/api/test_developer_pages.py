"""The pages for developers: open to anyone, in three languages, telling what the code is; feeds and status for machines."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app.api import changelog, dating
from app.declarations import structure
from app.documents import storage
from app.errors import Unavailable
from app.rehearsal import magic
from app.webhooks.knowledge import KNOWN

PAGES = ("/developers", "/developers/api", "/developers/api/documents", "/developers/schema", "/developers/webhooks",
         "/developers/test-mode", "/developers/offline", "/developers/changelog", "/status")  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_a_page_is_open_and_has_its_places(client: FlaskClient, address: str, language: str) -> None:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    page = html.fromstring(answer.text)
    assert page.get("lang") == language
    assert len(page.xpath("//h1")) == 1
    here = [one.get("href") for one in page.xpath("//main/nav[1]//a[@aria-current='page']")]
    assert here == [address if address != "/developers/api/documents" else "/developers/api"]
    assert not page.xpath("//main//*[@style]|//main//script[not(@src)]")


def test_every_link_of_these_pages_leads_somewhere(client: FlaskClient) -> None:
    seen: set[str] = set()
    for address in (*PAGES, "/developers/schema?q=code"):
        page = html.fromstring(client.get(address).text)
        ids = set(page.xpath("//@id"))
        for href in page.xpath("//main//a/@href"):
            path, _, anchor = href.partition("#")
            if not path:
                assert anchor in ids, f"{href} on {address}"
            elif path.startswith("/") and path not in seen:
                seen.add(path)
                with client.get(path) as answer:
                    assert answer.status_code in (200, 302, 303), f"{path} on {address}"


def test_lines_of_code_can_be_reached_by_keyboard_and_have_a_name(client: FlaskClient) -> None:
    for address in PAGES:
        for pre in html.fromstring(client.get(address).text).xpath("//pre"):
            assert pre.get("tabindex") == "0"
            assert pre.get("aria-label")
            assert pre.get("translate") == "no"


# --- schema -------------------------------------------------------------------------------------------------------


def test_every_element_has_a_page(client: FlaskClient) -> None:
    for path in list(structure.nodes())[::25]:
        page = html.fromstring(client.get("/developers/schema", query_string={"at": path}).text)
        assert page.xpath("//h2[@id='element']")[0].text_content() == path.rpartition("/")[2]
        assert [one.get("href") for one in page.xpath("//nav[@class='tree']//a[@aria-current]")]
    for nowhere in ("/Nothing", "x" * 500, "/Declaration/../.."):
        assert client.get("/developers/schema", query_string={"at": nowhere}).status_code == 404


def test_an_element_shows_its_rules_and_its_words(client: FlaskClient) -> None:
    at = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Classification/ID"
    text = client.get("/developers/schema", query_string={"at": at}, headers={"Accept-Language": "en"}).text
    for said in ("42A/67A/68A/23A/21A/145", "CODE-LENGTH", "Goods code", "an..18"):
        assert said in text


def test_a_search_finds_by_words_of_each_language_and_says_when_nothing_is(client: FlaskClient) -> None:
    for language, words in (("be", "ТН ЗЭД"), ("ru", "тн вэд"), ("en", "goods code")):
        text = client.get("/developers/schema", query_string={"q": words}, headers={"Accept-Language": language}).text
        assert "Classification/ID" in text, language
    answer = client.get("/developers/schema", query_string={"q": "<script>"}, headers={"Accept-Language": "en"})
    assert "No element is called that" in answer.text
    assert "<script>" not in html.tostring(html.fromstring(answer.text).xpath("//main")[0]).decode()


# --- what they tell -----------------------------------------------------------------------------------------------


def test_events_and_endings_are_those_of_the_code(client: FlaskClient) -> None:
    webhooks = client.get("/developers/webhooks").text
    assert all(f"<code>{name}</code>" in webhooks for name in KNOWN)
    assert "def verify(" in webhooks
    endings = client.get("/developers/test-mode").text
    assert all(f"…-{ending}" in endings for ending in magic.OUTCOMES)


def test_changes_as_page_and_feeds(client: FlaskClient) -> None:
    page = client.get("/developers/changelog", headers={"Accept-Language": "be"}).text
    for one in changelog.entries():
        assert f'id="{one.id}"' in page
    feed = client.get("/developers/changelog.json")
    assert feed.mimetype == "application/feed+json"
    assert feed.get_json()["feed_url"].endswith("/developers/changelog.json")
    atom = client.get("/developers/changelog.atom")
    assert atom.mimetype == "application/atom+xml"
    assert atom.data.startswith(b"<?xml")


def test_no_such_resource(client: FlaskClient) -> None:
    assert client.get("/developers/api/nothing").status_code == 404


# --- status -------------------------------------------------------------------------------------------------------


def test_status_without_a_worker_and_with_one(client: FlaskClient, worker) -> None:
    before = client.get("/status.json").get_json()
    assert before["version"] == dating.CURRENT
    assert before["history"] is None
    assert (before["status"], before["services"]["filing"], before["services"]["clearances"]) == (
        "late",
        "works",
        "late",
    )
    worker.drain()
    after = client.get("/status.json").get_json()
    assert (after["status"], set(after["services"].values())) == ("works", {"works"})
    assert "Every service works." in client.get("/status", headers={"Accept-Language": "en"}).text


def test_status_when_the_store_cannot_be_written(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise Unavailable("full")

    with app.app_context():
        monkeypatch.setattr(storage.store(), "check", broken)
    found = client.get("/status.json").get_json()
    assert (found["status"], found["services"]["filing"], found["services"]["pages"]) == ("down", "down", "works")
    assert client.get("/status").status_code == 200
