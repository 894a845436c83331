"""“Record and next”: the next case is on the screen, the decision can be taken back, the worker signs it, or says why not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from lxml import html

from app import clock
from app.database import Database, transaction
from app.reviews.models import Proposal
from tests.factories.world import Someone, World
from tests.journeys.roads import PAID, file_xml, open_case, packed, state


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.fromstring(answer.text).text_content())


def file_bicycles(world: World) -> tuple[str, str]:
    where = file_xml(world.vera, packed("bicycles"))
    return where, state(world.vera, where)["number"]


def record_and_next(officer: Someone, number: str, **fields: str) -> str:
    """Open a case from the queue and record a decision; the next page is the officer's page. Return the case."""
    case = open_case(officer, number)
    officer.get(f"{case}?lang=en&queue=sort%3Dnewest")
    chosen = {"item-1-outcome": "approved", "note": "Looked at the frame", "when": "next"} | PAID | fields
    answer = officer.submit("/decide", **chosen)
    assert answer.status_code == 200, words(answer)[:600]
    return case


def time_passes(database: Database) -> None:
    with transaction(database) as session:
        session.execute(sa.update(Proposal).values(signs_at=clock.now() - timedelta(seconds=1)))


def test_the_next_case_is_there_and_the_worker_signs(world: World, database: Database, worker: Any) -> None:
    where, number = file_bicycles(world)
    panels = file_xml(world.sofia, packed("solar_panels"))
    following = state(world.sofia, panels)["number"]
    case = record_and_next(world.maria, number)
    assert following in world.maria.page.text
    assert world.maria.page.request.args["queue"] == "sort=newest"
    assert f"Your decision on {number} is recorded" in words(world.maria.page)
    assert f"Your decision on {number} is recorded" in words(world.maria.get("/queue"))
    worker.watch()
    assert state(world.vera, where)["status"] == "under-review"
    time_passes(database)
    worker.watch()
    assert state(world.vera, where)["status"] == "released"
    assert "is recorded and is signed" not in words(world.maria.get("/queue"))
    assert "Looked at the frame" in words(world.maria.get(case))


def test_taken_back_nothing_is_signed_and_nothing_is_lost(world: World, database: Database, worker: Any) -> None:
    where, number = file_bicycles(world)
    record_and_next(world.maria, number, **{"item-1-outcome": "conditions", "item-1-conditions": "Keep dry"})
    assert "That was the last case" in words(world.maria.page)
    answer = world.maria.submit("/undo")
    assert "nothing is signed" in words(answer)
    assert "Keep dry" in answer.text
    time_passes(database)
    worker.watch()
    assert state(world.vera, where)["status"] == "under-review"
    assert world.maria.submit("/decide").status_code == 200
    assert state(world.vera, where)["status"] == "released"


def test_signed_before_the_seconds_are_over(world: World) -> None:
    where, number = file_bicycles(world)
    case = record_and_next(world.maria, number)
    assert "Your decision is signed" in words(world.maria.submit(f"{case}/sign"))
    assert state(world.vera, where)["status"] == "released"


def test_what_could_not_be_signed_is_told_with_everything_typed(
    world: World, database: Database, worker: Any
) -> None:  # fmt: skip
    where, number = file_bicycles(world)
    case = record_and_next(world.maria, number)
    world.maria.get(case)
    world.maria.submit("/release")
    time_passes(database)
    worker.watch()
    assert state(world.vera, where)["status"] == "under-review"
    told = words(world.maria.get("/queue?lang=en"))
    assert f"Your decision on {number} could not be signed. You no longer held the case." in told
    world.maria.get(case)
    world.maria.submit("/claim")
    page = world.maria.get(f"{case}?lang=en")
    assert "could not be signed" in words(page)
    assert "Looked at the frame" in page.text
    assert world.maria.submit("/decide").status_code == 200
    assert state(world.vera, where)["status"] == "released"


def test_nobody_else_takes_it_back_or_signs_it(world: World, database: Database) -> None:
    _where, number = file_bicycles(world)
    case = record_and_next(world.maria, number)
    with transaction(database, writing=False) as session:
        key = session.scalars(sa.select(Proposal.id)).one()
    world.maksim.get("/queue")
    for path in ("undo", "sign"):
        answer = world.maksim.post(f"{case}/{path}", proposal=str(key))
        assert answer.status_code == 403
    assert world.maria.post(f"{case}/undo", proposal="nothing").status_code == 404
