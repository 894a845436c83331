"""The trader changes a filed package: in the form, as a file, against an officer's decision; and what is refused, clearly."""

from __future__ import annotations

import hashlib
import io
import re
import uuid
import zipfile
from typing import Any

import sqlalchemy as sa
from lxml import html

from app.cli.packing import stand_in
from app.database import Database, transaction
from app.documents.models import Blob
from tests.factories.world import Someone, World
from tests.intake.amendments import change
from tests.journeys.roads import agencies_asked, approve, file_xml, open_case, packed, sign_all, state

ITEM = "GoodsShipment/GovernmentAgencyGoodsItem"
FLAKES = f"{ITEM}[3]/Commodity/Description"


def text_of(page: Any) -> str:
    """The words of a page, blanks made one."""
    return " ".join(html.fromstring(page.text).text_content().split())


def in_english(who: Someone) -> Someone:
    """The same person reading English."""
    who.sign_in()
    who.browser.get("/?lang=en")
    return who


def begin(who: Someone, where: str) -> None:
    """Begin a change from the page of the package."""
    assert f"{where}/change" in who.get(where).text
    who.get(f"{where}/change")
    assert who.submit("/change").status_code == 200


def write(who: Someone, where: str, page: str, **fields: str) -> None:
    """Write boxes of one page of the change."""
    who.get(f"{where}/{page}")
    answer = who.submit(f"/{page}", **fields)
    assert answer.status_code == 200, text_of(answer)[:600]


def send(who: Someone, where: str) -> Any:
    """Look at what the change does, and send it."""
    who.get(f"{where}/change/preview")
    return who.submit("/change/send")


def test_anna_describes_the_flakes_anew(world: World) -> None:
    """Veterinary and plant approvals stay; nature and customs look again, see the difference, and the goods go."""
    anna, olga = in_english(world.anna), world.olga
    where = file_xml(anna, packed("beef_flowers_pet"))
    number = state(anna, where)["number"]
    approve(olga, number)
    begin(anna, where)
    write(anna, where, "items/3", **{FLAKES: "PET flakes, washed, clear"})
    assert state(anna, where)["version"] == 1, "nothing is sent yet"
    assert "PET flakes" not in text_of(anna.get(where)), "the filed package is shown until the change is sent"
    seen = text_of(anna.get(f"{where}/change/preview"))
    assert "PET flakes, washed, clear" in seen
    assert "look again" in seen
    assert send(anna, where).status_code == 200
    found = state(anna, where)
    lanes = {lane["agency"]: lane for lane in found["lanes"]}
    assert (found["version"], found["status"]) == (2, "under-review")
    assert (lanes["BY-DVPN"]["status"], lanes["BY-MPR"]["status"]) == ("decided", "queued")
    page = text_of(anna.get(f"{where}/changes?from=1&to=2"))
    assert "1 difference." in page
    assert "PET flakes, washed, clear" in page
    nina = in_english(world.nina)
    case = open_case(nina, number)
    assert f"{case}/changes?from=1&amp;to=2" in nina.page.text
    assert "Only what changed since version 1" in text_of(nina.page)
    assert "PET flakes, washed, clear" in text_of(nina.get(f"{case}/changes?from=1&to=2"))
    assert world.fyodar.browser.get(f"{case}/changes").status_code in (302, 404)
    for officer in (world.fyodar, world.nina, world.maria):
        approve(officer, number)
    assert state(anna, where)["status"] == "released"
    assert f'{where}/change"' not in anna.get(where).text, "what has gone is changed no more"
    assert "no longer be changed" in text_of(anna.get(f"{where}/change"))


def test_an_item_that_olga_has_decided_stays(world: World) -> None:
    """The change that takes it out is refused with what to do; everything written is still there, and can be mended."""
    anna = in_english(world.anna)
    where = file_xml(anna, packed("beef_flowers_pet"))
    approve(world.olga, state(anna, where)["number"])
    begin(anna, where)
    write(anna, where, "items/3", **{FLAKES: "PET flakes, washed, clear"})
    anna.get(f"{where}/items/1")
    anna.submit("/items/1/remove")
    answer = send(anna, where)
    assert answer.status_code == 422
    words = text_of(answer)
    assert "Goods item 1 has been decided already" in words
    assert "Put the item back in its place" in words
    assert "AMEND-ITEM-JUDGED" in words
    assert "PET flakes, washed, clear" in words, "nothing that was written is lost"
    found = state(anna, where)
    assert (found["version"], found["status"]) == (1, "under-review")
    assert {lane["agency"]: lane["status"] for lane in found["lanes"]}["BY-DVPN"] == "decided"
    anna.get(f"{where}/change/preview")
    anna.submit("/change/drop")
    assert "You are changing" not in text_of(anna.get(where))
    assert state(anna, where)["version"] == 1


def test_olga_decides_on_what_she_saw_or_not_at_all(world: World) -> None:
    """412: her words are on the page of the newer case, with the way to what changed; she looks and decides."""
    anna, olga = in_english(world.anna), in_english(world.olga)
    where = file_xml(anna, packed("beef_flowers_pet"))
    number = state(anna, where)["number"]
    open_case(olga, number)
    begin(anna, where)
    write(anna, where, "items/1", **{f"{ITEM}[1]/Commodity/Description": "Beef, chilled, boneless"})
    assert send(anna, where).status_code == 200
    answer = olga.submit("/decide", **{"item-1-outcome": "conditions", "item-1-conditions": "Unload at Minsk-2 only"})
    assert answer.status_code == 412
    assert "version 2 holds now" in text_of(answer)
    assert "Unload at Minsk-2 only" in answer.text
    assert re.search(r"/cases/[0-9a-f-]+/changes\?from=1&amp;to=2", answer.text)
    assert [lane["decisions"] for lane in state(anna, where)["lanes"] if lane["agency"] == "BY-DVPN"] == [[]]
    again = olga.submit("/decide")
    assert again.status_code == 200, text_of(again)[:600]
    (decision,) = next(lane for lane in state(anna, where)["lanes"] if lane["agency"] == "BY-DVPN")["decisions"]
    assert (decision["version"], decision["items"]) == (2, [{"number": 1, "outcome": "conditions"}])


def test_a_question_about_the_older_version_goes_on_to_the_newer_case(world: World) -> None:
    """412 as well: what olga typed stands in the form of the case that took the old one's place, and can be sent there."""
    anna, olga = in_english(world.anna), in_english(world.olga)
    where = file_xml(anna, packed("beef_flowers_pet"))
    open_case(olga, state(anna, where)["number"])
    case = olga.page.request.path
    olga.get(f"{case}/ask", query_string={"path": "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]"})
    begin(anna, where)
    write(anna, where, "items/1", **{f"{ITEM}[1]/Commodity/Description": "Beef, chilled, boneless"})
    assert send(anna, where).status_code == 200
    typed = {"sign": "UNCLEAR", "text": "Which cut is it?", "none_wanted": "yes", "on_silence": "on-file"}
    answer = olga.submit("/ask", **typed)
    assert answer.status_code == 412
    assert "version 2 holds now" in text_of(answer)
    assert "Which cut is it?" in answer.text
    assert f'action="{case}/ask"' not in answer.text
    again = olga.submit("/ask", **typed)
    assert again.status_code == 200, text_of(again)[:600]
    assert state(anna, where)["status"] == "awaiting-trader"


def test_a_decision_of_a_carried_case_on_the_older_version_is_412_too(world: World) -> None:
    anna, olga = in_english(world.anna), in_english(world.olga)
    where = file_xml(anna, packed("beef_flowers_pet"))
    open_case(olga, state(anna, where)["number"])
    begin(anna, where)
    write(anna, where, "items/3", **{FLAKES: "PET flakes, washed, clear"})
    send(anna, where)
    answer = olga.submit("/decide", **{"item-1-outcome": "approved", "note": "Seen on the screen"})
    assert answer.status_code == 412
    assert "Seen on the screen" in answer.text
    assert olga.submit("/decide").status_code == 200
    lanes = {lane["agency"]: lane for lane in state(anna, where)["lanes"]}
    assert lanes["BY-DVPN"]["decisions"][0]["version"] == 2


def test_two_clerks_write_the_same_change(world: World) -> None:
    """Piotr sends; what Anna is looking at is told to be older, and is nobody's loss."""
    anna, piotr = in_english(world.anna), in_english(world.piotr)
    where = file_xml(anna, packed("beef_flowers_pet"))
    begin(anna, where)
    write(anna, where, "items/3", **{FLAKES: "PET flakes, washed, clear"})
    anna.get(f"{where}/change/preview")
    piotr.get(f"{where}/items/3")
    piotr.submit("/items/3", **{FLAKES: "PET flakes, washed, blue"})
    answer = anna.submit("/change/send")
    assert answer.status_code == 409
    assert "PET flakes, washed, blue" in text_of(answer), "the page shows what the draft holds now"
    assert send(piotr, where).status_code == 200
    assert state(anna, where)["version"] == 2
    anna.get(where)
    late = anna.post(f"{where}/change/send", version="1", digest="0" * 64)
    assert late.status_code == 412


def test_a_change_that_was_overtaken_is_kept_and_told(world: World) -> None:
    """An answer made version 2 while the change was being written: sending says so, and shows what would go back."""
    anna = in_english(world.anna)
    where = file_xml(anna, packed("beef_flowers_pet"))
    begin(anna, where)
    write(anna, where, "items/3", **{FLAKES: "PET flakes, washed, clear"})
    anna.get(f"{where}/change/preview")
    page = anna.page
    _answer_in_between(anna, where)
    anna.page = page
    answer = anna.submit("/change/send")
    assert answer.status_code == 412
    words = text_of(answer)
    assert "Version 2 has come" in words
    assert "PET flakes, washed, clear" in words
    assert "Minsk-2" in words, "what would go back is shown"
    assert anna.submit("/change/send").status_code == 200
    assert state(anna, where)["version"] == 3


def _answer_in_between(who: Someone, where: str) -> None:
    key = uuid.UUID(where.rpartition("/")[2])
    with who.app.app_context(), transaction(who.app.extensions["akno.database"]):
        leaf = ("/Declaration/GoodsShipment/TradeTerms/LocationName", "Minsk-2")
        assert change(key, leaf, cause="answered").number == 2


def test_vera_brings_the_change_from_her_program(world: World) -> None:
    """XML with faults, another package's, then the right one as a ZIP with a new paper."""
    vera = in_english(world.vera)
    package = packed("bicycles")
    where = file_xml(vera, package)
    answer = _bring(vera, where, b"<Declaration/>", "broken.xml")
    assert answer.status_code == 422
    assert "nothing has changed" in text_of(answer)
    assert _bring(vera, where, b"", "").status_code == 422
    other = package.xml.replace(b"<FunctionalReferenceID>", b"<FunctionalReferenceID>X")
    assert _bring(vera, where, other, "other.xml").status_code == 200
    answer = send(vera, where)
    assert answer.status_code == 422
    assert "AMEND-OTHER-LRN" in text_of(answer)
    assert _bring(vera, where, package.xml, "same.xml").status_code == 200
    answer = send(vera, where)
    assert "AMEND-NOTHING" in text_of(answer)
    changed = package.xml.replace(b"<LocationName>", b"<LocationName>Minsk, ", 1)
    changed = changed.replace(b"<FunctionCode>9<", b"<FunctionCode>13<")
    assert b"<FunctionCode>13<" in changed
    assert b"Minsk, " in changed
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("declaration.xml", changed)
        for name, data in package.files.items():
            archive.writestr(name, data)
    page = _bring(vera, where, out.getvalue(), "changed.zip")
    assert "1 difference." in text_of(page), text_of(page)[:500]
    assert send(vera, where).status_code == 200
    assert state(vera, where)["version"] == 2
    assert vera.browser.get(f"{where}/received").data == out.getvalue()
    assert b"Minsk, " in vera.browser.get(f"{where}/declaration.xml").data
    assert vera.browser.get(f"{where}/received?version=1").data == package.xml
    assert agencies_asked(state(vera, where))
    sign_all(world, vera, where)
    assert state(vera, where)["status"] == "released"


def test_a_change_that_lay_longer_than_its_file_was_kept_is_sent_as_it_stands(world: World, database: Database) -> None:
    """No package stands on the bytes of a change that is not sent, so they go after some days; the change itself stays."""
    vera, package = in_english(world.vera), packed("bicycles")
    where = file_xml(vera, package)
    changed = package.xml.replace(b"<LocationName>", b"<LocationName>Minsk, ", 1)
    changed = changed.replace(b"<FunctionCode>9<", b"<FunctionCode>13<")
    page = _bring(vera, where, changed, "changed.xml")
    assert "1 difference." in text_of(page)
    with transaction(database) as session:
        sha256 = hashlib.sha256(changed).hexdigest()
        assert session.execute(sa.delete(Blob).where(Blob.sha256 == sha256)).rowcount == 1
    assert send(vera, where).status_code == 200
    assert state(vera, where)["version"] == 2
    assert b"Minsk, " in vera.browser.get(f"{where}/declaration.xml").data


def _bring(who: Someone, where: str, body: bytes, name: str) -> Any:
    who.get(f"{where}/change")
    answer = who.browser.post(
        f"{where}/change/file",
        data={"csrf_token": who.token(), "package": (io.BytesIO(body), name)},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    who.page = answer
    return answer


def test_a_better_paper_in_the_form(world: World) -> None:
    """A new file behind a certificate: both sides can open the old and the new one from the difference."""
    anna = in_english(world.anna)
    where = file_xml(anna, packed("beef_flowers_pet"))
    begin(anna, where)
    anna.get(f"{where}/documents/1/2")
    answer = anna.submit("/documents/1/2", file=(io.BytesIO(stand_in("01201", "a better one")), "better.pdf"))
    assert answer.status_code == 200
    assert "better.pdf" not in text_of(anna.get(where)), "the filed version keeps its own file"
    assert send(anna, where).status_code == 200
    assert "better.pdf" in text_of(anna.get(where))
    page = anna.get(f"{where}/changes")
    links = set(re.findall(rf"{where}/files/[0-9a-f-]+", page.text))
    assert len(links) == 2
    assert all(anna.browser.get(link).status_code == 200 for link in links)


def test_what_withdrawing_does_is_said_before(world: World) -> None:
    anna = in_english(world.anna)
    where = file_xml(anna, packed("beef_flowers_pet"))
    approve(world.olga, state(anna, where)["number"])
    begin(anna, where)
    words = text_of(anna.get(f"{where}/withdraw"))
    assert "These have decided already: Veterinary" in words
    assert "The change you are writing" in words
    assert "stay used" in words
    assert anna.submit("/withdraw", reason="The buyer changed their mind").status_code == 200
    assert state(anna, where)["status"] == "withdrawn"
    assert anna.post(f"{where}/change").status_code == 409


def test_others_do_not_change_it(world: World) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    assert world.vera.get(f"{where}/change").status_code == 404
    world.olga.get("/queue")
    assert world.olga.browser.get(f"{where}/change").status_code == 404
    assert world.audit.get(f"{where}/change").status_code == 403
    assert world.audit.get(f"{where}/changes").status_code == 404, "there is one version yet"
    assert world.anna.browser.get(f"{where}/changes?from=1&to=9").status_code == 404
    assert world.anna.browser.get(f"{where}/changes?from=x").status_code == 404
