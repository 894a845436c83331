"""Every state with every step: who may, and where it leads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.access import SYSTEM
from app.errors import Conflict, NotAllowed
from app.reviews.lifecycle import REVIEW
from tests.reviews.making import VET, file_package, get

TABLE = {
    ("queued", "claim"): "claimed",
    ("queued", "reassign"): "claimed",
    ("queued", "decide"): NotAllowed,  # a decision needs a claim
    ("queued", "supersede"): "superseded",
    ("claimed", "renew"): "claimed",
    ("claimed", "lapse"): "queued",
    ("claimed", "release"): "queued",
    ("claimed", "reassign"): "claimed",
    ("claimed", "decide"): "decided",
    ("claimed", "supersede"): "superseded",
    ("decided", "supersede"): "superseded",
}


@pytest.mark.parametrize("step", list(REVIEW.rows))
@pytest.mark.parametrize("state", REVIEW.states)
def test_state_table(session, country, state, step):
    review = get(file_package(country), country.olga)
    review._status = state
    review.claimed_by_id = country.olga.person_id
    review.claimed_until = clock.now() + timedelta(minutes=5)
    actor = country.vera if step == "reassign" else SYSTEM if step in ("lapse", "supersede") else country.olga
    expected = TABLE.get((state, step), Conflict)
    if isinstance(expected, str):
        happening = REVIEW.step(review, step, by=actor)
        assert review.status == expected
        assert happening.event == REVIEW.rows[step].event
    else:
        with pytest.raises(expected):
            REVIEW.step(review, step, by=actor)
        assert review.status == state


@pytest.mark.parametrize("step", ["claim", "release", "decide", "reassign"])
@pytest.mark.parametrize("name", ["fedor", "elena", "kira", "anna", "ada"])
def test_no_step_for_anyone_of_another_house(session, country, name, step):
    review = get(file_package(country), country.olga)
    assert review.agency == VET
    review._status = "claimed"
    actor = getattr(country, name)
    review.claimed_by_id = actor.person_id
    review.claimed_until = clock.now() + timedelta(minutes=5)
    assert not REVIEW.verdict(review, step, actor)


def test_the_diagram_ends_in_superseded():
    assert "superseded --> [*]" in REVIEW.mermaid()
