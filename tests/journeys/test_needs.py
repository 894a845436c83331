"""Asking before filing: what goods need, an advance ruling that is quoted, checked and seen, a code chosen before."""

from __future__ import annotations

import re
from typing import Any

from lxml import html

from app.declarations import editing, parsing
from app.declarations.codec import canonical
from tests.conftest import Drain
from tests.factories.world import Someone, World
from tests.journeys.roads import faults_of, file_bytes, open_case, packed, state, upload_documents

BEEF_CODE = "0201300000"
BELMYASO = "190142358"
FORM = {
    "number": "PR-112/26-0044", "kind": "classification", "holder_unp": BELMYASO, "goods": "Ялавічына без костак, ахалоджаная",
    "goods_code": BEEF_CODE, "reasons": "Асноўныя правілы інтэрпрэтацыі 1 і 6.", "valid_from": "01.01.2026",
    "valid_until": "31.12.2029", "published_goods": "Boneless beef, chilled", "published_reasons": "Rules 1 and 6",
}  # fmt: skip


def text_of(page: Any) -> str:
    return " ".join(html.fromstring(page.text).text_content().split())


def quoting(number: str, kind: str, *, lrn: str | None = None) -> tuple[bytes, Any]:
    """Anna's beef package with one more document at its first item: the ruling."""
    package = packed("beef_flowers_pet", lrn=lrn)
    tree = parsing.plain(package.xml).tree
    assert tree is not None
    place = len(editing.documents(tree, 1)) + 1
    path = f"{editing.ITEM}[1]/AdditionalDocument[{place}]"
    for leaf, value in (("TypeCode", kind), ("ID", number), ("IssueDateTime", "20260112")):
        editing.set_leaf(tree, f"{path}/{leaf}", value)
    return canonical(tree), package


def enter(officer: Someone, **changed: str) -> str:
    """Enter a ruling in the form; returns the address of its page."""
    officer.get("/rulings/new")
    answer = officer.submit("/rulings/new", follow=False, **(FORM | changed))
    assert answer.status_code == 303, text_of(answer)
    return str(answer.location)


def test_anna_asks_before_she_files_and_shares_what_she_learned(world: World) -> None:
    """By words to the code, from the code to the answer; whoever gets the link reads the same; the package is asked the same."""
    world.anna.get("/account?lang=en")
    found = html.fromstring(world.anna.get("/measures?hs=говядина&direction=import&origin=Украина").text)
    link = next(str(a.get("href")) for a in found.xpath("//a[@class='code']") if a.text == "0201")
    answer = world.anna.get(link.replace("hs=0201", f"hs={BEEF_CODE}"))
    page = html.fromstring(answer.text)
    assert [one.text_content() for one in page.xpath("//div[@class='lane']//strong")] == [
        "Veterinary supervision",
        "Customs",
    ]
    assert "Veterinary certificate (01201)" in text_of(answer)
    assert "Issued by" in text_of(answer)
    assert page.xpath("//button[@data-print]")
    shared = page.xpath("//*[@id='share']")[0].text_content()
    assert "origin=" in shared
    stranger = world.app.test_client().get(shared.partition("localhost")[2] + "&lang=en")  # type: ignore[union-attr]
    lanes = html.fromstring(stranger.text).xpath("//div[@class='lane']//strong")
    assert [one.text_content() for one in lanes] == ["Veterinary supervision", "Customs"]
    body, package = quoting("none", "09999")
    upload_documents(world.anna, package)
    asked = {lane["agency"] for lane in state(world.anna, file_bytes(world.anna, body, "a.xml"))["lanes"]}
    assert {"BY-DVPN", "BY-GTK"} <= asked


def test_a_ruling_is_entered_told_quoted_and_seen_by_the_officer(world: World, worker: Drain) -> None:
    ruling = enter(world.mikola)
    worker.follow()
    told = text_of(world.anna.get("/notices?lang=en"))
    assert "An advance ruling is given to you: PR-112/26-0044" in told
    assert "Ялавічына без костак" in world.anna.get(ruling).text
    assert world.vera.get(ruling).status_code == 404
    body, package = quoting(FORM["number"], "05013")
    upload_documents(world.anna, package)
    where = file_bytes(world.anna, body, "a.xml")
    assert where.startswith("/packages/"), faults_of(world.anna, where)
    case = open_case(world.maria, state(world.anna, where)["number"])
    desk = text_of(world.maria.get(f"{case}?lang=en"))
    assert "Advance ruling PR-112/26-0044" in desk
    assert f"agrees Goods code: {BEEF_CODE}" in desk
    assert "agrees Holder" in desk
    assert "differs" not in desk


def test_what_does_not_agree_with_a_ruling_is_refused_and_says_what_was_ruled(world: World) -> None:
    enter(world.mikola, number="PR-112/26-0001", goods_code="0202309000")
    enter(world.mikola, number="PR-112/26-0002", holder_unp="192381579")
    enter(world.mikola, number="PR-112/20-0003", valid_from="01.01.2020", valid_until="31.12.2022")
    enter(world.mikola, number="PR-112/26-0004", kind="origin", goods_code="", origin="LT")
    upload_documents(world.anna, packed("beef_flowers_pet"))
    for number, kind, code, says in (
        ("PR-112/26-0001", "05013", "RULING-CODE-DIFFERS", "0202309000"), ("PR-112/26-0002", "05013", "RULING-HOLDER", BELMYASO),
        ("PR-112/20-0003", "05013", "RULING-NOT-VALID", "01.01.2023"), ("PR-112/26-0004", "06015", "RULING-ORIGIN-DIFFERS", "LT"),
        ("PR-112/26-0004", "05013", "RULING-KIND", "06015"), ("PR-112/26-9999", "05013", "RULING-UNKNOWN", "PR-112/26-9999"),
    ):  # fmt: skip
        where = file_bytes(world.anna, quoting(number, kind, lrn=f"BMT-{code[:24]}")[0], "a.xml")
        assert where.startswith("/receipts/"), (number, where)
        found = {fault["code"]: fault for fault in faults_of(world.anna, where)}
        assert code in found, (number, list(found))
        assert says in found[code]["message"]["en"]
        assert found[code]["pointer"].startswith("42A")


def test_an_ended_ruling_is_told_and_cannot_be_quoted_any_more(world: World, worker: Drain) -> None:
    ruling = enter(world.mikola)
    world.mikola.get(ruling)
    assert world.mikola.submit("/end", reason="Змяніўся тавар").status_code == 200
    worker.follow()
    assert "has ended" in text_of(world.anna.get("/notices?lang=en"))
    upload_documents(world.anna, packed("beef_flowers_pet"))
    where = file_bytes(world.anna, quoting(FORM["number"], "05013")[0], "a.xml")
    assert "RULING-NOT-VALID" in {fault["code"] for fault in faults_of(world.anna, where)}


def test_the_page_of_an_item_offers_the_ruling_and_the_code_chosen_before(world: World, worker: Drain) -> None:
    enter(world.mikola)
    body, package = quoting("none", "09999")
    upload_documents(world.anna, package)
    first = file_bytes(world.anna, body, "a.xml")
    worker.follow()
    world.anna.get(first)
    copied = world.anna.submit("/copy", follow=False)
    page = world.anna.get(f"{copied.location}/items/1?lang=en")
    assert "Advance rulings of the owner" in page.text
    assert "For these words you chose:" in page.text
    assert BEEF_CODE in text_of(page)
    quote = html.fromstring(page.text).xpath("//a[contains(., 'Quote it as a document')]/@href")[0]
    form = html.fromstring(world.anna.get(str(quote)).text)
    assert form.xpath("//input[contains(@name, 'AdditionalDocument') and contains(@name, '/ID')]/@value") == [
        FORM["number"]
    ]
    kept = world.anna.submit("/documents/1/0", follow=True)
    assert kept.status_code == 200
    assert "Quoted in this package." in world.anna.get(f"{copied.location}/items/1?lang=en").text
    assert re.search(r"RULING-", world.anna.get(f"{copied.location}/check").text) is None
