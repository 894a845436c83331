"""S-XSS: code in every text of a package, of an address and of a header, seen by everybody who sees it: always as text."""

from __future__ import annotations

import csv
import html as entities
import io
import itertools
import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app.database import Database
from tests.factories.world import World
from tests.hostile.payloads import PAYLOADS, broken
from tests.intake.arrivals import bearer, key_of, relabelled
from tests.journeys.roads import file_bytes, packed, state

FIELDS = (
    rb"(<Name>)Tianjin Jinlun Cycle Co Ltd(<)", rb"(<CityName>)Tianjin(<)", rb"(<Line>)88 Huaihe Road(<)",
    rb"(<Description>)[^<]*(<)", "(<Name>)СЭЗ Мінск, склад 4(<)".encode(), rb"(<Name>)CMR(<)", "(<LocationName>)Мінск(<)".encode(),
    rb"(<ID>)BH 2210-5(<)",
)  # fmt: skip
"""The texts of a package that a trader may write as he likes."""
LONGEST = {1: 35, 5: 35, 7: 35}


PACKAGES = 8
"""So many packages of so many texts: each payload stands in two of them, in other fields."""


def bent(number: int) -> bytes:
    """A package in whose every free text another payload stands, as far as it fits."""
    made = relabelled(packed("bicycles").xml, f"XSS-{number}")
    for at, field in enumerate(FIELDS):
        payload = PAYLOADS[(number * 4 + at * 5) % len(PAYLOADS)]
        said = entities.escape(payload[: LONGEST.get(at, 70)], quote=False).encode()
        made, found = re.subn(field, lambda match, said=said: match[1] + said + match[2], made)
        assert found, field
    return made


def words(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def judge(answer: Any, where: str) -> None:
    assert answer.status_code < 500, where
    if answer.mimetype == "text/html":
        assert broken(answer.text) == [], where
    elif answer.mimetype == "text/csv":
        cells = itertools.chain.from_iterable(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
        assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell not in ("", "-")] == [], where
    assert "<script>alert" not in str(answer.headers), where


def test_what_a_trader_writes_is_text_to_everybody(world: World) -> None:
    """Thirty payloads in every free text: list, search, detail, values, print, case, queue, tables."""
    filed = {}
    for number in range(PACKAGES):
        where = file_bytes(world.vera, bent(number), "p.xml")
        assert where.startswith("/packages/"), [words(world.vera.get(where).text)[-1500:]]
        filed[where] = PAYLOADS[(number * 4 + 15) % len(PAYLOADS)]  # what stands in the description
    for where, payload in filed.items():
        page = world.vera.browser.get(where)
        judge(page, payload)
        assert " ".join(payload[:35].split()) in words(page.text), payload
        for more in ("/values", "/print", "/status.json", "/declaration.xml"):
            judge(world.vera.browser.get(where + more), payload)
    world.maria.get("/queue")
    lists = ("/queue", "/queue?tab=all", "/queue/export.csv", "/notices", "/inspections")
    for page in lists:
        judge(world.maria.browser.get(page), page)
    for page in ("/packages", "/packages/export.csv", "/receipts", "/notices"):
        judge(world.vera.browser.get(page), page)
    cases = re.findall(r'href="(/cases/[0-9a-f-]{36})', world.maria.browser.get("/queue").text)
    assert len(set(cases)) == PACKAGES
    for case in sorted(set(cases)):
        judge(world.maria.browser.get(case), case)
    number = state(world.vera, where)["number"]
    judge(world.audit.get(f"/packages?search={quote(number)}"), "audit")


def test_what_is_wrong_is_shown_as_text(app: Flask, world: World, database: Database) -> None:
    """A value inside a message about a fault (of every second payload): the receipt, the open check, the problem document; the name of the file."""
    client, key = app.test_client(), key_of(database)
    plain = packed("bicycles").xml
    for number, payload in enumerate(PAYLOADS[::2]):
        bad = plain.replace(b">8712003000<", b">" + entities.escape(payload, quote=False).encode() + b"<")
        receipt = file_bytes(world.vera, bad, payload.replace('"', "%22") + ".xml")
        assert receipt.startswith("/receipts/")
        page = world.vera.browser.get(receipt)
        judge(page, payload)
        assert payload[:15].strip() in words(page.text).replace("\xa0", " "), payload
        judge(world.vera.browser.get(f"{receipt}/faults.xml"), payload)
        checked = client.post("/check", data={"package": (io.BytesIO(bad), "a.xml")})
        judge(checked, payload)
        filed = client.post("/api/v1/declarations", data=bad, headers=bearer(key, Idempotency_Key=f"x{number}"))
        assert filed.mimetype == "application/problem+json"
        assert filed.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("part", range(4))
def test_addresses_and_headers_are_text(app: Flask, part: int) -> None:
    """A path that leads nowhere, a search, where somebody comes from, who somebody says to be."""
    for payload in PAYLOADS[part::4]:
        _asked_with(app.test_client(), payload)


def _asked_with(client: FlaskClient, payload: str) -> None:
    told = quote(payload, safe="")
    headers = {
        "Referer": f"http://localhost/{told}",
        "User-Agent": payload.replace("\u2028", ""),
        "Accept-Language": told,
    }
    for path in (f"/{told}", f"/verify/{told}", f"/verify?code={told}", f"/measures?q={told}", f"/rulings?q={told}",
                 f"/problems/{told}", f"/developers/schema?q={told}", f"/sign-in?next=/{told}", f"/api/v1/{told}"):  # fmt: skip
        judge(client.get(path, headers=headers), path)
