"""Copying: an act of its own, so the mandate is asked again; the papers come along even from another library."""

from __future__ import annotations

import re

from tests.factories.world import World
from tests.journeys.roads import file_bytes, file_xml, packed


def _end_the_mandate(world: World) -> None:
    page = world.anna.get("/mandates").text
    ending = re.search(r'action="(/mandates/[0-9a-f-]+/end)"', page)
    assert ending, page
    assert world.anna.post(ending[1]).status_code == 303


def test_after_the_mandate_has_ended_the_broker_reads_and_does_nothing_else(world: World) -> None:
    where = file_bytes(world.bogdan, packed("beef_flowers_pet").as_zip(), "p.zip")
    refused = file_bytes(world.bogdan, packed("beef_flowers_pet").xml, "no-papers.xml")
    draft = world.bogdan.post(f"{refused}/open").headers["Location"]
    _end_the_mandate(world)
    before = world.bogdan.get("/packages").text.count('href="/packages/')
    assert world.bogdan.get(where).status_code == 200
    assert "/copy" not in world.bogdan.page.text  # type: ignore[union-attr]
    assert world.bogdan.browser.get(f"{where}/received").status_code == 200
    for deed in (f"{where}/copy", f"{where}/withdraw", f"{draft}/copy", f"{draft}/send", f"{draft}/documents/1/0"):
        assert world.bogdan.post(deed, reason="why not").status_code == 403, deed
    receipt = next(
        one for one in re.findall(r"/receipts/[0-9a-f-]{36}", world.bogdan.get("/receipts").text) if one not in refused
    )
    assert world.bogdan.get(receipt).status_code == 200
    assert f"{receipt}/open" not in world.bogdan.page.text  # type: ignore[union-attr]
    assert world.bogdan.post(f"{receipt}/open").status_code == 403
    assert world.bogdan.get("/packages").text.count('href="/packages/') == before
    assert world.anna.post(f"{where}/withdraw", reason="taken over").status_code == 303
    assert world.anna.post(f"{where}/copy").status_code == 303


def test_the_trader_copies_what_the_broker_filed_with_its_papers(world: World) -> None:
    where = file_bytes(world.bogdan, packed("beef_flowers_pet").as_zip(), "p.zip")
    world.anna.get(where)
    copy = world.anna.post(f"{where}/copy").headers["Location"]
    page = world.anna.get(f"{copy}/check").text
    assert "LRN-MISSING" in page
    assert "DOC-MISSING" not in page


def test_a_reader_copies_nothing(world: World) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    world.anna.get("/packages")
    assert world.anna.post(f"{where}/copy").status_code == 404
    world.audit.get(where)
    assert world.audit.post(f"{where}/copy").status_code == 403
