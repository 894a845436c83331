"""Five goods items released in turn, seen by everyone they concern: the papers, the pages, the public verification."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from typing import Any

import pikepdf
import pytest

from tests.factories.five import five_items
from tests.factories.world import Someone, World
from tests.journeys.roads import approve, file_xml, state

PAID = {"payment": "secured", "payment_reference": "GS-2026/77"}
HOLD = {"item-4-outcome": "held", "item-4-hold": "Чакаем вынік лабараторыі.", "item-5-outcome": "held",
        "item-5-hold": "Чакаем вынік лабараторыі."}  # fmt: skip


def text_of(who: Someone, clearance: dict[str, Any]) -> str:
    """The words of a paper, one line; its attachment is checked on the way."""
    paper = who.browser.get(clearance["download"]).data
    with pikepdf.open(io.BytesIO(paper)) as document:
        assert list(document.attachments) == ["decision.json", "declaration.xml"]
        pages = len(document.pages)
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True
    ).stdout.decode()
    assert f"{pages}/{pages}" in text.replace(" ", "")
    return re.sub(r"\s+", " ", text)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed (poppler-utils)")
def test_three_of_five_then_the_rest(world: World, worker) -> None:
    where = file_xml(world.anna, five_items())
    number = state(world.anna, where)["number"]
    approve(world.olga, number, **{"item-1-outcome": "approved", "rest": ""} | HOLD)
    approve(world.fyodar, number)
    approve(world.nina, number)
    approve(world.maria, number, **PAID)  # what waits for the vets stays held by itself
    found = state(world.anna, where)
    assert found["status"] == "partly-released"
    page = world.anna.get(f"{where}?lang=en").text
    assert "Partly released" in page
    assert "The clearance is being prepared" in page
    worker.drain()

    first = state(world.anna, where)["clearance"]
    assert (first["status"], first["serial"], first["items"]) == ("issued", 1, [1, 2, 3])
    said = text_of(world.anna, first)
    for wanted in (
        "Partial release 1",
        "Released items: 1–3.",
        "Items not released: 4–5.",
        "waits for",
        "GS-2026/77",
        "secured",
    ):
        assert wanted in said, wanted
    assert "the last one" not in said

    _decide_again(world.olga, number, **{"item-4-outcome": "approved", "item-5-outcome": "approved"})
    _decide_again(world.maria, number, **{"item-4-outcome": "approved", "item-5-outcome": "approved"} | PAID)
    worker.drain()
    found = state(world.anna, where)
    assert found["status"] == "released"
    assert [one["status"] for one in found["clearances"]] == ["issued", "issued"]
    second = found["clearance"]
    assert second["items"] == [4, 5]
    said = text_of(world.anna, second)
    for wanted in ("Partial release 2, the last one", "Released items: 4–5.", first["number"], "released earlier"):
        assert wanted in said, wanted
    assert "Items not released" not in said

    _everyone_sees(world, where, first, second)
    _verified(world, first, second)


def _decide_again(officer: Someone, number: str, **fields: str) -> None:
    """A case with held items stays with its officer."""
    page = officer.get("/queue?tab=mine").text
    case = re.search(r"/cases/[0-9a-f-]{36}", page[page.index(number) - 2000 :])
    assert case is not None
    officer.get(case[0])
    if 'action="' + case[0] + '/claim"' in officer.page.text:
        officer.submit("/claim")
        officer.get(case[0])
    assert officer.submit("/decide", **fields).status_code == 200


def _everyone_sees(world: World, where: str, first: dict[str, Any], second: dict[str, Any]) -> None:
    for who in (world.anna, world.audit):
        page = who.get(f"{where}?lang=en").text
        for one in (first, second):
            assert one["number"] in page
            assert one["download"] in page
    page = world.olga.get("/queue?tab=decided&lang=en").text
    case = re.search(r"/cases/[0-9a-f-]{36}", page)
    assert case is not None
    assert second["number"] in world.olga.get(case[0]).text
    paper = second["download"].removesuffix("/paper")
    page = world.olga.get(f"{paper}?lang=en").text
    assert "It lets go items 4–5" in page
    assert first["number"] in page


def _verified(world: World, first: dict[str, Any], second: dict[str, Any]) -> None:
    stranger = world.app.test_client()
    page = stranger.get(f"{first['verify']}?lang=en").text
    assert "Genuine" in page
    assert second["number"] in page
    assert second["code"] not in page
    page = stranger.get(f"{second['verify']}?lang=en").text
    assert "Genuine" in page
    assert first["number"] in page
    assert "Белмяса" not in page


def test_revoked_by_two_never_by_one(world: World, worker) -> None:
    where = file_xml(world.anna, five_items())
    number = state(world.anna, where)["number"]
    for officer in (world.olga, world.fyodar, world.nina):
        approve(officer, number)
    approve(world.mikola, number, **PAID)
    worker.drain()
    clearance = state(world.anna, where)["clearance"]
    path = clearance["download"].removesuffix("/paper")
    stranger = world.app.test_client()
    world.mikola.get(f"{path}?lang=en")
    world.mikola.submit("/revoke", reason="Пломба не тая, што ў паперах.")
    assert world.mikola.post(f"{path}/confirm-revocation").status_code == 403
    assert "Genuine" in stranger.get(f"{clearance['verify']}?lang=en").text
    world.ihar.get(f"{path}?lang=en")
    assert "Пломба не тая" in world.ihar.page.text
    world.ihar.submit("/confirm-revocation")
    assert "Revoked on" in stranger.get(f"{clearance['verify']}?lang=en").text
    page = world.anna.get(f"{where}?lang=en").text
    assert state(world.anna, where)["status"] == "released"
    assert "revoked" in page
    assert "What to do" in world.anna.get(f"{path}?lang=en").text
