"""F1, R27 on the road of a package: held until clean, stopped where something is found, and mended."""

from __future__ import annotations

import io

from tests.factories.world import Someone, World
from tests.journeys.roads import file_bytes, file_xml, open_case, packed, state
from tests.scanning.conftest import Scene
from tests.scanning.guard import MARKER


def upload(who: Someone, data: bytes, name: str = "paper.xml") -> str:
    """Bring a file; return the address of the newest file of the library."""
    who.get("/documents")
    answer = who.post("/documents", files=[(io.BytesIO(data), name)], follow=True)
    assert answer.status_code == 200, answer.text
    return str(who.page.xpath("//a[contains(@href, '/file')]/@href")[0]) if hasattr(who.page, "xpath") else ""


def test_a_package_is_registered_at_once_and_routed_when_its_files_are_clean(world: World, scene: Scene) -> None:
    address = file_xml(world.anna, packed("beef_flowers_pet"))
    found = state(world.anna, address)
    assert (found["status"], any(one["status"] for one in found["lanes"])) == ("registered", False)
    assert found["number"]
    assert found["number"] not in world.olga.get("/queue").text
    scene.look()
    assert state(world.anna, address)["status"] == "under-review"
    open_case(world.olga, found["number"])
    assert [one["result"] for one in scene.events("document.scanned")] == ["clean"] * len(scene.events("document.scanned"))


def test_nothing_moves_while_the_scanner_is_away(world: World, scene: Scene) -> None:
    address = file_xml(world.vera, packed("bicycles"))
    scene.set(clamd_socket="/nowhere/at.all")
    scene.look()
    assert state(world.vera, address)["status"] == "registered"
