"""The pages of those who announce, and the flow of arrivals that officers see."""

from __future__ import annotations

import io
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.database import Database, session, transaction
from app.ledger.models import Entry
from tests.advance import messages
from tests.advance.messages import bicycles, key_of, xml
from tests.conftest import Drain
from tests.factories.world import World


def test_the_form_registers_and_loses_nothing_when_it_is_refused(world: World) -> None:
    world.stas.get("/advance/new?lang=en")
    assert messages.UNP["carrier"] in world.stas.page.text
    planned = (clock.now() + timedelta(hours=1)).astimezone(clock.MINSK)
    typed = {
        "reference": "ШЛЯХ-7", "direction": "import", "mode": "3", "vehicle": "ab 1234-5", "post": "BP-KOZ",
        "planned_on": f"{planned:%d.%m.%Y}", "planned_time": f"{planned:%H:%M}", "dispatch": "PL",
        "consignee": messages.UNP["velo"], "route": "PL\nBY BP-KOZ\nBY BYMSQ", "containers": "MSKU1234565: S-1, S-2",
        "goods-2-code": "8712 00", "goods-2-description": "Веласіпеды", "goods-2-origin": "cn", "goods-2-gross": "2 400,5",
    }  # fmt: skip
    answer = world.stas.submit("/advance/new", **typed)
    assert answer.status_code == 422
    assert "less time before the arrival than this mode" in answer.text
    for text in ("ШЛЯХ-7", "MSKU1234565: S-1, S-2", "Веласіпеды", "BY BYMSQ"):
        assert text in answer.text
    later = (clock.now() + timedelta(hours=9)).astimezone(clock.MINSK)
    answer = world.stas.submit("/advance/new", planned_on=f"{later:%d.%m.%Y}", planned_time=f"{later:%H:%M}")
    assert "Registered under the number BY/" in answer.text
    page = world.stas.get(answer.request.path + "/change?lang=en")
    assert "2400.5" in page.text
    answer = world.stas.submit("/change", **{"goods-1-origin": "VN"})
    assert "version 2" in answer.text
    world.stas.get(answer.request.path)
    answer = world.stas.submit("/withdraw", reason="")
    assert "It is not said why" in answer.text
    answer = world.stas.submit("/withdraw", reason="Замова адменена")
    assert "Withdrawn" in answer.text


def test_an_empty_form_says_everything_at_its_box(world: World) -> None:
    world.vera.get("/advance/new?lang=en")
    answer = world.vera.submit("/advance/new", mode="", direction="")
    assert answer.status_code == 422
    for box in ("reference", "vehicle", "planned_on", "goods-1-code", "direction", "dispatch"):
        assert f'href="#{box}"' in answer.text
    more = world.vera.submit("/advance/new", more="yes", reference="KEPT-1")
    assert 'name="goods-5-code"' in more.text
    assert "KEPT-1" in more.text


def test_a_file_that_is_refused_is_kept_with_its_receipt(world: World) -> None:
    world.stas.get("/advance/file?lang=en")
    answer = world.stas.submit("/advance/file", message=(io.BytesIO(b"<x" + b" " * (3 * 1024 * 1024)), "big.xml"))
    assert "larger than 2 MB" in answer.text
    assert "Receipt P-" in answer.text
    world.stas.get("/advance/file?lang=en")
    answer = world.stas.submit("/advance/file", message=(io.BytesIO(xml()), "trip.xml"))
    assert "Registered under the number BY/" in answer.text


def test_officers_see_what_comes_by_post_and_hour(app: Flask, database: Database, world: World, worker: Drain) -> None:
    carrier = key_of(app, database, "stas", "advance")
    for serial, (post, hours) in enumerate((("BP-KOZ", 5), ("BP-KOZ", 5), ("BP-BRU", 11), ("BP-KLO", 200))):
        planned = clock.now().replace(second=0, microsecond=0) + timedelta(hours=hours)
        body = xml(reference=f"T-{serial}", post=post, planned_at=planned, route=())
        answer = app.test_client().post(
            "/api/v1/advance", data=body, headers=carrier | {"Idempotency-Key": f"k{serial}"}
        )
        assert answer.status_code == 201, answer.text
    page = world.maria.get("/arrivals?lang=en").text
    flow, _mark, rows = page.partition("List of expected arrivals")
    assert "<strong>2</strong>" in flow
    assert "Kamenny Log" not in flow.rpartition("<tbody>")[2]
    assert rows.count('class="number">BY/') == 4
    one = world.maria.get("/arrivals?post=BP-BRU&lang=en").text.partition("List of expected arrivals")[2]
    assert one.count('class="number">BY/') == 1
    day = (clock.now() + timedelta(hours=200)).astimezone(clock.MINSK)
    later = world.maria.get(f"/arrivals?day={day:%d.%m.%Y}&lang=en").text.partition("List of expected arrivals")[2]
    assert later.count('class="number">BY/') == 1
    assert "Nothing that fits is expected" in world.maria.get("/arrivals?lane=red&lang=en").text
    assert world.maria.get("/arrivals?cursor=nonsense").status_code == 404
    # Bicycles are nothing for a veterinary officer.
    assert "Nothing that fits is expected" in world.olga.get("/arrivals?lang=en").text


def test_the_reading_of_the_auditor_is_remembered(app: Flask, database: Database, world: World) -> None:
    carrier = key_of(app, database, "stas", "advance")
    made = app.test_client().post("/api/v1/advance", data=xml(), headers=carrier | {"Idempotency-Key": "k"}).get_json()
    assert world.audit.get(f"/arrivals/{made['id']}").status_code == 200
    world.maria.get(f"/arrivals/{made['id']}")
    with transaction(database, writing=False):
        read = sa.select(sa.func.count()).select_from(Entry).where(Entry.event == "advance.read")
        assert session().scalar(read) == 1


def test_the_list_of_a_house_goes_page_by_page(app: Flask, database: Database, world: World) -> None:
    carrier = key_of(app, database, "stas", "advance")
    for serial in range(27):
        body = xml(reference=f"T-{serial:02}", goods=(bicycles().goods[0],))
        app.test_client().post("/api/v1/advance", data=body, headers=carrier | {"Idempotency-Key": f"k{serial}"})
    first = app.test_client().get("/api/v1/advance", headers=carrier).get_json()
    second = app.test_client().get(f"/api/v1/advance?cursor={first['next']}", headers=carrier).get_json()
    seen = [row["reference"] for row in first["rows"] + second["rows"]]
    assert seen == [f"T-{serial:02}" for serial in reversed(range(27))]
    assert [row["number"][-9:] for row in first["rows"]][:2] == ["000000027", "000000026"]
    assert app.test_client().get("/api/v1/advance?cursor=x", headers=carrier).status_code == 404
