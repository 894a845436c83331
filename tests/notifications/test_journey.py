"""Notices as people meet them: the bell, the list, what one chose, the letters of the file sink, the digest."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from lxml import html
from pydantic import SecretStr
from sqlalchemy import event

from app import clock, database
from app.clock import MINSK
from app.database import transaction
from app.identity.models import Person
from app.ledger.models import Cursor
from app.notifications.following import READER
from app.notifications.models import Notice, NoticeCount
from tests.factories.world import Someone, World
from tests.journeys.roads import file_xml, open_case, packed, sign_all, state
from tests.journeys.test_questions import ask

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=MINSK)
NAMES = ("Белмяса", "Belmyaso", "Каваленка", "Зайцава", "ялавічын", "beef", "0201", "Ганна", "Вольга")


@pytest.fixture(autouse=True)
def _empty_folder(settings) -> None:
    for file in settings.mail_dir.glob("*"):
        file.unlink()


def words_of(page) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.text).text_content())


def letters(settings, to: str = "") -> list[email.message.EmailMessage]:
    folder: Path = settings.mail_dir
    read = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in folder.glob("*.eml")]
    return [one for one in read if to in one["To"]]


def bell(who: Someone) -> int:
    found = html.fromstring(who.get("/account").text).xpath("//a[contains(@class,'bell')]/span[@class='count']/text()")
    return int(found[0]) if found else 0


def notices(engines, **wanted) -> list[Notice]:
    with database.transaction(engines, writing=False) as session:
        return list(session.scalars(sa.select(Notice).filter_by(**wanted).order_by(Notice.entry_position)))


def the_counts_are_true(engines) -> None:
    with database.transaction(engines, writing=False) as session:
        kept = dict(session.execute(sa.select(NoticeCount.person_id, NoticeCount.unread)).all())
        query = sa.select(Notice.person_id, sa.func.count()).where(Notice.shown, Notice.read_at.is_(None))
        counted = dict(session.execute(query.group_by(Notice.person_id)).all())
    assert {key: number for key, number in kept.items() if number} == counted


def english(database_, *names: str) -> None:
    """Let people read letters and pages in English, so that the tests can."""
    with database.transaction(database_) as session:
        for person in session.scalars(sa.select(Person)):
            if person.email.partition("@")[0] in names:
                person.language = "en"


def test_a_question_is_told_to_the_trader_and_its_answer_to_the_officer(world: World, database, settings, worker):
    english(database, "anna")
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    open_case(world.olga, number)
    assert ask(world.olga, number).status_code == 200
    worker.follow()
    assert (bell(world.anna), bell(world.piotr), bell(world.olga)) == (1, 1, 0)
    page = world.anna.get("/notices")
    assert f"An agency asks you a question: {number}" in words_of(page)
    answer = world.anna.submit("/open", follow=False)
    assert (answer.status_code, answer.location) == (303, f"{package}/questions/1")
    assert world.anna.get(answer.location).status_code == 200
    assert (bell(world.anna), bell(world.piotr)) == (0, 1)
    worker.drain()
    (letter,) = letters(settings, "anna@")
    assert letter["Subject"] == f"An agency asks you a question: {number}"
    body = letter.get_body(("plain",)).get_content()
    assert f"{settings.base_url}{package}/questions/1" in body
    assert f"{settings.base_url}/notices/settings" in body
    assert letter["List-Unsubscribe"] == f"<{settings.base_url}/notices/settings>"
    (russian,) = letters(settings, "piotr@")
    assert russian["Content-Language"] == "ru"
    for one in letters(settings):
        whole = one["Subject"] + "".join(part.get_content() for part in one.iter_parts())
        assert not [name for name in NAMES if name.lower() in whole.lower()]
    the_counts_are_true(database)


def test_every_notice_of_a_whole_road_leads_to_a_page_that_opens(world: World, database, settings, worker):
    package = file_xml(world.bogdan, packed("beef_flowers_pet"))
    sign_all(world, world.bogdan, package)
    worker.drain()
    worker.follow()
    found = notices(database)
    assert {"declaration.released", "clearance.issued"} <= {one.event for one in found}
    people = {"anna": world.anna, "bogdan": world.bogdan, "piotr": world.piotr}
    with_person = {key: who for name, who in people.items() for key in [_id_of(database, name)]}
    told = {one.person_id for one in found}
    assert _id_of(database, "anna") in told
    for one in found:
        if one.person_id in with_person:
            assert with_person[one.person_id].get(one.path).status_code == 200, one.path
    worker.drain()
    assert all(letter["Subject"] for letter in letters(settings))


def _id_of(engines, name: str):
    with database.transaction(engines, writing=False) as session:
        return session.scalars(sa.select(Person.id).where(Person.email.startswith(f"{name}@"))).one()


def test_reading_twice_tells_nobody_twice(world: World, database, worker):
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    open_case(world.olga, number)
    ask(world.olga, number)
    worker.follow()
    before = [one.id for one in notices(database)]
    with_session(database, lambda session: session.delete(session.get(Cursor, READER)))
    worker.follow()
    assert [one.id for one in notices(database)] == before
    the_counts_are_true(database)
    assert bell(world.anna) == 1


def with_session(engines, act) -> None:
    with database.transaction(engines) as session:
        act(session)


def test_what_one_chose_holds(world: World, database, settings, worker):
    english(database, "anna")
    page = world.anna.get("/notices/settings?lang=en")
    assert "An agency asks you a question" in words_of(page)
    chosen = {"mail-question.asked": "none", "mail-declaration.submitted": "now", "window-declaration.submitted": "yes"}
    assert "We tell you as you chose." in words_of(world.anna.submit("/notices/settings", **chosen))
    tree = html.fromstring(world.anna.get("/notices/settings").text)
    assert tree.get_element_by_id("mail-question.asked").value == "none"
    package = file_xml(world.piotr, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    open_case(world.olga, number)
    ask(world.olga, number)
    worker.follow()
    worker.drain()
    assert [one["Subject"] for one in letters(settings, "anna@")] == [f"Package filed and registered: {number}"]
    assert bell(world.anna) == 2
    assert bell(world.piotr) == 1, "nobody is told of what they did"
    world.anna.get("/notices")
    assert "2 notices are marked as read." in words_of(world.anna.submit("/notices/read"))
    assert bell(world.anna) == 0
    the_counts_are_true(database)


def test_a_way_of_mail_there_is_not_is_refused_and_nothing_is_lost(world: World):
    world.anna.get("/notices/settings?lang=en")
    answer = world.anna.submit(
        "/notices/settings", **{"mail-question.asked": "pigeon", "mail-declaration.refused": "none"}
    )
    assert answer.status_code == 422
    tree = html.fromstring(answer.text)
    assert [one.get("href") for one in tree.find_class("summary")[0].iter("a")] == ["#mail-question.asked"]
    assert tree.get_element_by_id("mail-declaration.refused").value == "none"
    tree = html.fromstring(world.anna.get("/notices/settings").text)
    assert tree.get_element_by_id("mail-declaration.refused").value == "now", "nothing was kept"


def test_a_notice_is_its_persons_alone(world: World, database, worker):
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    open_case(world.olga, number)
    ask(world.olga, number)
    worker.follow()
    (hers,) = notices(database, person_id=_id_of(database, "anna"), event="question.asked")
    for who in (world.piotr, world.vera, world.olga, world.admin):
        who.get("/notices")
        assert who.post(f"/notices/{hers.id}/open").status_code == 404
        assert who.post(f"/notices/{hers.id}/read").status_code == 404
    assert bell(world.anna) == 1
    assert "What happens to your account is told here" in words_of(world.admin.get("/notices?lang=en"))
    assert world.app.test_client().get("/notices").status_code == 302


def test_a_disabled_person_gets_no_letter_and_a_new_address_gets_it(world: World, database, settings, worker):
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    open_case(world.olga, number)
    ask(world.olga, number)
    worker.follow()

    def change(session):
        for person in session.scalars(sa.select(Person)):
            if person.email.startswith("anna@"):
                person.disabled_at = clock.now()
            if person.email.startswith("piotr@"):
                person.email = "new@akno.example"

    with_session(database, change)
    worker.drain()
    assert [one["To"] for one in letters(settings)] == ["new@akno.example"]
    assert all(one.mailed_at for one in notices(database, event="question.asked"))


def test_the_digest_leaves_once_on_a_working_morning(world: World, database, settings, worker):
    english(database, "anna")
    with time_machine.travel(MONDAY, tick=True):
        world.anna.get("/notices/settings?lang=en")
        world.anna.submit("/notices/settings", **{"mail-question.asked": "digest"})
        package = file_xml(world.anna, packed("beef_flowers_pet"))
        number = state(world.anna, package)["number"]
        open_case(world.olga, number)
        ask(world.olga, number)
        worker.follow()
        worker.watch()
        worker.drain()
        assert letters(settings, "anna@") == [], "eight o'clock has passed today: it waits for tomorrow's"
    with time_machine.travel(MONDAY + timedelta(hours=21, minutes=59), tick=True):
        worker.watch()
        worker.drain()
        assert letters(settings, "anna@") == []
    with time_machine.travel(MONDAY + timedelta(hours=22, minutes=1), tick=True):
        worker.watch()
        worker.watch()
        worker.drain()
        (letter,) = letters(settings, "anna@")
        assert letter["Subject"].startswith("Akno: ")
        assert f"An agency asks you a question: {number}" in letter.get_body(("plain",)).get_content()


def test_a_mention_leads_an_officer_of_another_agency_to_her_own_case(world: World, database, settings, worker):
    english(database, "fyodar")
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    case = open_case(world.olga, number)
    fyodar = str(_id_of(database, "fyodar"))
    answer = world.olga.submit(
        "/notes", note_text="SECRETWORD look at item two", note_audience="case", note_mentions=[fyodar], follow=False
    )
    assert answer.status_code == 303, words_of(answer)
    worker.follow()
    (told,) = notices(database, event="note.written")
    assert str(told.person_id) == fyodar
    assert not told.path.startswith(case)
    page = world.fyodar.get(told.path)
    assert page.status_code == 200
    assert "SECRETWORD" in page.text
    assert "you are named" in words_of(world.fyodar.get(f"{told.path.partition('#')[0]}?lang=en"))
    worker.drain()
    (letter,) = letters(settings, "fyodar@")
    assert letter["Subject"] == f"A note names you: {number}"
    assert "SECRETWORD" not in letter.as_string()
    assert letters(settings, "anna@") == []


def test_a_case_that_is_handed_on_is_told_to_who_gets_it_and_not_to_who_hands_it(world: World, database, worker):
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    case = open_case(world.olga, number)
    world.oleg.get(case)
    choice = html.fromstring(world.oleg.page.text).xpath(
        "//select[@name='officer']/option[contains(., 'Васіль')]/@value"
    )
    assert world.oleg.post(f"{case}/reassign", officer=choice[0]).status_code == 303
    worker.follow()
    (told,) = notices(database, event="review.reassigned")
    assert told.person_id == _id_of(database, "vasil")
    assert (bell(world.vasil), bell(world.oleg), bell(world.olga)) == (1, 0, 0)


def test_the_page_of_notices_costs_the_same_however_many_there_are(world: World, database, worker):
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    open_case(world.olga, number)
    ask(world.olga, number)
    worker.follow()
    (first,) = notices(database, person_id=_id_of(database, "anna"), event="question.asked")

    def cost() -> int:
        statements: list[str] = []

        def listen(*facts) -> None:
            statements.append(facts[2])

        world.anna.get("/notices")
        event.listen(database.reading, "before_cursor_execute", listen)
        world.anna.get("/notices")
        event.remove(database.reading, "before_cursor_execute", listen)
        return len(statements)

    few = cost()

    def more(session) -> None:
        for number in range(60):
            session.add(
                Notice(
                    person_id=first.person_id, entry_position=first.entry_position + 1000 + number,
                    organisation_id=first.organisation_id, event=first.event, side=first.side, at=first.at,
                    path=first.path, facts=first.facts, shown=True, mail="none",
                )
            )  # fmt: skip

    with_session(database, more)
    assert cost() == few
    tree = html.fromstring(world.anna.get("/notices").text)
    assert len(tree.find_class("notices")[0]) == 25
    seen = 25
    while following := tree.xpath("//a[@rel='next']/@href"):
        tree = html.fromstring(world.anna.get(following[0]).text)
        seen += len(tree.find_class("notices")[0])
    assert seen == 61


def test_what_is_long_past_is_told_without_letters_and_what_is_older_to_nobody(
    world: World, database, settings, worker
):
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    open_case(world.olga, number)
    ask(world.olga, number)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=True):
        worker.follow()
        assert {one.mail for one in notices(database, event="question.asked")} == {"none"}
    with_session(database, lambda session: (session.execute(sa.delete(Notice)), session.execute(sa.delete(Cursor))))
    with time_machine.travel(clock.now() + timedelta(days=40), tick=True):
        worker.follow()
        assert notices(database, event="question.asked") == []


def test_a_mail_server_that_is_away_leaves_a_failed_job_and_a_retry_sends(world: World, database, settings, worker):
    """The letter goes out later, and only once; what an administrator reads names no address."""
    with_server_away = settings.model_copy(update={"mail": "smtp", "smtp_url": SecretStr("smtp://127.0.0.1:1")})
    jobs = world.app.extensions["akno.jobs"]
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    open_case(world.olga, number)
    ask(world.olga, number)
    worker.follow()
    world.app.extensions["akno.settings"] = with_server_away
    try:
        worker.drain()
    finally:
        world.app.extensions["akno.settings"] = settings
    failed = jobs.list_failed()
    assert {one.name for one in failed} == {"notices.post"}
    assert "@" not in "".join(one.error for one in failed)
    assert "could not be reached" in failed[0].error
    with transaction(database):
        for one in failed:
            jobs.retry(one.key)
    worker.drain()
    assert len(letters(settings)) == len(failed)
