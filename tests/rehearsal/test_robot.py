"""The robot decides as the reference asks, by real activities, in the second window alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.database import Database, session, transaction
from app.jobs import registry
from app.rehearsal import robot
from app.rehearsal.window import Rehearsal
from app.reviews import silence
from app.reviews.models import Decision, Review
from app.reviews.thread_models import Question
from tests.factories.world import World
from tests.intake.arrivals import DOOR, bearer
from tests.rehearsal.rehearsing import Integrator

Look = Callable[[], None]


def decisions(who: Integrator, lrn: str) -> list[tuple[str, str, str]]:
    """Agency, signer and how it was signed, of each decision of a package."""

    def found(declaration: Any, _reviews: Any) -> list[tuple[str, str, str]]:
        query = sa.select(Review.agency, Decision.person_name, Decision.how).join(Decision.review)
        rows = session().execute(query.where(Decision.declaration_id == declaration.id).order_by(Decision.decided_at))
        return [tuple(row) for row in rows]

    return who.look(found, lrn)


def test_without_any_ending_all_agencies_approve_customs_last(anna: Integrator, robots: Look) -> None:
    anna.file("beef_flowers_pet", "AN-1")
    robots()
    assert anna.cases("AN-1")[-1] == "queued"
    for _ in range(3):
        robots()
    assert anna.status("AN-1") == "released"
    assert decisions(anna, "AN-1")[-1][0] == "BY-GTK"


def test_refuse_is_refused_with_ground_and_appeal(anna: Integrator, robots: Look) -> None:
    anna.file("beef_flowers_pet", "AN-2-REFUSE")
    for _ in range(4):
        robots()
    assert anna.status("AN-2-REFUSE") == "refused"
    items = anna.look(
        lambda _declaration, reviews: [
            item for one in reviews for decision in session().scalars(sa.select(Decision).where(Decision.review_id == one.id))
            for item in decision.items if item.outcome == "refused"
        ],
        "AN-2-REFUSE",
    )  # fmt: skip
    assert items
    assert all(item.legal_ground and item.appeal_office and item.appeal_days for item in items)


def test_two_robots_sign_where_two_must(beside: Rehearsal, vera: Integrator, robots: Look) -> None:
    vera.file("crocodile_bags", "VM-1")
    for _ in range(5):
        robots()
    assert vera.status("VM-1") == "released"
    assert "countersigned" in {how for _agency, _name, how in decisions(vera, "VM-1")}


@pytest.mark.parametrize(("name", "sample"), [
    ("vera", "crocodile_bags"), ("vera", "bicycles"), ("sofia", "solar_panels"), ("les", "timber_export"),
    ("bogdan", "dangerous_transit"), ("anna", "beef_flowers_pet"),
])  # fmt: skip
def test_each_kind_of_package_is_approved_or_refused_as_asked(
    beside: Rehearsal, world: World, robots: Look, name: str, sample: str
) -> None:
    who = Integrator(beside, getattr(world, name))
    who.file(sample, "X-1-APPROVE")
    who.file(sample, "X-2-REFUSE")
    for _ in range(5):
        robots()
    assert (who.status("X-1-APPROVE"), who.status("X-2-REFUSE")) == ("released", "refused")


def test_slow_stays_claimed_for_a_minute(vera: Integrator, robots: Look) -> None:
    with time_machine.travel(clock.now(), tick=True) as traveller:
        vera.file("bicycles", "VM-2-SLOW")
        robots()
        robots()
        assert vera.cases("VM-2-SLOW") == ["claimed"]
        assert vera.status("VM-2-SLOW") == "under-review"
        traveller.shift(timedelta(seconds=61))
        robots()
        assert vera.status("VM-2-SLOW") == "released"


def test_part_is_released_in_two_parts(anna: Integrator, robots: Look) -> None:
    with time_machine.travel(clock.now(), tick=True) as traveller:
        anna.file("beef_flowers_pet", "AN-3-PART")
        for _ in range(3):
            robots()
        assert anna.status("AN-3-PART") == "partly-released"
        traveller.shift(timedelta(seconds=61))
        robots()
        assert anna.status("AN-3-PART") == "released"


def question(who: Integrator, lrn: str) -> Question:
    return who.look(
        lambda declaration, _reviews: session().scalars(
            sa.select(Question).where(Question.declaration_id == declaration.id)
        ).one(),
        lrn,
    )  # fmt: skip


def test_question_waits_for_the_trader_and_silence_refuses(anna: Integrator, beside: Rehearsal, robots: Look) -> None:
    with time_machine.travel(clock.now(), tick=True) as traveller:
        anna.file("beef_flowers_pet", "AN-4-QUESTION")
        for _ in range(3):
            robots()
        assert anna.status("AN-4-QUESTION") == "awaiting-trader"
        asked = question(anna, "AN-4-QUESTION")
        assert (asked.status, asked.on_silence, bool(asked.sign_code)) == ("open", "refusal", True)
        traveller.move_to(asked.due_at + timedelta(seconds=1))
        with beside.app.app_context(), transaction(beside.database):
            silence.lapse(asked.id)
        for _ in range(3):
            robots()
        # What was asked about is refused; the goods that nobody spoke against are released.
        assert anna.status("AN-4-QUESTION") == "released"
        outcomes = anna.look(
            lambda _declaration, reviews: {
                n: said for one in reviews if one.releases for n, said in one.results.items()
            },
            "AN-4-QUESTION",
        )
        assert outcomes[str(asked.item)] == "refused"
        assert "approved" in outcomes.values()


@pytest.mark.parametrize(
    ("name", "sample"), [("anna", "beef_flowers_pet"), ("vera", "bicycles"), ("vera", "crocodile_bags")]
)
def test_an_answered_question_lets_the_package_go_on(
    beside: Rehearsal, world: World, robots: Look, name: str, sample: str
) -> None:
    who = Integrator(beside, getattr(world, name))
    who.file(sample, "AN-5-QUESTION")
    for _ in range(3):
        robots()
    assert who.status("AN-5-QUESTION") == "awaiting-trader"
    place = f"/declarations/{who.id_of('AN-5-QUESTION')}/questions"
    (asked,) = who.get(place).get_json()["rows"]
    answer = who.live.test_client().post(
        f"{DOOR.removesuffix('/declarations')}{place}/{asked['number']}/answers",
        json={"version": 1, "text": "Так."},
        headers=bearer(who.key, Idempotency_Key="answer"),
    )
    assert answer.status_code == 201, answer.text
    for _ in range(5):
        robots()
    assert who.status("AN-5-QUESTION") == "released"


def test_in_a_live_window_the_robot_has_nothing_to_do(app: Any, database: Database, vera: Integrator) -> None:
    with app.app_context(), transaction(database, writing=False):
        assert robot.list_due() == ()
        assert robot.mirror_due() == ()
    assert registry.WATCHES["rehearsal.robot"].due is robot.list_due


@pytest.fixture(autouse=True)
def _registered(robots: Look) -> None:
    """The robots are there before anything is asked."""
