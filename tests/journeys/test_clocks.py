"""The legal clocks as people meet them: working time, a question over a weekend, an extension, a deadline that passes."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine
from lxml import html

from app.clock import MINSK, today
from app.database import Database, transaction
from app.declarations.models import Declaration
from app.ledger.models import Entry
from app.reviews.calendars import calendar_of
from app.reviews.models import Review
from tests.factories.world import Someone, World
from tests.journeys.roads import file_xml, packed, state

VET, CUSTOMS = "BY-DVPN", "BY-GTK"
FULL_DAY = 480


def friday() -> date:
    """The next Friday which is, like the Monday after it, a whole working day of the veterinarians."""
    day, calendar = today() + timedelta(days=1), calendar_of(VET)
    while True:
        monday = day + timedelta(days=3)
        whole = [calendar.between(minsk(one, 0), minsk(one, 23)) == FULL_DAY for one in (day, monday)]
        if day.weekday() == 4 and all(whole) and not calendar.is_working(minsk(day + timedelta(days=1), 12)):
            return day
        day += timedelta(days=1)


def minsk(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), MINSK)


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.text).text_content())


def review_of(database: Database, number: str, agency: str) -> Review:
    with transaction(database, writing=False) as session:
        query = sa.select(Review).join(Declaration, Declaration.id == Review.declaration_id)
        found = query.where(Declaration.number == number, Review.agency == agency, Review._status != "superseded")
        return session.scalars(found).one()


def again(*people: Someone) -> None:
    """After an hour or a weekend nobody is signed in any more."""
    for one in people:
        one.browser, one.signed_in, one.page = one.app.test_client(), False, None


def test_a_question_over_the_weekend_costs_the_agency_working_minutes_only(world: World, database: Database) -> None:
    day = friday()
    with time_machine.travel(minsk(day, 15)):
        where = file_xml(world.anna, packed("beef_flowers_pet"))
        number = state(world.anna, where)["number"]
        filed = review_of(database, number, VET)
        # Three hours: two and a half until closing at 17:30, half an hour on Monday.
        assert filed.due_at == minsk(day + timedelta(days=3), 9)
    with time_machine.travel(minsk(day, 16)):
        world.olga.get(
            f"/cases/{filed.id}/ask?path=/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[2]"
        )
        asked = world.olga.submit(
            "/ask", sign="UNCLEAR", text="The seal cannot be read.", wanted=["01201"], on_silence="on-file"
        )
        assert asked.status_code == 200, text_of(asked)[:800]
        stopped = review_of(database, number, VET)
        assert stopped.paused_at is not None
        assert stopped.paused_at.replace(second=0, microsecond=0) == minsk(day, 16)
        assert stopped.clock["left"] == 120
        case = text_of(world.olga.get(f"/cases/{filed.id}?lang=en"))
        assert "Paused: the trader's turn" in case
        again(world.anna)
        told = text_of(world.anna.get(f"{where}?lang=en"))
        assert "because of question 1" in told
        assert "It goes on with 2:00 h of working time when you have answered." in told
    monday = day + timedelta(days=3)
    with time_machine.travel(minsk(monday, 10)):
        again(world.anna, world.olga)
        world.anna.get(f"{where}/questions/1")
        answer = world.anna.submit("/questions/1", text="Here is what the seal says.")
        assert answer.status_code == 200, text_of(answer)[:800]
        running = review_of(database, number, VET)
        assert running.paused_at is None
        # Two hours were left on Friday at 16:00; two hours are left on Monday at 10:00.
        assert running.due_at == minsk(monday, 12)
        assert running.due_on == monday
        case = text_of(world.olga.get(f"/cases/{running.id}?lang=en"))
        assert "2:00 h of working time left" in case or "1:59 h of working time left" in case
        assert "Stood still" in case


def test_the_head_accepts_the_proposed_extension_with_one_press_and_the_trader_reads_why(
    world: World, database: Database
) -> None:
    with time_machine.travel(minsk(friday(), 10)):
        where = file_xml(world.anna, packed("beef_flowers_pet"))
        number = state(world.anna, where)["number"]
        filed = review_of(database, number, CUSTOMS)
        assert filed.due_at == minsk(friday_of(filed), 14)
        assert "Four hours are not enough here" in text_of(world.maria.get(f"/cases/{filed.id}?lang=en"))
        assert not forms_to(world.maria, "/extend")
        page = world.mikola.get(f"/cases/{filed.id}?lang=en")
        assert forms_to(world.mikola, "/extend"), text_of(page)
        world.mikola.submit("/extend")
        extended = review_of(database, number, CUSTOMS)
        assert extended.due_at == minsk(friday_of(filed) + timedelta(days=3), 18)
        told = text_of(world.anna.get(f"{where}?lang=en"))
        assert "Extended to" in told
        assert "Another agency that judges these goods needs more than four hours" in told
        assert "Deadline extended" in told
        page = text_of(world.mikola.get(f"/cases/{filed.id}?lang=en"))
        assert "Four hours are not enough here" not in page


def friday_of(review: Review) -> date:
    return review.opened_at.astimezone(MINSK).date()


def forms_to(who: Someone, action: str) -> list[Any]:
    assert who.page is not None
    return [form for form in html.fromstring(who.page.text).forms if action in (form.action or "")]


def test_an_extension_that_cannot_be_granted_keeps_what_was_typed(world: World, database: Database) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    filed = review_of(database, state(world.vera, where)["number"], CUSTOMS)
    world.mikola.get(f"/cases/{filed.id}?lang=en")
    fields = {"extend-step": "2", "extend-reason": "", "extend-words": "The expert comes on Monday."}
    refused = world.mikola.post(f"/cases/{filed.id}/extend", **fields)
    assert refused.status_code == 422
    page = text_of(refused)
    assert "The extension has no reason. Choose a reason from the list." in page
    assert "The expert comes on Monday." in refused.text
    assert review_of(database, state(world.vera, where)["number"], CUSTOMS).due_at == filed.due_at
    world.maria.get(f"/cases/{filed.id}")
    assert world.maria.post(f"/cases/{filed.id}/extend", **fields).status_code == 403


def test_a_deadline_that_passes_is_told_once_to_both_sides(world: World, database: Database, worker: Any) -> None:
    day = friday()
    with time_machine.travel(minsk(day, 10)):
        where = file_xml(world.vera, packed("bicycles"))
        number = state(world.vera, where)["number"]
        worker.watch()
        assert review_of(database, number, CUSTOMS).breached_at is None
    with time_machine.travel(minsk(day, 14, 1)):
        again(world.vera, world.maria)
        worker.watch()
        worker.watch()
        late = review_of(database, number, CUSTOMS)
        assert late.breached_at is not None
        with transaction(database, writing=False) as session:
            events = session.scalars(sa.select(Entry).where(Entry.event == "review.breached")).all()
        assert [entry.subject_id for entry in events] == [late.id]
        told = text_of(world.vera.get(f"{where}?lang=en"))
        assert "Was due by" in told
        assert "Deadline passed" in told
        assert "The deadline passed and was recorded" in text_of(world.maria.get(f"/cases/{late.id}?lang=en"))


def test_the_trader_reads_how_soon_it_was_registered_and_what_counts(world: World) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    told = text_of(world.anna.get(f"{where}?lang=en"))
    assert re.search(r"Registered within \d+ seconds? of its receipt; the law allows one hour", told)
    assert "Only working time counts: lunch, nights and days off do not." in told
    assert told.count("Due by") >= 3
