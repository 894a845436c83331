"""A check after release: asked by the agency, answered by the trader, concluded; a serious finding is signed by two."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html

from app import clock
from app.access import SYSTEM
from app.cases import answering, concluding, drawing, finders, opening
from app.cases.concluding import Conclusion, Finding
from app.cases.models import PostClearanceCheck
from app.cases.opening import Request
from app.cli import founding
from app.database import Database, session, transaction
from app.declarations.models import Declaration
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.ledger.models import Entry
from app.reviews.finders import get_review, list_reviews
from app.risk import drawing_lots, seeds
from tests.clearance import parts
from tests.factories.world import World

WHY = "Кошт утрая меншы за звычайны"


@pytest.fixture
def released(app: Flask, database: Database) -> Declaration:
    """Three of five goods items have gone."""
    with app.app_context(), transaction(database):
        declaration = parts.filed()
        parts.first_release(declaration)
        return declaration


def review_of(declaration: Declaration, who: str) -> str:
    agency = founding.actor(who).agency
    return str(next(one.id for one in list_reviews(declaration.id) if one.agency == agency))


def opened(declaration: Declaration, who: str = "maria", **more: object) -> PostClearanceCheck:
    words = {
        "ground": "risk",
        "reason": WHY,
        "items": (1, 2),
        "wanted": ("04021",),
        "asked": "Пакажыце дагавор",
        "days": 5,
    }
    by = founding.actor(who)
    review = get_review(uuid.UUID(review_of(declaration, who)), actor=by)
    return opening.open_check(review, Request(**(words | more)), by=by)  # type: ignore[arg-type]


def test_the_whole_road_by_three_people(app: Flask, world: World, database: Database, released: Declaration) -> None:
    with app.app_context(), transaction(database, writing=False):
        case = review_of(released, "maria")
    maria, anna = world.maria, world.anna
    page = maria.get(f"/cases/{case}?lang=en").text
    assert "Open a check after release" in page
    maria.get(f"/cases/{case}/post-clearance?lang=en")
    asked = maria.submit(
        "/post-clearance",
        ground="risk",
        reason=WHY,
        items=["1", "2"],
        wanted="04021, 03011",
        asked="Show the contract",
        days="5",
    )
    assert asked.status_code == 200, asked.text
    where = asked.request.path
    seen = anna.get(f"{where}?lang=en").text
    assert "Show the contract" in seen
    assert WHY not in seen, "why it is checked stays with the agency"
    assert "a risk was seen" not in seen
    assert where in anna.get(f"/packages/{released.id}").text
    assert where in maria.get("/post-clearance").text
    anna.get(where)
    sent = anna.submit("/answer", text="The contract is here", files=(io.BytesIO(b"%PDF-1.4 nothing"), "contract.pdf"))
    assert sent.status_code == 422, "not a PDF: told at its box, and what was typed is still here"
    assert "The contract is here" in sent.text
    anna.get(where)
    sent = anna.submit("/answer", text="The contract is here")
    assert "is with the agency" in sent.text
    maria.get(where)
    refused = maria.submit(
        "/conclude", **{"kind-1": "value", "weight-1": "serious", "conclusion": "The value is higher"}
    )
    assert refused.status_code == 422
    assert "number of the act" in refused.text.lower()
    maria.get(where)
    done = maria.submit(
        "/conclude", **{"kind-1": "value", "weight-1": "serious", "conclusion": "The value is higher", "act": "12/2026"}
    )
    assert "second officer" in done.text
    assert "/confirm" not in maria.get(where).text, "never by the one who wrote it"
    assert "The value is higher" not in anna.get(where).text, "not before it is signed"
    world.maksim.get(f"{where}?lang=en")
    assert "is closed" in world.maksim.submit("/confirm").text
    told = anna.get(f"{where}?lang=en").text
    assert "The value is higher" in told
    assert "appeal" in told
    rows = html.fromstring(maria.get("/post-clearance?closed=yes").text).xpath("//tbody/tr")
    assert len(rows) == 1
    with app.app_context(), transaction(database, writing=False):
        closed = session().scalars(sa.select(Entry).where(Entry.event == "check.closed")).one()
    assert (closed.payload["outcome"], closed.payload["kinds"]) == ("serious", ["value"])
    assert "ground" not in closed.payload


def test_who_does_not_know_a_check_finds_none(
    app: Flask, world: World, database: Database, released: Declaration
) -> None:
    with app.app_context(), transaction(database):
        check = opened(released)
        for who in ("vera", "olga", "nina"):
            with pytest.raises(NotFound):
                finders.get_check(check.id, actor=founding.actor(who))
        assert finders.get_check(check.id, actor=founding.actor("audit")).id == check.id


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ground": "draw"}, "PCC-GROUND"), ({"reason": " "}, "PCC-REASON"), ({"asked": ""}, "PCC-TEXT"),
        ({"items": (4,)}, "PCC-ITEMS"), ({"items": ()}, "PCC-ITEMS"), ({"wanted": ("XXXXX",)}, "PCC-WANTED"),
        ({"days": 4}, "PCC-DAYS"), ({"asked": "a b" * 2000}, "PCC-LONG"),
    ],
)  # fmt: skip
def test_a_request_says_what_is_missing(
    app: Flask, database: Database, released: Declaration, more: dict[str, object], code: str
) -> None:
    with app.app_context(), transaction(database), pytest.raises(Invalid) as refused:
        opened(released, **more)
    assert [one.code for one in refused.value.faults] == [code]
    assert all(one.message[language] for one in refused.value.faults for language in ("be", "ru", "en"))


def test_one_open_check_of_an_agency_at_a_time(app: Flask, database: Database, released: Declaration) -> None:
    with app.app_context(), transaction(database):
        first = opened(released)
        with pytest.raises(Conflict):
            opened(released, who="maksim")
        opening.drop(first, reason="Памылкова адкрыта", by=founding.actor("maria"))
        assert opened(released, who="maksim").ordinal == 2


def test_nothing_is_checked_before_it_has_gone(app: Flask, database: Database) -> None:
    with app.app_context(), transaction(database):
        declaration = parts.filed()
        with pytest.raises(NotAllowed):
            opened(declaration)


def test_silence_is_written_down_once_and_a_late_answer_is_read(
    app: Flask, database: Database, released: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction(database):
        check = opened(released)
    later = check.due_at + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with app.app_context(), transaction(database):
        assert answering.due_lapses() == [check.id]
        answering.lapse(check.id)
        answering.lapse(check.id)
        assert answering.due_lapses() == []
        lapsed = finders.lock_check(check.id)
        assert (lapsed.status, lapsed.lapsed_at) == ("examining", later)
        late = answering.answer(lapsed, text="Спазніліся", files=(), by=founding.actor("anna"))
        assert late.answer == "Спазніліся"
        closed = concluding.conclude(
            late, Conclusion((Finding(None, "none", "none"),), "Усё як заяўлена"), by=founding.actor("maria")
        )
        assert (closed.status, closed.outcome) == ("closed", "none")
        with pytest.raises(Conflict):
            answering.answer(closed, text="Яшчэ", files=(), by=founding.actor("anna"))


def test_the_second_officer_returns_it_with_a_reason(app: Flask, database: Database, released: Declaration) -> None:
    heavy = Conclusion((Finding(2, "origin", "serious"), Finding(1, "none", "none")), "Іншае паходжанне", "7/26")
    with app.app_context(), transaction(database):
        check = opened(released)
        answering.answer(check, text="Вось", files=(), by=founding.actor("anna"))
        check = concluding.conclude(check, heavy, by=founding.actor("maria"))
        with pytest.raises(NotAllowed):
            concluding.confirm(check, by=founding.actor("maria"))
        with pytest.raises(NotAllowed):
            concluding.confirm(check, by=founding.actor("oleg"))
        with pytest.raises(Invalid):
            concluding.give_back(check, reason="", by=founding.actor("maksim"))
        back = concluding.give_back(check, reason="Няма акта лабараторыі", by=founding.actor("maksim"))
        assert (back.status, back.second_by_name) == ("examining", "Максім Мытнік")
        again = concluding.conclude(back, heavy, by=founding.actor("maria"))
        assert concluding.confirm(again, by=founding.actor("ihar")).status == "closed"


def test_the_lot_opens_what_its_seed_says(
    app: Flask, database: Database, released: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are drawn with a share of a thousand, none with a share of none; the auditor computes the same."""
    monkeypatch.setattr(
        drawing,
        "shares",
        lambda: {"BY-GTK": drawing.Share(1000, ("04021",), 10, {}), "BY-MPR": drawing.Share(0, (), 10, {})},
    )
    with app.app_context():
        with transaction(database):
            while drawing.follow():
                pass
        with transaction(database):
            drawing.follow()
            rows = finders.list_of_package(released.id)
            assert [(one.agency, one.ground, one.items, one.opened_by_name) for one in rows] == [
                ("BY-GTK", "draw", [1, 2, 3], "")
            ]
            number = session().get_one(Declaration, released.id).number or ""
            assert drawing_lots.drawn(seeds.seed_of(clock.today()), number, "BY-GTK", 1000, drawing.PURPOSE)
            assert (
                session().scalars(sa.select(Entry.organisation_id).where(Entry.event == "check.opened")).one()
                == SYSTEM.organisation_id
            )
