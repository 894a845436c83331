"""Every state with every step: who may, and where it leads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.access import SYSTEM
from app.errors import Conflict, NotAllowed
from app.reviews.lifecycle import PROPOSAL, REVIEW
from app.reviews.models import Proposal
from tests.reviews.making import VET, file_package, get

OPEN = ("queued", "claimed", "question", "inspection", "proposed")
TABLE = {
    ("queued", "claim"): "claimed",
    ("queued", "reassign"): "queued",
    ("queued", "inspect"): "inspection",
    ("queued", "stay-stopped"): "question",
    ("queued", "override"): "decided",
    ("queued", "override-part"): "queued",
    ("queued", "sign-off"): "decided",
    ("claimed", "renew"): "claimed",
    ("claimed", "lapse"): "queued",
    ("claimed", "release"): "queued",
    ("claimed", "reassign"): "queued",
    ("claimed", "ask"): "question",
    ("claimed", "inspect"): "inspection",
    ("claimed", "propose"): "proposed",
    ("claimed", "override"): "decided",
    ("claimed", "override-part"): "queued",
    ("claimed", "decide"): "decided",
    ("claimed", "decide-part"): "claimed",
    ("question", "ask-more"): "question",
    ("question", "reassign-waiting"): "question",
    ("question", "resume"): "queued",
    ("question", "resume-inspection"): "inspection",
    ("inspection", "ask"): "question",
    ("inspection", "reassign-waiting"): "inspection",
    ("inspection", "inspected"): "queued",
    ("proposed", "reassign-waiting"): "proposed",
    ("proposed", "withdraw-proposal"): "queued",
    ("proposed", "void-proposal"): "queued",
    ("proposed", "return"): "queued",
    ("proposed", "countersign"): "decided",
    ("proposed", "countersign-part"): "queued",
    ("proposed", "override"): "decided",
    ("proposed", "override-part"): "queued",
    ("queued", "reopen-part"): "queued",
    ("claimed", "reopen-part"): "claimed",
    ("decided", "reopen"): "queued",
    ("decided", "carry"): "decided",
    ("decided", "supersede"): "superseded",
} | {(state, step): state for state in OPEN for step in ("extend", "breach", "carry")}
TABLE |= {(state, "supersede"): "superseded" for state in OPEN}


@pytest.mark.parametrize("state", REVIEW.states)
def test_state_table(session, country, state):
    review = get(file_package(country), country.vera)
    review.claimed_by_id = country.vera.person_id
    review.claimed_until = clock.now() + timedelta(minutes=5)
    for step, row in REVIEW.rows.items():
        review._status, review.four_eyes = state, step == "propose"
        actor = country.vera if row.permission else SYSTEM
        expected = TABLE.get((state, step))
        if expected is not None:
            assert REVIEW.step(review, step, by=actor).event == row.event, step
            assert review.status == expected, step
        else:
            with pytest.raises(Conflict):
                REVIEW.step(review, step, by=actor)
            assert review.status == state, step


@pytest.mark.parametrize(("step", "four_eyes"), [("decide", True), ("decide-part", True), ("propose", False)])
def test_one_signs_or_two_never_either(session, country, step, four_eyes):
    review = get(file_package(country), country.olga)
    review._status, review.claimed_by_id = "claimed", country.olga.person_id
    review.claimed_until, review.four_eyes = clock.now() + timedelta(minutes=5), four_eyes
    with pytest.raises(NotAllowed):
        REVIEW.step(review, step, by=country.olga)


@pytest.mark.parametrize("step", ["override", "reopen", "reopen-part", "reassign", "extend"])
def test_what_only_a_supervisor_does(session, country, step):
    review = get(file_package(country), country.olga)
    review._status = REVIEW.rows[step].sources[0]
    assert not REVIEW.verdict(review, step, country.olga)
    assert REVIEW.verdict(review, step, country.vera)


@pytest.mark.parametrize("name", ["fedor", "elena", "kira", "anna", "ada"])
def test_no_step_for_anyone_of_another_house(session, country, name):
    review = get(file_package(country), country.olga)
    assert review.agency == VET
    actor = getattr(country, name)
    review.claimed_by_id = actor.person_id
    review.claimed_until = clock.now() + timedelta(minutes=5)
    for row in REVIEW.rows.values():
        if row.permission is not None and row.condition is not None:
            review._status, review.four_eyes = row.sources[0], row.name == "propose"
            assert not REVIEW.verdict(review, row.name, actor), row.name


@pytest.mark.parametrize("step", ["sign", "undo", "return", "void", "fail"])
def test_a_proposal_ends_once(step):
    proposal = Proposal(declaration_id=None)
    PROPOSAL.begin(proposal)
    PROPOSAL.step(proposal, step, by=SYSTEM)
    for again in PROPOSAL.rows:
        with pytest.raises(Conflict):
            PROPOSAL.step(proposal, again, by=SYSTEM)


def test_the_diagram_ends_in_superseded():
    assert "superseded --> [*]" in REVIEW.mermaid()
