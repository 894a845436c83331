"""Two officers of one agency at once: one approves, one refuses; one decision counts, the other officer is told whose."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tests.races.field import AGENCIES, CUSTOMS, OFFICERS, VET, Field, Round, Struck, approval, refusal
from tests.races.history import History
from tests.races.people import Answer, at_once

NAME = "officers"
PLANS = ("agency", "customs", "claimed first")
"""Both decide the veterinary case, claim and all; both decide the release; both claim first and then decide."""


def prepare(ground: Field, serials: Sequence[int]) -> list[Round]:
    """File packages whose case two officers are going to decide; before a release all others have signed."""
    rounds = []
    with ground.writing():
        for serial in serials:
            one = ground.file(serial, PLANS[serial % len(PLANS)])
            if one.plan == "customs":
                ground.sign(one, AGENCIES)
            rounds.append(one)
    return rounds


def strike(ground: Field, one: Round) -> Struck:
    """Both press."""
    agency = agency_of(one)
    approving, refusing = OFFICERS[agency]
    answers: dict[str, Answer] = {}
    claim = {"claim": "yes"}
    if one.plan == "claimed first":
        claim, path = {"claim": ""}, f"/cases/{one.seats[agency].id}/claim"
        told = at_once({name: partial(ground.person(name).post, path) for name in (approving, refusing)})
        answers = {f"{name} claims": answer for name, answer in told.items()}
    answers |= at_once(
        {
            approving: ground.decide(one, agency, approving, approval(one, agency) | claim),
            refusing: ground.decide(one, agency, refusing, refusal(one, agency) | claim),
        }
    )
    more = ground.ask_for_papers(one)
    outcome = "the approval was first" if answers[approving].done else "the refusal was first"
    return Struck(one, answers, outcome, more=more)


def agency_of(one: Round) -> str:
    """Whose case it is."""
    return CUSTOMS if one.plan == "customs" else VET


def judge(struck: Struck, history: History) -> list[str]:
    """Return what is wrong with a round."""
    agency = agency_of(struck.round)
    pair = OFFICERS[agency]
    wrongs = [f"asking for the paper twice: {words}" for words in struck.more]
    wrongs += _one_of(struck, pair, "")
    if struck.round.plan == "claimed first":
        wrongs += _one_of(struck, pair, " claims")
    said = history.said(agency)
    if len(said) != 1:
        return [*wrongs, f"{agency} has {len(said)} decisions"]
    approved = set(said[0].outcomes.values()) == {"approved"}
    if struck.answers[pair[0 if approved else 1]].status != 303:
        wrongs.append("the decision that stands is of the one who was refused")
    loser = struck.answers[pair[1 if approved else 0]]
    if said[0].person not in loser.text:
        wrongs.append(f"the other officer is not told that {said[0].person} was first")
    if len(history.of("review.claimed")) != 1 + 3 * (agency == CUSTOMS):
        wrongs.append(f"{len(history.of('review.claimed'))} claims stand in the ledger")
    return wrongs + _what_follows(history, agency, approved)


def _one_of(struck: Struck, pair: Sequence[str], deed: str) -> list[str]:
    told = sorted(struck.status(f"{name}{deed}") for name in pair)
    return [] if told == [303, 409] else [f"the two were answered {told}"]


def _what_follows(history: History, agency: str, approved: bool) -> list[str]:
    wanted = "under-review" if agency != CUSTOMS else ("released" if approved else "refused")
    papers = int(wanted == "released")
    wrongs = [] if history.status == wanted else [f"the package is {history.status}, not {wanted}"]
    if len(history.papers) != papers:
        wrongs.append(f"{len(history.papers)} clearances, not {papers}")
    return wrongs
