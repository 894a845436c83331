"""A message of another country's software goes the whole road; each answer is a Response by our published schema."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree, html

from app.api import wco_response
from app.database import Database
from app.declarations import responding, schema, wco, wco_pointers
from app.declarations.responding import Contact, Said, State, Statement, Wrong
from app.declarations.structure import leaves, nodes
from tests.factories.world import World
from tests.intake.arrivals import DOOR, bearer, key_of
from tests.interop.enveloped import enveloped
from tests.journeys.roads import file_bytes, open_case, packed, sign_all, state, upload_documents

FOLDER = schema.FOLDER / responding.SCHEMA
PLAIN = schema.schema_set(responding.SCHEMA).compiled
IN_ENVELOPE = etree.XMLSchema(etree.parse(str(FOLDER / "envelope.xsd")))
MORE = "<AuthorisationHolder><ID>BY190142358</ID><CategoryCode>AEO</CategoryCode></AuthorisationHolder>"
XML = wco_response.MEDIA_TYPE


def read(answer: Any, *, envelope: bool = False) -> etree._Element:
    """The Response of an answer, judged by the published schema."""
    assert answer.mimetype == XML, answer.text[:300]
    root = etree.fromstring(answer.data)
    known = IN_ENVELOPE if envelope else PLAIN
    assert known.validate(root), str(known.error_log)
    return root[-1] if envelope else root


def text(element: etree._Element, path: str) -> str:
    return element.findtext("/".join(f"{{*}}{name}" for name in path.split("/"))) or ""


# --- the writer -------------------------------------------------------------------------------------------------------


@pytest.mark.pure
def test_the_fullest_and_the_emptiest_answer_follow_the_schema() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    item = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]"
    full = Said(
        responding.REJECTED, "R" * 60, now, lrn="L" * 60, number="N" * 100, version=3, accepted_at=now, cancelled_at=now,
        rejected_at=now, statements=[Statement("QUESTION-1", "w\x00ords" * 300, responding.QUESTION, now, (item, "/Declaration"))],
        appeal_office="BY-DVPN", contacts=[Contact("06611", (("dvpn.gov.by", responding.WEB), ("", "TE"))), Contact("BY-GTK")],
        wrong=[Wrong("SCHEMA-MISSING", "<&> words", f"{item}/Commodity/Classification[1]/ID"), Wrong("XML-EMPTY", "none")],
        states=[State("REL", now, now, (item,))],
    )  # fmt: skip
    for said in (full, Said("01", "", now)):
        assert PLAIN.validate(etree.fromstring(responding.write(said))), str(PLAIN.error_log)
        assert IN_ENVELOPE.validate(etree.fromstring(responding.write(said, enveloped=True))), str(
            IN_ENVELOPE.error_log
        )
    root = etree.fromstring(responding.write(full))
    (first, second) = responding.read_pointers(root.find("{*}AdditionalInformation"))
    assert [wco_pointers.path_of(steps) for steps in (first, second)] == [item, "/Declaration"]
    assert text(root, "IssueDateTime/DateTimeString") == "20261122120000Z"


@pytest.mark.pure
def test_every_place_of_the_schema_has_a_pointer_that_leads_back() -> None:
    for path, node in nodes().items():
        steps = wco_pointers.steps_to(path)
        bare = "".join(part for part in wco_pointers.path_of(steps).replace("[1]", ""))
        assert bare == path or (not node.wco_id and path.startswith(bare)) or "/Attachment/" in path, path
    assert wco_pointers.steps_to("/MetaData/WCOTypeName") == ()
    for bad in ((), (wco_pointers.Step("67A"),), (wco_pointers.Step("42A"), wco_pointers.Step("99X"))):
        with pytest.raises(ValueError, match=r"identifier|begins"):
            wco_pointers.path_of(bad)


@pytest.mark.pure
def test_every_state_of_a_package_has_its_codes() -> None:
    from app.declarations.lifecycle import DECLARATION

    assert set(responding.STATES) == set(DECLARATION.states)
    assert len({code for _function, code in responding.STATES.values()}) == len(responding.STATES)


# --- the whole road ---------------------------------------------------------------------------------------------------


def test_from_the_envelope_to_the_clearance(world: World, app: Any, database: Database, worker: Any) -> None:
    package = packed("beef_flowers_pet")
    upload_documents(world.anna, package)
    body = enveloped(package.xml, more=MORE)
    machine, key = app.test_client(), key_of(database, "anna")
    wish = {"Accept": f"{XML};envelope=1"}
    filed = machine.post(DOOR, data=body, headers=bearer(key, **{"Idempotency-Key": "first"}) | wish)
    assert filed.status_code == 201, filed.text
    accepted = read(filed, envelope=True)
    assert text(accepted, "FunctionCode") == "01"
    number = text(accepted, "Declaration/ID")
    again = machine.post(DOOR, data=body, headers=bearer(key, **{"Idempotency-Key": "first"}) | wish)
    assert (again.status_code, again.data, again.headers["Idempotent-Replayed"]) == (201, filed.data, "true")
    twin = machine.post(DOOR, data=body, headers=bearer(key, **{"Idempotency-Key": "second"}) | wish)
    assert twin.status_code == 409
    assert text(read(twin, envelope=True), "Error/ValidationCode") == "DUPLICATE-CONTENT"
    here = filed.headers["Location"]
    page = f"/packages/{here.rsplit('/', 1)[-1]}"

    under_review = read(machine.get(here, headers=bearer(key) | {"Accept": "application/xml"}))
    assert (text(under_review, "FunctionCode"), text(under_review, "Status/NameCode")) == ("01", "REV")
    assert text(under_review, "Declaration/ID") == number
    assert {text(one, "ID") for one in under_review.findall("{*}ContactOffice")} >= {"BY-DVPN", "BY-GTK"}
    receipts = machine.get("/api/v1/receipts", headers=bearer(key)).get_json()["rows"]
    receipt = next(one for one in receipts if one["outcome"] == "registered")
    assert text(read(machine.get(receipt["link"], headers=bearer(key) | {"Accept": XML})), "Declaration/ID") == number

    told = machine.get(f"{here}/losses", headers=bearer(key)).get_json()
    assert told["lost"] == []
    assert told["values"] == told["kept"] > 100
    assert {"/Declaration/AuthorisationHolder[1]/ID", "/Declaration/AuthorisationHolder[1]/CategoryCode"} <= {
        one["xpath"] for one in told["unnamed"]
    }
    assert {"/MetaData/WCOTypeName", "/MetaData/@schemaLocation"} <= {one["xpath"] for one in told["around"]}

    values = world.anna.get(f"{page}/values?lang=en")
    line = html.fromstring(world.anna.get(f"{page}?lang=en").text).text_content()
    assert (
        f"All {told['values']} values of your file are kept; {len(told['unnamed'])} have no field of their own." in line
    )
    # Customs sees all of a package, the others what they need of it.
    world.maria.get("/queue?lang=en")
    case = world.maria.get(open_case(world.maria, number))
    tree = wco.read(body).tree
    assert tree is not None
    pages = [html.fromstring(one.text).text_content() for one in (values, case)]
    for path, value in leaves(tree):
        place = path.partition("/@")[0].rpartition("/")[2].partition("[")[0]
        for shown in pages:
            assert place in shown, path
            assert value[:60] in shown, path
    assert "BY190142358" in case.text

    released = sign_all(world, world.anna, page)
    assert released["status"] == "released"
    worker.drain()
    cleared = read(machine.get(here, headers=bearer(key) | {"Accept": XML}))
    assert text(cleared, "FunctionCode") == "09"
    states = [text(one, "NameCode") for one in cleared.findall("{*}Status")]
    assert states[0] == "REL"
    assert any(text(one, "ReleaseDateTime/DateTimeString") for one in cleared.findall("{*}Status"))


def test_a_question_says_until_when_and_where(world: World, app: Any, database: Database) -> None:
    package = packed("beef_flowers_pet")
    upload_documents(world.anna, package)
    page = file_bytes(world.anna, package.xml, "package.xml")
    number = state(world.anna, page)["number"]
    case = open_case(world.olga, number)
    path = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[1]/ID"
    world.olga.get(f"{case}/ask?path={path}")
    asked = world.olga.submit(
        "/ask", follow=False, text="Which cut is it?", sign="UNCLEAR", on_silence="on-file", wanted=["01201"]
    )
    assert asked.status_code == 303, html.fromstring(asked.text).text_content()[:2500]
    key = key_of(database, "anna")
    here = f"/api/v1/declarations/{page.rsplit('/', 1)[-1]}"
    said = read(app.test_client().get(here, headers=bearer(key) | {"Accept": XML}))
    assert text(said, "FunctionCode") == "06"
    (question,) = said.findall("{*}AdditionalInformation")
    assert text(question, "StatementCode") == "QUESTION-1"
    assert text(question, "StatementDescription") == "Which cut is it?"
    assert text(question, "LimitDateTime/DateTimeString")
    (steps,) = responding.read_pointers(question)
    assert wco_pointers.path_of(steps).replace("[1]", "") == path.replace("[1]", "")


def test_a_check_answers_so_too_and_nothing_is_said_of_an_offer_nobody_made(app: Any) -> None:
    machine = app.test_client()
    bad = machine.post("/api/v1/check", data=b"<x/>", headers={"Accept": XML})
    assert bad.status_code == 422
    assert text(read(bad), "Error/ValidationCode") == "XML-ROOT"
    good = machine.post("/api/v1/check", data=packed("bicycles").xml, headers={"Accept": f"{XML}; envelope=1"})
    assert good.status_code == 200
    assert text(read(good, envelope=True), "FunctionCode") == "02"
    for wish in ("*/*", "application/json", "text/html", "application/json, application/xml;q=0.5", ""):
        assert machine.post("/api/v1/check", data=b"<x/>", headers={"Accept": wish}).mimetype != XML
    lost = machine.post("/api/v1/check/losses", data=enveloped(packed("bicycles").xml, more=MORE))
    assert lost.status_code == 200
    assert lost.get_json()["lost"] == []
    assert machine.post("/api/v1/check/losses", data=b"no").status_code == 422
