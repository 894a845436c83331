"""The head of customs extends the release: one working day, then ten, each with a reason; a deadline never moves back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from app.access import Actor
from app.errors import Conflict, Invalid, NotAllowed
from app.ledger.models import Entry
from app.reviews import clocks, extending, extension_texts
from app.reviews.models import Review
from tests.reviews.making import CUSTOMS, Country, Filed, file_package, get

WEDNESDAY = datetime(2026, 11, 18, 7, 0, tzinfo=UTC)
"""Ten in the morning in Minsk."""


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def head(session: Session, country: Country) -> Actor:
    return country.person(session, "galina", "Galina Mytsko", CUSTOMS, "supervisor", "customs-officer")


@pytest.fixture
def filed(session: Session, country: Country) -> Filed:
    return file_package(country)


def extend(review: Review, by: Actor, step: str = "1", cause: str = "AGENCIES", words: str = "") -> Review:
    return extending.extend(review, step=step, cause=cause, words=words, by=by)


def test_one_working_day_then_ten(session: Session, filed: Filed, head: Actor) -> None:
    review = get(filed, head)
    assert review.due_at == datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
    assert extend(review, head).due_at == datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
    extend(review, head, "2", "OTHER", " The museum's expert comes on Monday. ")
    # Ten working days after Wednesday 18 November; counted from registration, not from the extension before.
    assert review.due_at == datetime(2026, 12, 2, 15, 0, tzinfo=UTC)
    assert review.due_on == date(2026, 12, 2)
    assert [one.step for one in clocks.extensions(review.clock)] == [1, 2]
    assert review.clock["extensions"][1]["words"] == "The museum's expert comes on Monday."


def test_the_ledger_holds_reason_codes_and_a_digest_of_the_words(session: Session, filed: Filed, head: Actor) -> None:
    extend(get(filed, head), head, words="Expert from Brest")
    entry = session.scalars(sa.select(Entry).where(Entry.event == "review.extended")).one()
    assert entry.payload["reasons"] == ["AGENCIES"]
    assert entry.payload["step"] == 1
    assert entry.payload["due_at"] == "2026-11-19T15:00:00+00:00"
    assert entry.payload["reason_digest"]
    assert b"Brest" not in entry.leaf


@pytest.mark.parametrize("again", [("1", "1"), ("2", "1"), ("2", "2")])
def test_never_back_and_never_twice(session: Session, filed: Filed, head: Actor, again: tuple[str, str]) -> None:
    review = extend(get(filed, head), head, again[0])
    due_at = review.due_at
    with pytest.raises(Invalid) as refused:
        extend(review, head, again[1])
    assert [fault.code for fault in refused.value.faults] == ["EXTENSION-GRANTED"]
    assert review.due_at == due_at


def test_everything_wrong_is_said_at_once_at_its_field(session: Session, filed: Filed, head: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        extend(get(filed, head), head, "3", "BORED", "x" * 1001)
    assert [(one.code, one.field) for one in refused.value.faults] == [
        ("EXTENSION-STEP", "extend-step"), ("EXTENSION-REASON", "extend-reason"), ("EXTENSION-LONG", "extend-words"),
    ]  # fmt: skip
    with pytest.raises(Invalid) as silent:
        extend(get(filed, head), head, cause="OTHER", words=" ")
    assert [one.code for one in silent.value.faults] == ["EXTENSION-WORDS"]


def test_only_the_head_and_only_the_release(session: Session, filed: Filed, country: Country) -> None:
    with pytest.raises(NotAllowed):
        extend(get(filed, country.kira), country.kira)
    with pytest.raises(NotAllowed, match="Only the release"):
        extend(get(filed, country.vera), country.vera)


def test_a_decided_release_is_not_extended(session: Session, country: Country, head: Actor) -> None:
    filed = file_package(country, "solar_panels")
    review = get(filed, country.kira)
    review._status = "decided"
    session.flush()
    with pytest.raises(Conflict):
        extend(review, head)


def test_a_clock_without_a_story_yet_begins_one(session: Session, filed: Filed, head: Actor) -> None:
    review = get(filed, head)
    review.clock = {}
    session.flush()
    assert extend(review, head).due_at == datetime(2026, 11, 19, 15, 0, tzinfo=UTC)


def test_every_reason_is_said_in_three_languages() -> None:
    causes = extension_texts.list_causes()
    assert {extension_texts.AGENCIES, extension_texts.OTHER} <= {cause.code for cause in causes}
    assert all(set(cause.text) == {"be", "ru", "en"} and all(cause.text.values()) for cause in causes)
