"""F1, R27 on the road of a package: held until clean, stopped where something is found, and mended."""

from __future__ import annotations

import io
from datetime import timedelta

from lxml import html

from app import clock
from app.database import transaction
from app.documents import storage
from app.documents.storage import QUARANTINE
from app.intake import holding
from app.intake.models import Hold
from app.notifications.models import Notice
from tests.conftest import Drain
from tests.factories.world import Someone, World
from tests.intake.arrivals import bearer, key_of, post
from tests.journeys.roads import file_bytes, file_xml, open_case, packed, state, upload_documents
from tests.scanning.conftest import Scene
from tests.scanning.papers import infected, marked, mended


def files_of(who: Someone, path: str) -> list[str]:
    """The addresses of files that a page leads to."""
    return [str(one) for one in html.fromstring(who.get(path).text).xpath("//main//a/@href") if "/file" in str(one)]


def test_f1_a_package_is_registered_at_once_and_routed_when_everything_is_clean(world: World, scene: Scene) -> None:
    """R27: registered within its request, seen by nobody; routed by the worker after its last file."""
    address = file_bytes(world.anna, packed("beef_flowers_pet").as_zip(), "package.zip")
    held = state(world.anna, address)
    assert (held["status"], held["held"], held["turn"]["who"]) == ("registered", "scanning", "nobody")
    assert held["number"]
    assert held["number"] not in world.olga.get("/queue").text
    page = world.anna.get(address)
    assert "being scanned" in page.text
    assert "When its files are clean it goes to" in page.text
    assert "0 of 0" not in page.text
    assert not files_of(world.anna, address)
    assert world.anna.get(f"{address}/received").status_code == 409
    scene.look()
    assert "our own are enough" in world.anna.get("/health").text
    routed = state(world.anna, address)
    assert (routed["status"], routed["held"]) == ("under-review", None)
    assert files_of(world.anna, address)
    assert world.anna.get(f"{address}/received").status_code == 200
    open_case(world.olga, held["number"])
    assert {one["result"] for one in scene.events("document.scanned")} == {"clean"}
    assert [len(one["files"]) > 0 for one in scene.events("declaration.held")] == [True]


def test_f1_an_infected_file_stops_its_package_and_a_clean_copy_lets_it_go_on(world: World, scene: Scene) -> None:
    bad, name = infected(lrn="STOPPED-1")
    address = file_bytes(world.anna, bad.as_zip(), "package.zip")
    scene.look()
    stopped = state(world.anna, address)
    assert (stopped["status"], stopped["held"]) == ("registered", "stopped")
    page = world.anna.get(address).text
    assert "malicious software" in page
    assert name in page
    assert stopped["number"] not in world.olga.get("/queue").text
    assert not [one for one in files_of(world.anna, address) if name in one]
    scene.look()
    assert len(scene.events("declaration.stopped")) == 1, "told once"
    Drain(world.app).follow()
    told = [(one.event, one.path) for one in scene.rows(Notice)]
    assert ("declaration.stopped", f"{address}#held") in told
    assert ("document.scanned", "/documents") in told
    # The same number goes on with a clean copy.
    good = mended(bad, name)
    upload_documents(world.anna, good)
    key = key_of(
        world.app.extensions["akno.database"], "anna", ("declaration:submit", "declaration:read", "declaration:amend")
    )
    tag = (
        world.app.test_client()
        .get(f"/api/v1/declarations/{address.rpartition('/')[2]}", headers=bearer(key))
        .headers["ETag"]
    )
    sent = world.app.test_client().post(
        f"/api/v1/declarations/{address.rpartition('/')[2]}/amendments",
        data=good.xml, headers=bearer(key, **{"If-Match": tag, "Content-Type": "application/xml"}),
    )  # fmt: skip
    assert sent.status_code in (200, 201), sent.text
    assert state(world.anna, address)["held"] == "scanning"
    scene.look()
    assert state(world.anna, address)["status"] == "under-review"
    open_case(world.olga, stopped["number"])


def test_f1_what_is_infected_can_be_fetched_by_nobody_and_lies_in_quarantine(world: World, scene: Scene) -> None:
    bad, name = infected()
    upload_documents(world.anna, bad)
    places = files_of(world.anna, "/documents")
    assert not places, "nothing is open before the scan"
    scene.look()
    document = next(one for one in scene.events("document.scanned") if one["result"] == "infected")
    with world.app.app_context():
        store = storage.store()
    assert not store.has(document["sha256"])
    assert (store.root / QUARANTINE / document["sha256"]).stat().st_mode & 0o777 == 0o400
    library = world.anna.get("/documents").text
    assert "malicious software found" in library
    # Brought once more it is refused at the door, kept nowhere, and a package that names it is a fault.
    again = world.anna.post("/documents", files=[(io.BytesIO(bad.files[name]), "other-name.pdf")])
    assert again.status_code == 422
    assert "contains a virus" in again.text
    assert not store.has(document["sha256"])
    receipt = file_xml(world.anna, bad, documents=False)
    assert "/receipts/" in receipt
    assert "contains a virus" in world.anna.get(receipt).text
    assert store.purge(document["sha256"])
    assert not store.purge(document["sha256"])
    store.put(bad.files[name])
    assert not store.has(document["sha256"]), "what was wiped is not kept again"


def test_f1_the_package_itself_is_scanned_as_it_arrived(world: World, scene: Scene) -> None:
    from tests.scanning.guard import MARKER

    body = packed("bicycles").xml.replace(b"</Declaration>", b"<!--" + MARKER + b"--></Declaration>")
    address = file_bytes(world.vera, body, "package.xml")
    assert "/packages/" in address
    scene.look()
    assert state(world.vera, address)["held"] == "stopped"
    for path in (f"{address}/received", f"{address}/values"):
        assert world.vera.get(path).status_code in (200, 403)
    assert world.vera.get(f"{address}/received").status_code == 403


def test_f1_a_look_that_comes_too_early_routes_nothing(world: World, scene: Scene) -> None:
    """Between the list of what is due and the look at one of them a file may have changed: the look itself asks."""
    address = file_xml(world.vera, packed("bicycles"))
    (held,) = scene.rows(Hold)
    with world.app.app_context(), transaction(world.app.extensions["akno.database"]):
        holding.act(held.declaration_id)
    assert (state(world.vera, address)["status"], state(world.vera, address)["held"]) == ("registered", "scanning")
    assert scene.events("declaration.routed") == []


def test_r27_while_the_scanner_is_away_everything_waits_and_five_minutes_later_it_is_told(
    world: World, scene: Scene, monkeypatch
) -> None:
    scene.set(clamd_socket="/nowhere/at.all")
    address = file_xml(world.vera, packed("bicycles"))
    scene.look()
    assert state(world.vera, address)["held"] == "scanning"
    assert world.vera.get("/health").status_code == 200
    assert scene.events("scanner.stopped") == []
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    scene.look()
    scene.look()
    assert scene.events("scanner.stopped") == [{"because": "down"}]
    health = world.app.test_client().get("/readyz").get_json()
    assert (health["status"], health["scanning"]["state"]) == ("ready", "down")
    assert "has not worked since" in world.vera.get(address).text
    assert world.vera.get("/documents").status_code == 200


def test_r27_no_scanner_outside_the_demonstration_holds_everything(world: World, scene: Scene) -> None:
    scene.set(scanner="none", demonstration=False)
    address = file_xml(world.vera, packed("bicycles"))
    scene.look()
    assert state(world.vera, address)["held"] == "scanning"
    assert "no scanner is configured" in world.vera.get(address).text
    assert (
        world.app.test_client().get("/health", headers={"Accept": "application/json"}).get_json()["scanning"]["state"]
        == "none"
    )


def test_r27_our_own_signatures_are_no_scanner_outside_the_demonstration(world: World, scene: Scene) -> None:
    scene.set(demonstration=False)
    address = file_xml(world.vera, packed("bicycles"))
    scene.look()
    assert state(world.vera, address)["held"] == "scanning"
    assert "no official signatures" in world.vera.get(address).text


def test_r27_a_file_too_large_for_the_scanner_stays_closed_and_says_so(world: World, scene: Scene) -> None:
    scene.set(scanner_max_bytes=500)
    upload_documents(world.anna, packed("beef_flowers_pet"))
    scene.look()
    assert "too large to be scanned" in world.anna.get("/documents").text
    assert not files_of(world.anna, "/documents")


def test_an_unscanned_file_is_a_conflict_with_a_code_for_software(world: World, scene: Scene) -> None:
    key = key_of(
        world.app.extensions["akno.database"], "vera", ("document:upload", "document:read", "declaration:submit")
    )
    sent = world.app.test_client().post(
        "/api/v1/documents", data=marked(next(iter(packed("beef_flowers_pet").files.values()))),
        headers=bearer(key, **{"Content-Type": "application/pdf", "X-File-Name": "paper.pdf"}),
    )  # fmt: skip
    assert (sent.status_code, sent.get_json()["scan"]) == (201, "not scanned")
    file = sent.get_json()["links"]["file"]
    answer = world.app.test_client().get(file, headers=bearer(key))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "not-scanned")
    scene.look()
    assert (
        world.app.test_client().get(sent.get_json()["links"]["self"], headers=bearer(key)).get_json()["scan"]
        == "infected"
    )
    assert world.app.test_client().get(file, headers=bearer(key)).status_code == 403


def test_a_held_package_can_be_taken_back(world: World, scene: Scene) -> None:
    address = file_xml(world.vera, packed("bicycles"))
    world.vera.get(f"{address}/withdraw")
    assert world.vera.post(f"{address}/withdraw", reason="Not needed any more").status_code == 303
    scene.look()
    assert state(world.vera, address)["status"] == "withdrawn"


def test_the_same_filing_by_software_says_that_it_is_held(world: World, scene: Scene) -> None:
    key = key_of(world.app.extensions["akno.database"])
    sent = post(world.app, key, packed("bicycles").xml)
    assert sent.status_code == 201, sent.text
    shown = world.app.test_client().get(sent.headers["Location"], headers=bearer(key)).get_json()
    assert (shown["status"], shown["held"]) == ("registered", "scanning")
