"""The last approvers at once: agencies and customs press at the same moment; one release, one clearance, never two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.races.field import AGENCIES, CUSTOMS, OFFICERS, Field, Round, Struck, approval
from tests.races.history import History
from tests.races.people import at_once

NAME = "approvers"
AGAIN = "customs again"
WAITS = (409, 422)
"""Customs is told that its release waits for the others."""


def prepare(ground: Field, serials: Sequence[int]) -> list[Round]:
    """File packages that one, two or three agencies and customs have yet to sign, in turn."""
    rounds = []
    with ground.writing():
        for serial in serials:
            count = 1 + serial % len(AGENCIES)
            turned = [AGENCIES[(serial + n) % len(AGENCIES)] for n in range(len(AGENCIES))]
            one = ground.file(serial, " ".join(sorted(turned[:count])))
            ground.sign(one, turned[count:])
            rounds.append(one)
    return rounds


def strike(ground: Field, one: Round) -> Struck:
    """All press; a customs officer who was told to wait presses again afterwards."""
    pressing = (*one.plan.split(), CUSTOMS)
    answers = at_once(
        {agency: ground.decide(one, agency, OFFICERS[agency][0], approval(one, agency)) for agency in pressing}
    )
    outcome = "customs came last"
    if not answers[CUSTOMS].done:
        outcome = "customs was told to wait"
        answers[AGAIN] = ground.decide(one, CUSTOMS, OFFICERS[CUSTOMS][0], approval(one, CUSTOMS))()
    more = ground.ask_for_papers(one)
    return replace(Struck(one, answers, outcome), more=more)


def judge(struck: Struck, history: History) -> list[str]:
    """Return what is wrong with a round."""
    wrongs = [f"asking for the paper twice: {words}" for words in struck.more]
    for agency in struck.round.plan.split():
        if struck.status(agency) != 303:
            wrongs.append(f"{agency} could not approve: {struck.status(agency)}")
    wrongs += _customs(struck)
    if history.status != "released":
        wrongs.append(f"the package is {history.status}")
    releases = [said for said in history.decisions if said.released]
    if len(releases) != 1 or len(history.papers) != 1:
        wrongs.append(f"{len(releases)} releases and {len(history.papers)} clearances")
    for agency in (*AGENCIES, CUSTOMS):
        if len(history.said(agency)) != 1:
            wrongs.append(f"{agency} has {len(history.said(agency))} decisions")
    return wrongs


def _customs(struck: Struck) -> list[str]:
    first, again = struck.status(CUSTOMS), struck.status(AGAIN)
    if first == 303:
        return []
    if first not in WAITS:
        return [f"customs was answered {first}"]
    return [] if again == 303 else [f"customs could not release when all had signed: {again}"]
