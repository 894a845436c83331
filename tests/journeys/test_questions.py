"""Questions to the trader: asked, answered, not answered, asked by two agencies, asked on."""

from __future__ import annotations

import io
from typing import Any

import sqlalchemy as sa
from lxml import html

from app.cli.packing import stand_in
from app.database import transaction
from app.declarations.models import Declaration
from app.reviews.models import Review
from tests.factories.world import Someone, World
from tests.journeys.roads import file_xml, packed, state

VET, CUSTOMS = "BY-DVPN", "BY-GTK"
VET_CERTIFICATE = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[2]"


def text_of(page: Any) -> str:
    """The words of a page, blanks made one."""
    return " ".join(html.fromstring(page.text).text_content().split())


def case_of(officer: Someone, number: str, agency: str) -> str:
    """The address of the case an agency has now."""
    with transaction(officer.app.extensions["akno.database"], writing=False) as session:
        query = (
            sa.select(Review.id)
            .join(Declaration, Declaration.id == Review.declaration_id)
            .where(Declaration.number == number, Review.agency == agency, Review._status != "superseded")
        )
        return f"/cases/{session.scalars(query).one()}"


def ask(officer: Someone, number: str, path: str = VET_CERTIFICATE, *, agency: str = VET, **fields: Any) -> Any:
    """Claim the case and send a question; returns the page that answers."""
    case = case_of(officer, number, agency)
    officer.get(f"{case}/ask?path={path}")
    said = {"sign": "UNCLEAR", "text": "The seal on page two cannot be read.", "wanted": ["01201"], "on_silence": "on-file"}
    return officer.submit("/ask", **(said | fields))


def test_an_officer_asks_and_the_trader_sees_it(world: World) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, where)["number"]
    page = ask(world.olga, number)
    assert page.status_code == 200, text_of(page)[:800]
    assert "The seal on page two cannot be read." in page.text
    assert state(world.anna, where)["status"] == "awaiting-trader"


def answer(trader: Someone, where: str, number: int = 1, **fields: Any) -> Any:
    """Open the page of a question and send the answer."""
    page = trader.get(f"{where}/questions/{number}")
    assert page.status_code == 200
    return trader.submit(f"/questions/{number}", **fields)


def test_words_alone_let_the_review_go_on(world: World) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, where)["number"]
    ask(world.olga, number)
    shown = world.anna.get(where)
    assert "Answer question 1" in text_of(shown) or "1" in text_of(shown)
    page = answer(world.anna, where, text="It is the round seal of the district.")
    assert page.status_code == 200, text_of(page)[:1500]
    found = state(world.anna, where)
    assert found["status"] == "under-review"
    assert found["version"] == 1
    case = world.olga.get(case_of(world.olga, number, VET))
    assert "It is the round seal of the district." in case.text


def test_a_better_certificate_makes_a_version(world: World) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, where)["number"]
    ask(world.olga, number)
    page = answer(
        world.anna, where, text="Here is the new one.",
        **{
            "paper-1-number": "UA-VET-26-771299", "paper-1-issued": "20.11.2026",
            "paper-1-file": (io.BytesIO(stand_in("01201", "UA-VET-26-771299")), "certificate.pdf"),
        },
    )  # fmt: skip
    assert page.status_code == 200, text_of(page)[:1500]
    found = state(world.anna, where)
    assert found["status"] == "under-review"
    assert found["version"] == 2
