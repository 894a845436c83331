"""Two at once: readers of the ledger, and a person in two windows. Nobody is told twice, no count goes astray."""

from __future__ import annotations

import threading
from collections.abc import Callable

import sqlalchemy as sa

from app.access import Actor
from app.database import transaction
from app.notifications import finders, following, reading
from app.notifications.models import Notice, NoticeCount
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, state
from tests.journeys.test_questions import ask
from tests.notifications.test_journey import _id_of, notices, the_counts_are_true


def at_once(app, engines, *acts: Callable[[], object]) -> list[BaseException]:
    """Do several things at the same moment, each in a transaction of its own; return what went wrong."""
    together, wrong = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        together.wait()
        try:
            with app.app_context(), transaction(engines):
                act()
        except sa.exc.SQLAlchemyError as told:
            wrong.append(told)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return wrong


def asked(world: World) -> None:
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, package)["number"]
    open_case(world.olga, number)
    assert ask(world.olga, number).status_code == 200


def test_two_workers_tell_everybody_once(world: World, database):
    asked(world)
    for _round in range(3):
        at_once(world.app, database, following.follow, following.follow)
    told = notices(database)
    assert len({(one.person_id, one.entry_position) for one in told}) == len(told)
    assert {one.event for one in told} == {"question.asked"}
    the_counts_are_true(database)


def test_a_notice_that_is_read_in_two_windows_counts_once(world: World, database, worker):
    asked(world)
    worker.follow()
    anna = Actor(person_id=_id_of(database, "anna"), kind="trader")
    (notice,) = notices(database, person_id=anna.person_id)
    acts = [
        lambda: reading.read(notice, by=anna),
        lambda: reading.read(notice, by=anna),
        lambda: reading.read_all(by=anna),
    ]
    assert at_once(world.app, database, *acts) == []
    with transaction(database, writing=False) as session:
        assert finders.count_unread(anna.person_id) == 0
        assert session.scalars(sa.select(NoticeCount.unread)).all().count(0) == 1
        assert session.get_one(Notice, notice.id).read_at is not None
    the_counts_are_true(database)


def test_the_page_of_a_mistake_does_without_the_bell_count(world: World, monkeypatch):
    """The transaction is over when the page of a mistake is drawn: its head asks for nothing and still stands."""
    world.anna.get("/notices")
    monkeypatch.setattr(finders, "list_notices", lambda *_a, **_k: 1 / 0)
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = world.anna.browser.get("/notices")
    assert answer.status_code == 500
    assert 'class="bell"' in answer.text
