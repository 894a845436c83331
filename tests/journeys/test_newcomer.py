"""(n) A newcomer checks a bad file without signing in, mends it by what the page says, sees it clean, and files it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app.database import Database
from tests.factories.world import PASSWORD, World
from tests.intake.arrivals import counted, grown
from tests.journeys.roads import packed, state, upload_documents

MENDED = {
    b"<Surprise>1</Surprise>": b"",
    b'<TotalGrossMassMeasure unitCode="KGM">9999<': b'<TotalGrossMassMeasure unitCode="KGM">4860<',
    b"<DeclarationOfficeID>99999<": b"<DeclarationOfficeID>06533<",
}
"""What is wrong with the newcomer's file, and what it says once it is mended."""


def _check(browser: FlaskClient, body: bytes) -> Any:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/check?lang=en").text)
    assert token
    fields = {"csrf_token": token[1], "on": "", "package": (io.BytesIO(body), "mine.xml")}
    answer = browser.post("/check", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


@pytest.fixture
def package(world: World) -> bytes:
    """The newcomer's good package; what it needs in the library is there."""
    made = packed("bicycles")
    if made.files:
        upload_documents(world.vera, made)
    return made.xml


def _spoilt(package: bytes) -> bytes:
    for wrong, right in MENDED.items():
        package = (
            package.replace(right, wrong, 1) if right else package.replace(b"<TypeCode>IM", wrong + b"<TypeCode>IM")
        )
    return package.replace(b"><", b">\n<")


def test_a_newcomer_checks_mends_and_files(app: Flask, world: World, database: Database, package: bytes) -> None:
    browser, body = app.test_client(), _spoilt(package)
    before = counted(database)

    # The start page leads to the check, nobody asks who she is, and all of it is told at once.
    assert html.fromstring(browser.get("/?lang=en").text).xpath("//main//a[@href='/check']")
    page = _check(browser, body)
    assert "Error" not in page.findtext(".//title")
    assert "3 things to mend" in page.text_content()
    assert {one.text for one in page.xpath("//pre//mark")} == {"<Surprise>", "9999", "99999"}

    # Each fault stands on its line of her file; she mends them one by one and checks again after each.
    for wrong, right in MENDED.items():
        tag = re.match(rb"<(\w+)", wrong)
        assert tag
        shown = page.xpath(f"//pre[contains(., '<{tag[1].decode()}')]")
        assert shown, tag[1]
        line = int(shown[0].xpath("./span")[0].text)
        assert tag[0] in body.split(b"\n")[line - 1]
        body = body.replace(wrong, right, 1) if right else body.replace(b"<Surprise>1</Surprise>\n", b"")
        page = _check(browser, body)

    assert page.xpath("//h2[@id='verdict'][contains(., 'Clean')]")
    assert "Customs" in page.text_content()
    assert grown(before, counted(database)) == {}, "what is checked leaves no trace"

    # The button leads to the upload page by way of the sign-in.
    (button,) = page.xpath("//section[contains(@class, 'verdict')]//a[contains(@class, 'btn')]")
    asked = browser.get(button.get("href"))
    assert asked.status_code == 302
    assert "next=" in asked.headers["Location"]
    signing = browser.get(asked.headers["Location"])
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', signing.text)
    assert token
    form = {"csrf_token": token[1], "email": world.vera.email, "password": PASSWORD}
    answer = browser.post(asked.headers["Location"], data=form)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/file")

    page = html.fromstring(browser.get("/file").text)
    token = page.xpath("//form[@action='/file']//input[@name='csrf_token']/@value")
    sent = {"csrf_token": token[0], "package": (io.BytesIO(body), "mine.xml")}
    filed = browser.post("/file", data=sent, content_type="multipart/form-data")
    assert filed.headers["Location"].startswith("/packages/"), filed.headers["Location"]
    world.vera.sign_in()
    assert state(world.vera, filed.headers["Location"])["status"] == "under-review"
