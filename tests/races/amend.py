"""An officer decides while the trader changes the package: a decision on bytes that were seen, or 412 and none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from tests.races.field import AGENCIES, CUSTOMS, OFFICERS, TRADER, VET, Field, Round, Struck, approval
from tests.races.history import History
from tests.races.people import Answer, at_once

NAME = "amend"
PLANS = ("judged", "not its own", "release")
"""The trader changes what the agency judges (its review is opened again) or what it does not (carried); or customs releases
while the package is changed."""
WORDS = {
    "judged": ("Ялавічына астуджаная", "Ялавічына замарожаная"),
    "not its own": ("Шматкі", "Шматкі мытыя,"),
    "release": ("Шматкі", "Шматкі мытыя,"),
}
"""What is written otherwise in the changed package."""


def prepare(ground: Field, serials: Sequence[int]) -> list[Round]:
    """File packages, each with its case claimed and a change that is ready to be sent."""
    rounds = []
    with ground.writing():
        for serial in serials:
            one = ground.file(serial, PLANS[serial % len(PLANS)])
            if one.plan == "release":
                ground.sign(one, AGENCIES)
            ground.claim(one, agency_of(one))
            rounds.append(replace(one, draft=ground.draft(one, partial(changed, plan=one.plan))))
    return rounds


def changed(xml: bytes, *, plan: str) -> bytes:
    """The package with other words for one of its goods."""
    was, now = (text.encode() for text in WORDS[plan])
    if was not in xml:
        raise RuntimeError(f"{WORDS[plan][0]} does not stand in the package")
    return xml.replace(was, now, 1)


def strike(ground: Field, one: Round) -> Struck:
    """The officer opens the case; then both press."""
    agency = agency_of(one)
    name = OFFICERS[agency][0]
    seen = shown(ground.person(name).get(f"/cases/{one.seats[agency].id}"))
    on = {"version": str(seen[0]), "digest": seen[1], "claim": ""}
    trader, path = ground.person(TRADER), f"/packages/{one.package}/change/send"
    answers = at_once(
        {
            "officer": ground.decide(one, agency, name, approval(one, agency) | on),
            "trader": lambda: trader.post(path, version="1", digest=one.draft),
        }
    )
    more = ground.ask_for_papers(one)
    outcome = "the decision was first" if answers["officer"].done else "the change was first"
    return Struck(one, answers, outcome, seen, more)


def agency_of(one: Round) -> str:
    """Who decides."""
    return CUSTOMS if one.plan == "release" else VET


def shown(page: Answer) -> tuple[int, str]:
    """The version and digest that the form of a case carries."""
    fields = dict(re.findall(r'name="(version|digest)" value="([^"]+)"', page.text))
    if not fields:
        raise RuntimeError(f"the case shows no form: {page.status}")
    return int(fields["version"]), fields["digest"]


def judge(struck: Struck, history: History) -> list[str]:
    """Return what is wrong with a round."""
    agency = agency_of(struck.round)
    officer, trader = struck.status("officer"), struck.status("trader")
    wrongs = [f"asking for the paper twice: {words}" for words in struck.more]
    said = history.said(agency)
    if officer not in (303, 412) or len(said) != (officer == 303):
        return [*wrongs, f"the officer was answered {officer} and has {len(said)} decisions"]
    wrongs += [
        f"a decision on version {one.version} {one.digest[:8]}; the page showed {struck.seen[0]} {struck.seen[1][:8]}"
        for one in said
        if (one.version, one.digest) != struck.seen
    ]
    if struck.round.plan == "release":
        return wrongs + _release(officer, trader, history)
    if trader != 303 or history.version != 2 or history.status != "under-review":
        wrongs.append(f"the trader was answered {trader}; the package is {history.status} in version {history.version}")
    return wrongs + _order(history) + _followed(struck, history)


def _release(officer: int, trader: int, history: History) -> list[str]:
    """Released as it was, or changed: never both."""
    told = (officer, trader, history.status, history.version, len(history.papers))
    allowed = ((303, 409, "released", 1, 1), (412, 303, "under-review", 2, 0))
    return [] if told in allowed else [f"officer, trader, state, version, clearances: {told}"]


def _order(history: History) -> list[str]:
    """A decision on version 1 stands before the change in the ledger."""
    order = [one.event for one in history.of("review.decided", "declaration.amended")]
    wanted = ["review.decided"] * len(history.decisions) + ["declaration.amended"]
    return [] if order == wanted else [f"the ledger tells {order}"]


def _followed(struck: Struck, history: History) -> list[str]:
    """The review was carried when the facts it rests on are the same, and opened again when they are not."""
    before, (now, *_) = struck.round.seats[VET].id, history.live(VET) or [None]
    if now is None:
        return ["no veterinary review counts"]
    carried = [one for one in history.of("review.carried") if one.subject == now.id]
    closed = [one for one in history.of("review.superseded") if one.subject == str(before)]
    if struck.round.plan == "judged":
        old = next((case for case in history.cases if case.id == str(before)), now)
        fine = old.status == "superseded" and old.facts_digest != now.facts_digest and now.status == "queued"
        return (
            []
            if fine and closed and not carried
            else ["what the agency judges was changed, and it does not look again"]
        )
    fine = now.id == str(before) and now.status == ("decided" if history.said(VET) else "claimed")
    return (
        []
        if fine and carried and not closed
        else ["what the agency does not judge was changed, and it was not carried"]
    )
