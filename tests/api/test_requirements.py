"""The public answers of the API: what goods need, and their codes by words; kept by caches, the same as the page."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import html

from app.api.requirements_shapes import FoundShape, RequirementsShape

BEEF = "/api/v1/requirements?hs=0201300000&direction=import&origin=UA&on=2026-11-22"


def test_anyone_learns_what_beef_needs(client: FlaskClient) -> None:
    found = RequirementsShape.model_validate(client.get(BEEF).get_json())
    assert [lane.agency for lane in found.triggered] == ["BY-DVPN", "BY-GTK"]
    assert found.triggered[0].measures[0].law.be != found.triggered[0].measures[0].law.en
    assert {one.agency for one in found.not_triggered} >= {"BY-GGISKZR", "BY-MPR"}
    assert all(reason.text.ru for one in found.not_triggered for reason in one.reasons)
    certificate = next(one for one in found.documents if one.one_of == [["01201"]])
    assert certificate.kinds[0].twins == ["853"]
    assert certificate.how.en


def test_the_page_says_the_same(client: FlaskClient) -> None:
    data = client.get(BEEF).get_json()
    page = html.fromstring(client.get("/measures?lang=en&" + BEEF.partition("?")[2]).text)
    assert [one.text_content() for one in page.xpath("//div[@class='lane']//strong")] == [
        lane["name"]["en"] for lane in data["triggered"]
    ]


def test_caches_keep_it_and_hear_304(client: FlaskClient) -> None:
    first = client.get(BEEF)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(BEEF, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(BEEF + "&yes=USED")
    assert other.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("hs", ["0603110000", "3915100000", "7204499000", "8703", "2402", "93", "0106190000", "2903"])
@pytest.mark.parametrize("direction", ["import", "export", "transit"])
def test_every_answer_has_the_shape_that_is_described(client: FlaskClient, hs: str, direction: str) -> None:
    answer = client.get(f"/api/v1/requirements?hs={hs}&direction={direction}&origin=DE&destination=RU")
    assert answer.status_code == 200, answer.text
    RequirementsShape.model_validate(answer.get_json())


def test_what_cannot_be_asked_is_said_place_by_place(client: FlaskClient) -> None:
    answer = client.get("/api/v1/requirements?hs=1&origin=Narnia&on=x", headers={"Accept-Language": "be"})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "request")
    assert {one["pointer"] for one in answer.get_json()["errors"]} == {"/hs", "/origin", "/on"}
    assert {one["message_lang"] for one in answer.get_json()["errors"]} == {"be"}
    assert client.get("/api/v1/requirements").status_code == 400
    assert client.get("/api/v1/requirements?hs=8712&colour=red").status_code == 400
    assert "no-store" in answer.headers["Cache-Control"]


def test_goods_are_found_by_words_in_three_languages(client: FlaskClient) -> None:
    for words in ("bicycles", "велосипеды", "ровары", "8712"):
        found = FoundShape.model_validate(client.get(f"/api/v1/goods?q={words}").get_json())
        assert found.rows[0].code == "8712"
        assert found.every_word
    assert client.get("/api/v1/goods?q=qwertyzzz").get_json()["rows"] == []
    assert client.get("/api/v1/goods?q=").status_code == 400
    assert client.get("/api/v1/goods?q=8712&limit=1").get_json()["rows"][0]["link"] == "/api/v1/requirements?hs=8712"
