"""Advantages are real: a document that is not shown, a register for machines, letters, and the figures of one's own page."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import etree, html

from app.cli import accrediting, founding
from app.cli.accrediting import COUNTRY
from app.cli.packing import Packed, pack
from app.database import Database, session, transaction
from app.declarations.schema import NAMESPACE
from app.insights.accredited import Figures, figures_of
from app.notifications.following import follow
from app.notifications.models import Notice
from app.traders import ending, finders
from app.traders.deciding import Appeal
from tests.declarations.test_drafts_foreign import open_draft
from tests.factories.world import World
from tests.intake.arrivals import bearer, key_of
from tests.journeys.roads import file_xml, open_case, packed, state

OPERATOR = COUNTRY[0]
CONTRACT = "03011"
_NS = {"d": NAMESPACE}


def without_contract() -> Packed:
    """Our bicycles, without the contract of sale."""
    tree = etree.fromstring(packed("bicycles").xml)
    for one in tree.xpath(f"//d:AdditionalDocument[d:TypeCode='{CONTRACT}']", namespaces=_NS):
        one.getparent().remove(one)
    return pack(tree, lrn=None)


def accredit(database: Database, given: Any = OPERATOR) -> str:
    with transaction(database):
        return str(accrediting.give(given).id)


def test_an_operator_keeps_its_contract_and_a_stranger_shows_it(world: World, database: Database) -> None:
    stopped = world.vera.get(file_xml(world.vera, without_contract()))
    assert "DOC-MISSING" in stopped.text or CONTRACT in stopped.text
    key = accredit(database)
    where = file_xml(world.vera, without_contract())
    assert where.startswith("/packages/"), where
    with transaction(database):
        made = finders.get_accreditation(uuid.UUID(key), actor=founding.actor("vera"))
        number = made.number
        ending.suspend(
            made, ground="AEO-CASE", reason="Справа", appeal=Appeal("Суд", "", 30), by=founding.actor("ihar")
        )
    assert number
    case = open_case(world.maria, state(world.vera, where)["number"])
    reasons = re.sub(r"\s+", " ", html.fromstring(world.maria.get(f"{case}?lang=en").text).text_content())
    assert f"{CONTRACT} {number} (kept by the accredited trader)" in reasons, "the lane explains it"
    again = file_xml(world.vera, without_contract())
    assert not again.startswith("/packages/"), "the advantage ended with the suspension"


def test_the_register_by_machine_names_organisations_and_no_person(
    app: Flask, world: World, database: Database
) -> None:
    accredit(database)
    answer = app.test_client().get("/api/v1/accreditations")
    assert answer.status_code == 200, answer.text
    [line] = answer.get_json()["rows"]
    assert (line["unp"], line["kind"], line["type"], line["holds"]) == ("192381579", "aeo", "2", True)
    assert set(line) == {
        "number", "kind", "type", "title", "agency", "holder", "unp", "state", "holds", "valid_from", "valid_to", "scope",
    }  # fmt: skip
    for name in ("Вера", "Марыя", "Мікола", "BG-2026"):
        assert name not in answer.text
    assert app.test_client().get("/api/v1/accreditations?q=nobody").get_json()["rows"] == []
    assert app.test_client().get("/api/v1/accreditations?cursor=bent").status_code == 404
    assert app.test_client().get("/api/v1/accreditations/own").status_code == 401
    own = app.test_client().get("/api/v1/accreditations/own", headers=bearer(key_of(database)))
    [held] = own.get_json()["rows"]
    assert held["guarantee"]["reference"] == "BG-2026-0117"
    assert {one["code"] for one in held["advantages"]} >= {"lower-score", "sooner", "fewer-documents"}


def test_the_register_is_a_file_too(app: Flask, world: World, database: Database) -> None:
    accredit(database)
    sheet = app.test_client().get("/accreditations/export.csv?q=Вела")
    assert sheet.status_code == 200
    assert "192381579" in sheet.get_data(as_text=True)
    assert "Вера" not in sheet.get_data(as_text=True)


def test_the_trader_is_told_at_once_and_nobody_else(app: Flask, world: World, database: Database) -> None:
    key = accredit(database)
    with app.app_context(), transaction(database):
        while follow():
            pass
    page = world.vera.get("/notices?lang=en").text
    assert "An accreditation is granted to you" in page
    with transaction(database, writing=False):
        paths = set(session().scalars(sa.select(Notice.path).where(Notice.event == "accreditation.granted")))
    assert paths == {f"/accreditation/{key}"}
    assert "accreditation is granted" not in world.anna.get("/notices?lang=en").text
    chief = world.mikola.get("/notices?lang=en").text
    assert "accreditation is granted" not in chief
    assert "An accreditation waits for your decision" in chief
    assert "waits for your decision" not in world.maria.get("/notices?lang=en").text, "she examined it"
    assert "A trader applies for an accreditation" in world.maksim.get("/notices?lang=en").text
    assert "applies for an accreditation" not in world.nina.get("/notices?lang=en").text, "another agency"


def test_figures_wait_until_there_are_enough(world: World, database: Database) -> None:
    accredit(database)
    page = html.fromstring(world.vera.get("/accreditation?lang=en").text)
    text = re.sub(r"\s+", " ", page.text_content())
    assert "no figures yet" in text
    assert "Half the waiting time" in text
    assert not page.xpath("//figure")
    with transaction(database, writing=False):
        figures = figures_of(founding.actor("vera").organisation_id)
    assert (figures.packages, figures.own_minutes, figures.automatic) == (0, None, None)


@pytest.mark.pure
def test_the_longer_bar_is_whole() -> None:
    assert Figures(9, 30, 120, 9, 3, 2).bars == (25, 100)
    assert Figures(9, 30, 10, 9, 3, 2).bars == (100, 33)
    assert not Figures(9, None, 10, 9, 3, 2).known


def test_the_draft_says_which_paper_need_not_be_shown(world: World, database: Database) -> None:
    accredit(database)
    draft = open_draft(world, database, etree.fromstring(without_contract().xml), "vera")
    page = re.sub(r"\s+", " ", html.fromstring(world.vera.get(f"{draft}/documents?lang=en").text).text_content())
    assert "Your accreditation BY/AEO2/" in page
    assert "You keep this paper and show it when asked" in page
