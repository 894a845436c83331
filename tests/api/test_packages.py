"""Packages by the API: lists, states, versions, bytes, changes, questions, taking back; and nothing of anybody else's."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app import clock
from app.database import Database, transaction
from app.declarations.models import Declaration
from app.intake.models import Receipt
from tests.api.machine import Machine
from tests.api.test_door import problem
from tests.factories.world import World
from tests.intake.arrivals import DOOR, bicycles, counted, file_raw, grown, key_of, post, relabelled
from tests.journeys.roads import open_case, packed


@pytest.fixture
def vera(app: Flask) -> Machine:
    return Machine(app)


@pytest.fixture
def filed(app: Flask, database: Database, vera: Machine) -> str:
    return vera.file(bicycles(database, app))


# --- reading -------------------------------------------------------------------------------------------------------


def test_a_package_tells_how_far_it_is(vera: Machine, filed: str, world: World) -> None:
    found = vera.get(filed).get_json()
    assert (found["status"], found["version"], found["turn"]["who"]) == ("under-review", 1, "customs")
    (lane,) = [lane for lane in found["lanes"] if lane["status"]]
    assert lane["agency"] == "BY-GTK"
    assert lane["clock"]["due_at"]
    page = world.vera.sign_in().browser.get(f"{found['links']['page']}/status.json").get_json()
    assert {name: page[name] for name in ("number", "digest", "turn", "not_triggered")} == {
        name: found[name] for name in ("number", "digest", "turn", "not_triggered")
    }
    for link in found["links"].values():
        assert world.vera.browser.get(link).status_code == 200 if link.startswith("/packages") else vera.get(link)


def test_an_etag_spares_the_bytes_until_something_changes(vera: Machine, filed: str) -> None:
    with time_machine.travel(clock.now(), tick=False):
        first = vera.get(filed)
        tag = first.headers["ETag"]
        assert tag.strip('"').partition(".")[0] == first.get_json()["digest"]
        again = vera.get(filed, If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b"")
    assert vera.post(f"{filed}/withdraw", {"reason": "sold"}).status_code == 200
    assert vera.get(filed, If_None_Match=tag).status_code == 200


def test_a_list_goes_on_where_it_ended(app: Flask, database: Database, vera: Machine) -> None:
    xml = bicycles(database, app)
    count = 27
    for serial in range(count):
        vera.file(relabelled(xml, f"MANY-{serial}"), X_Second_Consignment="yes")
    first = vera.get(DOOR).get_json()
    second = vera.get(f"{DOOR}?cursor={first['next'].replace('+', '%2B')}").get_json()
    assert [row["lrn"] for row in first["rows"] + second["rows"]] == [f"MANY-{n}" for n in reversed(range(count))]
    assert second["next"] is None
    assert vera.get(f"{DOOR}?q=MANY-3").get_json()["rows"][0]["lrn"] == "MANY-3"
    assert vera.get(f"{DOOR}?status=released").get_json() == {"rows": [], "next": None}
    assert len(vera.get(f"{DOOR}?status=under-review").get_json()["rows"]) == 25


def test_updated_since_gives_what_is_newer(app: Flask, database: Database, vera: Machine) -> None:
    xml = bicycles(database, app)
    old = vera.file(xml)
    with transaction(database) as session:
        session.scalars(sa.select(Declaration)).one().updated_at -= timedelta(days=1)
    vera.file(relabelled(xml, "NEW"), X_Second_Consignment="yes")
    since = (clock.now() - timedelta(hours=1)).isoformat().replace("+", "%2B")
    (row,) = vera.get(f"{DOOR}?updated_since={since}").get_json()["rows"]
    assert row["lrn"] == "NEW"
    assert row["link"] != old


@pytest.mark.parametrize(
    "query",
    ["updated_since=yesterday", "updated_since=2026-11-22T10:00:00", "updated_since=0001-01-01T00:00:00%2B14:00",
     "status=nothing", "q=" + "x" * 41, "limit=5"],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_told(vera: Machine, query: str) -> None:
    body = problem(vera.get(f"{DOOR}?{query}"), 400)
    assert body["code"] == "request"
    (error,) = body["errors"]
    assert error["pointer"] == f"/{query.partition('=')[0]}"
    assert error["remedy"]


@pytest.mark.parametrize("cursor", ["x", "~", "2026~1", "9999-12-31T23:59:59-14:00~" + "0" * 32])
def test_a_bent_cursor_leads_nowhere(vera: Machine, cursor: str) -> None:
    assert problem(vera.get(f"{DOOR}?cursor={cursor}"), 404)["code"] == "not-found"
    assert problem(vera.get(f"/api/v1/receipts?cursor={cursor}"), 404)["code"] == "not-found"


def test_the_very_bytes_come_back(app: Flask, database: Database, vera: Machine) -> None:
    xml = b"\n" + bicycles(database, app)
    filed = vera.file(xml)
    canonical, received = vera.get(f"{filed}/versions/1/xml"), vera.get(f"{filed}/versions/1/received")
    digest = vera.get(filed).get_json()["digest"]
    assert canonical.headers["ETag"] == f'"{digest}"' == f'"{hashlib.sha256(canonical.data).hexdigest()}"'
    assert (received.data, received.mimetype) == (xml, "application/xml")
    assert vera.get(f"{filed}/versions/1/xml", If_None_Match=f'"{digest}"').status_code == 304
    for part in ("", "/xml", "/received"):
        assert vera.get(f"{filed}/versions/2{part}").status_code == 404
        assert vera.get(f"{filed}/versions/{10**30}{part}").status_code == 404
    assert vera.get(f"{filed}/versions/1/received", Range="bytes=0-3").status_code == 200


def test_a_zip_comes_back_as_a_zip(app: Flask) -> None:
    anna, package = Machine(app, "anna"), packed("beef_flowers_pet")
    sent = package.as_zip()
    answer = anna.get(f"{anna.file(sent)}/versions/1/received")
    assert (answer.data, answer.mimetype) == (sent, "application/zip")


def test_receipts_tell_what_arrived(vera: Machine, filed: str, world: World) -> None:
    refused = problem(post(vera.app, vera.key, b"<x/>", X_File_Name="x.xml"), 422)
    rows = vera.get("/api/v1/receipts").get_json()["rows"]
    assert [row["outcome"] for row in rows] == ["refused", "registered"]
    assert (rows[0]["number"], rows[0]["file_name"]) == (refused["receipt"], "x.xml")
    assert rows[1]["declaration"] == filed
    one = vera.get(rows[0]["link"], Accept_Language="ru").get_json()
    assert one["errors"][0]["message_lang"] == "ru"
    assert vera.get(f"{rows[0]['link']}/received").data == b"<x/>"
    assert problem(Machine(vera.app, "anna").get(rows[0]["link"]), 404)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("%D0%9F%D0%B0%D0%BA%D0%B5%D1%82.xml", "Пакет.xml"), ("a b.xml", "a b.xml"), ("50%.xml", "50%.xml"), ("", "declaration.xml"),
     ("Пакет.xml".encode().decode("latin-1"), "Пакет.xml"), ("%FF.xml", "\ufffd.xml"), ("x" * 300, "x" * 255)],
)  # fmt: skip
def test_a_file_keeps_its_name(vera: Machine, sent: str, kept: str) -> None:
    assert post(vera.app, vera.key, b"<x/>", X_File_Name=sent).status_code == 422
    assert vera.get("/api/v1/receipts").get_json()["rows"][0]["file_name"] == kept


def test_the_faults_of_a_draft_that_was_refused(vera: Machine, world: World, filed: str, database: Database) -> None:
    assert vera.get(f"{filed}/faults").get_json()["errors"] == []
    xml = packed("bicycles").xml.replace(b">IM</TypeCode>", b">QQ</TypeCode>", 1)
    where = file_raw(world.vera, xml, "a.xml")
    world.vera.get(where)
    draft = world.vera.submit("/open", follow=False).headers["Location"].rpartition("/")[2]
    assert problem(vera.get(f"{DOOR}/{draft}/faults"), 404)
    assert vera.get(f"{DOOR}/{draft}").get_json()["status"] == "draft"
    assert vera.get(f"{DOOR}/{draft}/versions").status_code == 404
    with transaction(database) as session:
        receipt = session.scalars(sa.select(Receipt).where(Receipt.outcome == "refused")).one()
        receipt.declaration_id = session.scalars(sa.select(Declaration.id).where(Declaration._status == "draft")).one()
    told = vera.get(f"{DOOR}/{draft}/faults").get_json()
    assert (told["outcome"], told["fault_count"]) == ("refused", len(told["errors"]))
    assert told["errors"][0]["remedy"]


def test_the_timeline_names_agencies_and_no_officer(vera: Machine, filed: str, world: World) -> None:
    open_case(world.maria, vera.get(filed).get_json()["number"])
    answer = vera.get(f"{filed}/events", Accept_Language="en")
    events = [row["event"] for row in answer.get_json()["rows"]]
    assert events[:2] == ["declaration.submitted", "declaration.routed"]
    assert "review.opened" in events
    assert "review.claimed" not in events
    assert "Maria" not in answer.text


# --- changing -------------------------------------------------------------------------------------------------------


def changed(xml: bytes) -> bytes:
    return xml.replace(b"<Description>", b"<Description>New ", 1)


def test_a_change_needs_the_version_that_was_seen(vera: Machine, filed: str) -> None:
    xml = changed(vera.get(f"{filed}/versions/1/xml").data)
    assert problem(vera.post(f"{filed}/amendments", xml), 428)["code"] == "precondition-needed"
    for words in ({"If_Match": '"' + "0" * 64 + '"'}, {"If_Match": 'W/"x"'}, {"If_Match": "nonsense"}):
        body = problem(vera.post(f"{filed}/amendments", xml, **words), 412)
        assert (body["code"], body["version"]) == ("stale", "1")
    assert problem(vera.post(f"{filed}/amendments?version=2", xml), 412)["code"] == "stale"
    assert vera.get(filed).get_json()["version"] == 1


@pytest.mark.parametrize("by", ["digest", "etag", "version", "star"])
def test_a_change_makes_a_new_version(vera: Machine, filed: str, by: str) -> None:
    xml, found = changed(vera.get(f"{filed}/versions/1/xml").data), vera.get(filed)
    headers = {
        "digest": {"If_Match": f'"{found.get_json()["digest"]}"'},
        "etag": {"If_Match": found.headers["ETag"]},
        "star": {"If_Match": "*"},
    }.get(by, {})
    query = "?version=1" if by == "version" else ""
    effect = vera.post(f"{filed}/amendments/preview", xml).get_json()
    assert (effect["version"], effect["change_count"], effect["errors"]) == (1, 1, [])
    assert effect["changes"][0]["after"] == "New " + effect["changes"][0]["before"]
    assert effect["reopened"] == ["BY-GTK"]
    answer = vera.post(f"{filed}/amendments{query}", xml, **headers)
    assert answer.status_code == 201, answer.text
    body = answer.get_json()
    assert (body["number"], body["cause"], body["reopened"]) == (2, "amended", ["BY-GTK"])
    assert answer.headers["Location"] == body["link"]
    assert vera.get(filed).get_json()["digest"] == body["digest"]
    assert [row["number"] for row in vera.get(f"{filed}/versions").get_json()["rows"]] == [2, 1]
    assert vera.get(f"{filed}/versions/2/received").data == xml
    assert problem(vera.post(f"{filed}/amendments{query}", xml, **headers), 422 if by == "star" else 412)


def test_a_change_with_faults_changes_nothing(vera: Machine, filed: str, database: Database) -> None:
    xml = vera.get(f"{filed}/versions/1/xml").data
    before = counted(database)
    cases = (relabelled(xml, "OTHER"), xml.replace(b">IM<", b">QQ<", 1), b"<x/>", b"", b"PK\x03\x04", xml)
    for body in cases:
        told = problem(vera.post(f"{filed}/amendments?version=1", body), 422)
        assert told["code"] == "faults"
        assert told["errors"]
        if body.startswith((b"<?xml", b"<Decl")):
            effect = vera.post(f"{filed}/amendments/preview", body)
            codes = effect.get_json()["errors"]
            assert {one["code"] for one in codes} == {one["code"] for one in told["errors"]}
    assert set(grown(before, counted(database))) <= {"api_requests"}
    assert vera.get(filed).get_json()["version"] == 1


def test_a_preview_keeps_nothing_though_files_come_along(app: Flask, database: Database) -> None:
    anna, package = Machine(app, "anna"), packed("beef_flowers_pet")
    filed = anna.file(package.as_zip())
    again = packed("beef_flowers_pet", lrn=anna.get(filed).get_json()["lrn"])
    before = counted(database)
    effect = anna.post(f"{filed}/amendments/preview", again.as_zip())
    assert effect.status_code == 200, effect.text
    assert set(grown(before, counted(database))) <= {"api_requests"}


def test_a_change_that_is_being_written_in_the_portal_stays(vera: Machine, filed: str, world: World) -> None:
    page = vera.get(filed).get_json()["links"]["page"]
    world.vera.sign_in().get(f"{page}/change")
    world.vera.post(f"{page}/change")
    xml = changed(vera.get(f"{filed}/versions/1/xml").data)
    assert vera.post(f"{filed}/amendments?version=1", xml).status_code == 201
    with transaction(vera.app.extensions["akno.database"], writing=False) as session:
        assert session.scalars(sa.select(Declaration.draft_xml)).one() is not None


def test_what_is_taken_back_changes_no_more(vera: Machine, filed: str) -> None:
    xml = changed(vera.get(f"{filed}/versions/1/xml").data)
    for reason in ({}, {"reason": ""}, {"reason": " \n"}, {"reason": "x" * 1001}, {"reason": 5}):
        body = problem(vera.post(f"{filed}/withdraw", reason), 400)
        assert body["errors"][0]["pointer"] == "/reason"
    gone = vera.post(f"{filed}/withdraw", {"reason": "sold"})
    assert gone.get_json()["status"] == "withdrawn"
    assert gone.get_json()["turn"]["who"] == "nobody"
    assert problem(vera.post(f"{filed}/withdraw", {"reason": "sold"}), 409)["code"] == "conflict"
    assert problem(vera.post(f"{filed}/amendments?version=1", xml), 409)["code"] == "amend-closed"
    assert problem(vera.post(f"{filed}/amendments/preview", xml), 409)["code"] == "amend-closed"


# --- nobody else's --------------------------------------------------------------------------------------------------


def test_nothing_of_this_is_anybody_elses(vera: Machine, filed: str) -> None:
    anna = Machine(vera.app, "anna")
    assert anna.get(DOOR).get_json()["rows"] == []
    for part in (
        "",
        "/faults",
        "/events",
        "/versions",
        "/versions/1",
        "/versions/1/xml",
        "/versions/1/received",
        "/questions",
    ):
        assert problem(anna.get(f"{filed}{part}"), 404)["code"] == "not-found"
    for part in ("/amendments?version=1", "/amendments/preview"):
        assert problem(anna.post(f"{filed}{part}", b"<x/>"), 404)["code"] == "not-found"
    assert problem(anna.post(f"{filed}/withdraw", {"reason": "x"}), 404)["code"] == "not-found"


def test_a_key_for_reading_writes_nothing(vera: Machine, filed: str, database: Database) -> None:
    reader = Machine(vera.app)
    reader.key = key_of(database, scopes=("declaration:read",))
    assert reader.get(filed).status_code == 200
    for part in ("/amendments?version=1", "/amendments/preview"):
        assert problem(reader.post(f"{filed}{part}", b"<x/>"), 403)["code"] == "not-allowed"
    assert problem(reader.post(f"{filed}/withdraw", {"reason": "x"}), 403)["code"] == "not-allowed"


def test_a_broker_under_a_mandate_reads_and_changes_what_it_filed(app: Flask, world: World, database: Database) -> None:
    bogdan, anna = Machine(app, "bogdan"), Machine(app, "anna")
    filed = bogdan.file(packed("beef_flowers_pet").as_zip())
    xml = changed(anna.get(f"{filed}/versions/1/xml").data)
    assert anna.get(DOOR).get_json()["rows"][0]["link"] == bogdan.get(DOOR).get_json()["rows"][0]["link"] == filed
    assert bogdan.post(f"{filed}/amendments?version=1", xml).status_code == 201
    assert anna.post(f"{filed}/withdraw", {"reason": "sold"}).status_code == 200
    assert bogdan.get(filed).get_json()["status"] == "withdrawn"
