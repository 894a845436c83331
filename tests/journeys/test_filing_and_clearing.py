"""Packages that go the whole road, told by those who file and those who sign."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from app.declarations.codec import canonical
from app.declarations.wco import read
from tests.factories.world import World
from tests.journeys.roads import agencies_asked, faults_of, file_bytes, file_xml, packed, sign_all, state


def test_anna_imports_beef_roses_and_pet_flakes(world: World, worker, tmp_path: Path) -> None:
    """(a) Three agencies and customs judge; the clearance comes back with the very XML in it and anyone can verify it."""
    package = packed("beef_flowers_pet")
    where = file_xml(world.anna, package)
    assert where.startswith("/packages/")
    filed = state(world.anna, where)
    assert filed["status"] == "under-review"
    assert agencies_asked(filed) == {"BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-GTK"}
    released = sign_all(world, world.anna, where)
    assert released["status"] == "released"
    worker.drain()
    clearance = state(world.anna, where)["clearance"]
    assert clearance["status"] == "issued"
    pdf = world.anna.browser.get(clearance["download"]).data
    assert hashlib.sha256(pdf).hexdigest() == clearance["sha256"]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        attached = opened.attachments["declaration.xml"].get_file().read_bytes()
    assert attached == canonical(read(package.xml).tree)
    assert hashlib.sha256(attached).hexdigest() == released["digest"]
    (tmp_path / "clearance.pdf").write_bytes(pdf)
    stranger = world.app.test_client().get(clearance["verify"])
    assert stranger.status_code == 200
    assert clearance["number"] in stranger.text
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not on this machine: the text of the PDF is not read")
    text = subprocess.run(
        ["pdftotext", tmp_path / "clearance.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert clearance["number"] in text
    assert released["number"] in text


def test_vera_imports_bicycles_and_nobody_but_customs_is_asked(world: World) -> None:
    """(b) 8712 touches only customs, and no question is asked."""
    package = packed("bicycles")
    assert b"<StatementTypeCode>REQ</StatementTypeCode>" not in package.xml
    where = file_xml(world.vera, package)
    assert agencies_asked(state(world.vera, where)) == {"BY-GTK"}
    assert sign_all(world, world.vera, where)["status"] == "released"


def test_beef_changed_to_bicycles_loses_the_veterinary_lane(world: World) -> None:
    package = packed("beef_flowers_pet")
    changed = package.xml.replace(b"<ID>0201300000</ID>", b"<ID>8712003000</ID>")
    file_xml(world.anna, package)
    where = file_bytes(world.anna, changed.replace(b"BMT-26", b"BMT-27"), "package.xml")
    assert agencies_asked(state(world.anna, where)) == {"BY-GGISKZR", "BY-MPR", "BY-GTK"}


def test_les_exports_sawn_timber_to_germany(world: World) -> None:
    """(i) Phytosanitary and customs."""
    where = file_xml(world.les, packed("timber_export"))
    assert agencies_asked(state(world.les, where)) == {"BY-GGISKZR", "BY-GTK"}
    assert sign_all(world, world.les, where)["status"] == "released"


def test_bogdan_carries_dangerous_goods_from_russia_to_poland(world: World) -> None:
    """(j) Transport and customs."""
    where = file_xml(world.bogdan, packed("dangerous_transit"))
    assert agencies_asked(state(world.bogdan, where)) == {"BY-TI", "BY-GTK"}
    assert sign_all(world, world.bogdan, where)["status"] == "released"


def test_sofia_imports_solar_panels_and_an_agency_only_issues(world: World) -> None:
    """(k) The issuing agency has a lane but no review: customs decides under its name."""
    where = file_xml(world.sofia, packed("solar_panels"))
    found = state(world.sofia, where)
    assert agencies_asked(found) == {"BY-GTK"}
    issuing = [lane for lane in found["lanes"] if lane["mode"] == "issues"]
    assert [lane["agency"] for lane in issuing] == ["BY-GOSSTANDART"]
    assert issuing[0]["measures"]
    assert sign_all(world, world.sofia, where)["status"] == "released"


def test_anna_forgets_a_permit_adds_it_and_files_again(world: World) -> None:
    """(l) A permit removed: DOC-MISSING names the measure, the act and the issuer; added, the same reference is filed."""
    package = packed("beef_flowers_pet")
    without = package.xml.replace(b"<TypeCode>01202</TypeCode>", b"<TypeCode>01999</TypeCode>")
    where = file_xml(world.anna, type(package)(without, package.files))
    assert where.startswith("/receipts/")
    missing = [fault for fault in faults_of(world.anna, where) if fault["code"] == "DOC-MISSING"]
    assert len(missing) == 1
    assert "317" in missing[0]["message"]["en"] + missing[0]["remedy"]["en"]
    again = file_bytes(world.anna, package.xml, "package.xml")
    assert again.startswith("/packages/")


@pytest.mark.parametrize("name", ["beef_flowers_pet", "bicycles", "timber_export", "solar_panels", "dangerous_transit"])
def test_a_zip_is_the_same_package(world: World, name: str) -> None:
    who = {
        "beef_flowers_pet": world.anna,
        "bicycles": world.vera,
        "timber_export": world.les,
        "solar_panels": world.sofia,
    }.get(name, world.bogdan)
    where = file_bytes(who, packed(name).as_zip(), "package.zip")
    assert where.startswith("/packages/"), faults_of(who, where)
