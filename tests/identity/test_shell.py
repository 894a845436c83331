"""The frame of every page: headers, language, title, no inline script or style, navigation by role."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from app import shell
from config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", ["/", "/sign-in", "/account", "/no-such-page", "/static/site.css"])
def test_headers_on_every_page(browser, path):
    with browser.open(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    if not path.startswith("/static"):
        assert headers["Cache-Control"] == "no-store"


def test_no_template_has_inline_script_style_or_a_foreign_address():
    pages = [file for file in TEMPLATES if "paper" not in file.parts]
    assert pages
    for file in pages:
        text = re.sub(r"\{[#%{].*?[#%}]\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), file
        assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text), file
        assert not re.search(r"(?:src|href)\s*=\s*[\"']https?://", text), file
        assert not re.search(r"<(?:input|select|textarea)[^>]*\srequired", text), file


def test_everything_a_page_loads_is_ours(browser):
    text = browser.open("/").text
    loaded = re.findall(r'(?:src|href)="([^"]+\.(?:css|js|svg)[^"]*)"', text)
    assert loaded
    for address in loaded:
        assert address.startswith("/")
        with browser.open(address) as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize(("code", "words"), [("be", 'lang="be"'), ("ru", 'lang="ru"'), ("en", 'lang="en"')])
def test_language_switch_keeps_the_page_and_the_choice(browser, code, words):
    page = browser.open(f"/sign-in?next=/account&lang={code}").text
    assert f"<html {words}>" in page
    assert "next=%2Faccount" in page
    assert f"<html {words}>" in browser.open("/").text


def test_an_unknown_language_changes_nothing(browser):
    assert browser.open("/?lang=xx").status_code == 200


def test_a_person_reads_in_their_own_language(someone):
    anna = someone("anna")
    assert anna.send("/account/language", {"language": "be"}, page="/account").status_code == 303
    assert '<html lang="be">' in anna.open("/account").text


def test_navigation_shows_only_what_is_yours_and_exists(someone, app):
    doors = app.url_map.bind("localhost")
    ada = someone("ada").open("/organisations").text
    assert 'href="/people"' in ada
    assert 'href="/mandates"' not in ada
    anna = someone("anna").open("/mandates").text
    assert re.search(r'href="/mandates" aria-current="page"', anna)
    assert 'href="/organisations"' not in anna
    for page in (ada, anna):
        for address in re.findall(r'<a href="(/[^"?]*)"', page):
            assert doors.test(address, "GET"), address


def test_errors_speak_plainly(browser):
    page = browser.open("/no-such-page")
    assert page.status_code == 404
    assert "There is nothing at this address" in page.text
    stale = browser.client.post("/sign-in", data={})
    assert stale.status_code == 400
    assert "This page was open too long" in stale.text
    assert not re.search(r"\b(please|invalid|oops|illegal)\b", page.text + stale.text, re.I)


def test_figures_as_the_reader_writes_them(app):
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert shell.number(Decimal("18400.50")) == "18\u202f400,5"
        assert shell.number(-3) == "\N{MINUS SIGN}3"
        assert shell.number(None) == ""
        assert shell.number(Decimal("1E+3")) == "1\u202f000"
        assert shell.money(SimpleNamespace(value=Decimal("118240"), currency="EUR")) == "118\u202f240,00 EUR"
        assert shell.mass(SimpleNamespace(value=Decimal("42310.000"), unit="KGM")) == "42\u202f310\u202fkg"
        assert shell.day(date(2026, 11, 22)) == "22 November 2026"
        evening = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
        assert shell.moment(evening, "short") == "23.11.2026 00:30"
        assert shell.day(evening, "short") == "23.11.2026"
        assert shell.day(date(2026, 11, 22), language_code="be") == "22 лістапада 2026"
        assert shell.t({"be": "так", "ru": "да", "en": "yes"}) == "yes"


PAGES = {
    "anna": ("/account", "/account/keys", "/hats", "/mandates", "/mandates/new"),
    "nina": ("/account", "/hats", "/mandates"),
    "boris": ("/account", "/account/keys", "/mandates"),
    "olga": ("/account", "/hats"),
    "ada": ("/account", "/organisations", "/organisations/new", "/people", "/people/new"),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_for_whom_it_is_meant_with_nothing_in_it(someone, name):
    browser = someone(name)
    for path in PAGES[name]:
        answer = browser.open(path)
        assert answer.status_code == 200, path
        assert answer.text.count("<h1") == 1, path
        assert re.search(r"<title>.+ · Akno</title>", answer.text), path


def test_every_entry_of_the_head_is_a_page_of_ours(app):
    doors = app.url_map.bind("localhost")
    missing = [entry.path for entry in (*shell.NAV, *shell.FOOT) if not doors.test(entry.path, "GET")]
    assert missing == []
