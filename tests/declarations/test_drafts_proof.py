"""Proving it: permits attached in the form, questions of the law answered, a refused sending, and progress afterwards."""

from __future__ import annotations

import io

import pytest
from lxml import html

from app.database import Database
from app.declarations import codec, wco
from tests.declarations.drafts import begin, tree_of
from tests.declarations.test_drafts_foreign import open_draft
from tests.factories.world import Someone, World
from tests.journeys.roads import approve, file_xml, packed, state


def beef(world: World, database: Database) -> tuple[str, dict[str, bytes]]:
    """A draft of beef, flowers and PET as somebody's program wrote it, and the files that belong to it."""
    made = packed("beef_flowers_pet")
    tree = wco.read(made.xml).tree
    assert tree is not None
    for answer in tree.findall(".//{*}AdditionalInformation"):
        above = answer.getparent()
        assert above is not None
        above.remove(answer)
    return open_draft(world, database, tree), made.files


def open_items(who: Someone, address: str) -> list[str]:
    """Codes of what the check page wants mended."""
    page = html.fromstring(who.get(f"{address}/check").text)
    return [one.text_content() for one in page.xpath("//ol[@class='faults']//span[@class='code']")]


def attach(who: Someone, address: str, item: int, place: int, data: bytes, name: str) -> int:
    who.get(f"{address}/documents/{item}/{place}")
    answer = who.submit(f"/documents/{item}/{place}", follow=False, file=(io.BytesIO(data), name))
    return answer.status_code


def test_permits_questions_sending_and_progress(world: World, database: Database) -> None:
    anna = world.anna
    address, files = beef(world, database)
    assert set(open_items(anna, address)) >= {"DOC-MISSING", "QUESTION-UNANSWERED"}
    package = codec.to_package(tree_of(database, address))
    for item, documents in enumerate([package.documents, *(line.documents for line in package.lines)]):
        for place, one in enumerate(documents, 1):
            if one.file_name:
                assert attach(anna, address, item, place, files[one.file_name], one.file_name) == 303
    assert "DOC-MISSING" not in open_items(anna, address)
    anna.get(f"{address}/questions")
    boxes = html.fromstring(anna.page.text).xpath("//fieldset//input/@name")  # type: ignore[union-attr]
    answers = {}
    for box in dict.fromkeys(boxes):
        values = html.fromstring(anna.page.text).xpath(f"//input[@name='{box}']/@value")  # type: ignore[union-attr]
        answers[box] = "Y" if "Y" in values else next((v for v in values if v == "WASTE_B3011"), "-")
    assert anna.submit("/questions", follow=False, **answers).status_code == 303
    left = open_items(anna, address)
    assert left
    assert "QUESTION-UNANSWERED" not in left
    anna.get(f"{address}/items/3")
    box = next(
        name for name in html.fromstring(anna.page.text).xpath("//input/@name") if "StatementDescription" in name
    )  # type: ignore[union-attr]
    assert anna.submit("/items/3", follow=False, **{box: "R3"}).status_code == 303
    assert open_items(anna, address) == []
    anna.submit("/send")
    found = state(anna, address)
    assert found["status"] == "under-review"
    asked = html.fromstring(anna.get(address).text)
    assert len(asked.xpath("//div[contains(concat(' ', @class, ' '), ' lane ')]")) == 4
    approve(world.olga, found["number"])
    page = html.fromstring(anna.get(address).text)
    assert len(page.xpath("//span[contains(@class, 'window') and contains(@class, 'large')]/i[@class='lit']")) == 1
    file = page.xpath("//a[contains(@href, '/files/')]/@href")[0]
    assert anna.get(file).headers["Content-Disposition"].startswith("attachment")
    assert world.vera.get(file).status_code == 404


def test_a_sending_with_faults_is_refused_and_nothing_is_lost(world: World, database: Database) -> None:
    address, _files = beef(world, database)
    before = tree_of(database, address)
    world.anna.get(f"{address}/check")
    answer = world.anna.submit("/send")
    assert "/check" in answer.request.path
    assert answer.request.args["receipt"]
    assert codec.canonical(tree_of(database, address)) == codec.canonical(before)


def test_a_wrong_file_is_said_at_its_box(world: World, database: Database) -> None:
    address, _files = beef(world, database)
    assert attach(world.anna, address, 1, 1, b"MZ\x90\x00 not a paper", "permit.exe") == 422
    page = html.fromstring(world.anna.page.text)  # type: ignore[union-attr]
    assert page.xpath("//div[@class='summary']//a/@href") == ["#file"]
    assert codec.to_package(tree_of(database, address)).lines[0].documents[0].file_name


def test_none_beside_a_tick_is_an_error(world: World, database: Database) -> None:
    address, _files = beef(world, database)
    page = html.fromstring(world.anna.get(f"{address}/questions").text)
    many = page.xpath("//input[@type='checkbox']/@name")
    if not many:
        pytest.skip("no question with ticks")
    values = page.xpath(f"//input[@name='{many[0]}']/@value")
    answer = world.anna.submit("/questions", follow=False, **{many[0]: [values[0], "-"]})
    assert answer.status_code == 422


def test_a_broker_writes_for_a_trader_under_mandate(world: World, database: Database) -> None:
    address = begin(world.bogdan)
    package = codec.to_package(tree_of(database, address))
    assert package.agent is not None
    assert package.agent.id == "191678343"
    world.bogdan.get(f"{address}/parties")
    answer = world.bogdan.submit("/parties", follow=False, **{"GoodsShipment/Importer/ID": "190142358"})
    assert answer.status_code == 303
    assert world.bogdan.get(f"{address}/parties").status_code == 200
    assert world.anna.get(address).status_code == 200


def test_an_auditor_reads_a_draft_and_changes_nothing(world: World, database: Database) -> None:
    address, _files = beef(world, database)
    page = world.audit.get(address)
    assert page.status_code == 200
    assert "/discard" not in page.text
    assert "/copy" not in page.text
    assert world.audit.get(f"{address}/parties").status_code == 403


def test_a_filed_package_is_withdrawn_with_a_reason(world: World, database: Database) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    vera = world.vera
    assert f"{where}/withdraw" in vera.get(where).text
    vera.get(f"{where}/withdraw")
    assert vera.submit("/withdraw", reason="").status_code == 422
    assert state(vera, where)["status"] == "under-review"
    page = vera.submit("/withdraw", reason="Пакупнік адмовіўся")
    assert state(vera, where)["status"] == "withdrawn"
    assert page.status_code == 200
    assert "/cases/" not in world.maria.get("/queue").text
