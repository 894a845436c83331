"""The judges see what must never be: each test takes a history that is right and spoils one thing in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.races import amend, approvers, officers
from tests.races.field import AGENCIES, CUSTOMS, NATURE, OFFICERS, PLANTS, VET, Round, Seat, Struck
from tests.races.history import Bytes, Case, Happened, History, Paper, Said, inconsistent
from tests.races.people import Answer

pytestmark = pytest.mark.pure

ITEMS = {VET: (1,), PLANTS: (2,), NATURE: (3,), CUSTOMS: (1, 2, 3)}
FIRST, SECOND = "a" * 64, "b" * 64
SEATS = {agency: Seat(uuid.uuid4(), items) for agency, items in ITEMS.items()}
DONE, LATE = Answer(303), Answer(409, "Вольга Зайцава")


def one_round(plan: str) -> Round:
    return Round(0, plan, uuid.uuid4(), FIRST, SEATS)


def case(agency: str, status: str, **more: Any) -> Case:
    made = Case(str(SEATS[agency].id), agency, 1, status, "f" * 64, agency == CUSTOMS, ITEMS[agency])
    return replace(made, **more)


def said(agency: str, **more: Any) -> Said:
    made = Said(
        f"said-{agency}", str(SEATS[agency].id), agency, 1, FIRST, OFFICERS[agency][0], dict.fromkeys(ITEMS[agency], "approved")
    )  # fmt: skip
    if agency == CUSTOMS:
        made = replace(made, released=ITEMS[CUSTOMS], rests_on=tuple(f"said-{one}" for one in AGENCIES))
    return replace(made, **more)


def told(one: Said, position: int) -> Happened:
    return Happened(
        position, "review.decided", one.review, {"decision": one.id, "version": one.version, "digest": one.digest}
    )


def released() -> History:
    """Three agencies and then customs have said yes; one release, one paper."""
    decisions = [said(agency) for agency in (*AGENCIES, CUSTOMS)]
    return History(
        "released", 1, FIRST, {1: Bytes(FIRST, FIRST)},
        cases=[case(agency, "decided") for agency in ITEMS],
        decisions=decisions,
        happened=[
            *(told(one, position) for position, one in enumerate(decisions, 1)),
            Happened(5, "declaration.released", "x"),
            Happened(6, "clearance.requested", "y"),
        ],
        jobs=[f"clearance-said-{CUSTOMS}"],
        papers=[Paper("BY-CLR-1", f"said-{CUSTOMS}")],
    )  # fmt: skip


def changed(*, decided: bool, carried: bool) -> History:
    """Olga has decided on version 1 or has not; the trader has changed the package; the review was carried or not."""
    old = str(SEATS[VET].id)
    if carried:
        vet = [case(VET, "decided" if decided else "claimed", version=2)]
        fate = Happened(3, "review.carried", old)
    else:
        vet = [case(VET, "superseded"), case(VET, "queued", id="new", version=2, facts_digest="e" * 64)]
        fate = Happened(3, "review.superseded", old)
    decisions = [said(VET)] if decided else []
    return History(
        "under-review", 2, SECOND, {1: Bytes(FIRST, FIRST), 2: Bytes(SECOND, SECOND)},
        cases=[*vet, case(CUSTOMS, "queued", version=2)],
        decisions=decisions,
        happened=[*(told(one, 1) for one in decisions), Happened(2, "declaration.amended", "x"), fate],
    )  # fmt: skip


def approvers_struck(**more: Answer) -> Struck:
    answers = {VET: DONE, CUSTOMS: Answer(422), approvers.AGAIN: DONE} | more
    return Struck(one_round(VET), answers, "")


def amend_struck(plan: str, officer: int = 303, trader: int = 303) -> Struck:
    answers = {"officer": Answer(officer), "trader": Answer(trader)}
    return Struck(one_round(plan), answers, "", seen=(1, FIRST))


def without(history: History, *events: str) -> Sequence[Happened]:
    return [one for one in history.happened if one.event not in events]


# --- what is right is let through ---------------------------------------------------------------------------------


def test_right_histories_are_let_through() -> None:
    assert inconsistent(released()) == []
    assert approvers.judge(approvers_struck(), released()) == []
    for decided in (True, False):
        for plan, carried in (("judged", False), ("not its own", True)):
            history = changed(decided=decided, carried=carried)
            assert inconsistent(history) == []
            assert amend.judge(amend_struck(plan, 303 if decided else 412), history) == []


# --- any race -----------------------------------------------------------------------------------------------------


def spoiled() -> dict[str, History]:
    """Histories of a release, each with one thing in it that cannot be."""
    fine, mine = released(), said(CUSTOMS)
    twice = replace(mine, id="said-again")
    again = Happened(9, "declaration.released", "x")
    return {
        "is not what its digest says": replace(fine, versions={1: Bytes(FIRST, SECOND)}),
        "does not name its newest version": replace(fine, version=2),
        "other bytes than that version's": replace(fine, decisions=[*fine.decisions[:3], replace(mine, digest=SECOND)]),
        "has 2 reviews that count": replace(fine, cases=[*fine.cases, case(VET, "queued", id="new")]),
        "stands at another version": replace(fine, cases=[case(VET, "decided", version=2), *fine.cases[1:]]),
        "is decided 2 times": replace(fine, decisions=[*fine.decisions, twice]),
        "is decided and has no decision": replace(fine, decisions=fine.decisions[1:]),
        "stands 0 times in the ledger": replace(fine, happened=fine.happened[1:]),
        "stands 2 times in the ledger": replace(fine, happened=[*fine.happened, told(mine, 8)]),
        "tells of a decision that is not there": replace(fine, happened=[*fine.happened, told(twice, 8)]),
        "changes are recorded for version 1": replace(
            fine, happened=[*fine.happened, Happened(8, "declaration.amended", "x")]
        ),
        "release is recorded 2 times": replace(fine, happened=[*fine.happened, again]),
        "release is recorded 0 times": replace(fine, happened=without(fine, "declaration.released")),
        "goods items were released twice": replace(fine, decisions=[*fine.decisions, twice]),
        "which is not before it": replace(
            fine, happened=[replace(fine.happened[3], position=0), *fine.happened[:3], *fine.happened[4:]]
        ),
        "without the approval of BY-DVPN": replace(
            fine, decisions=[replace(fine.decisions[0], outcomes={1: "refused"}), *fine.decisions[1:]]
        ),
        "without the approval of BY-MPR": replace(
            fine, decisions=[*fine.decisions[:3], replace(mine, rests_on=mine.rests_on[:2])]
        ),
        "1 releases asked for 2 papers": replace(fine, jobs=[*fine.jobs, "clearance-other"]),
        "are not one for each release": replace(fine, papers=[*fine.papers, Paper("BY-CLR-2", f"said-{CUSTOMS}", 2)]),
        "was given twice": replace(fine, papers=[*fine.papers, Paper("BY-CLR-1", "other")]),
        "differ in number": replace(fine, happened=without(fine, "clearance.requested")),
    }


@pytest.mark.parametrize("words", list(spoiled()))
def test_what_cannot_be_is_seen(words: str) -> None:
    assert [wrong for wrong in inconsistent(spoiled()[words]) if words in wrong]


# --- each kind ----------------------------------------------------------------------------------------------------


def test_approvers_are_judged() -> None:
    fine = released()
    assert approvers.judge(approvers_struck(**{VET: Answer(503)}), fine)
    assert approvers.judge(approvers_struck(**{CUSTOMS: Answer(500)}), fine)
    assert approvers.judge(approvers_struck(**{approvers.AGAIN: Answer(409)}), fine)
    assert approvers.judge(approvers_struck(), replace(fine, status="under-review"))
    assert approvers.judge(approvers_struck(), replace(fine, papers=[]))
    assert approvers.judge(approvers_struck(), replace(fine, decisions=[*fine.decisions, said(CUSTOMS, id="again")]))
    assert approvers.judge(replace(approvers_struck(), more=["deadlock"]), fine)


def vet_decided(outcome: str = "approved") -> History:
    fine = changed(decided=True, carried=True)
    mine = replace(fine.decisions[0], outcomes={1: outcome}, person="Вольга Зайцава")
    return replace(fine, decisions=[mine], happened=[*fine.happened, Happened(4, "review.claimed", "x")])


def test_officers_are_judged() -> None:
    first, second = OFFICERS[VET]
    fine = Struck(one_round("agency"), {first: DONE, second: LATE}, "")
    assert officers.judge(fine, vet_decided()) == []
    assert officers.judge(replace(fine, answers={first: DONE, second: DONE}), vet_decided())
    assert officers.judge(replace(fine, answers={first: DONE, second: Answer(409, "somebody")}), vet_decided())
    assert officers.judge(fine, vet_decided("refused")), "the one who was told no has decided"
    assert officers.judge(fine, replace(vet_decided(), decisions=[])), "nobody has decided"
    assert officers.judge(fine, replace(vet_decided(), decisions=[said(VET), said(VET, id="two")]))
    assert officers.judge(fine, replace(vet_decided(), status="released"))
    assert officers.judge(fine, replace(vet_decided(), happened=without(vet_decided(), "review.claimed")))
    both = {f"{name} claims": DONE for name in (first, second)}
    assert officers.judge(Struck(one_round("claimed first"), {**fine.answers, **both}, ""), vet_decided())


def test_a_decision_on_unseen_bytes_is_seen() -> None:
    fine = changed(decided=True, carried=True)
    unseen = replace(fine, decisions=[replace(fine.decisions[0], version=2, digest=SECOND)])
    assert any("the page showed 1" in wrong for wrong in amend.judge(amend_struck("not its own"), unseen))
    late = replace(fine, happened=[*fine.happened[1:], replace(fine.happened[0], position=9)])
    assert any("the ledger tells" in wrong for wrong in amend.judge(amend_struck("not its own"), late))
    assert amend.judge(amend_struck("not its own", 412), fine), "told 412, and the decision is there"
    assert amend.judge(amend_struck("not its own", 500), changed(decided=False, carried=True))


def test_a_review_that_did_not_follow_is_seen() -> None:
    assert amend.judge(amend_struck("judged"), changed(decided=True, carried=True))
    assert amend.judge(amend_struck("not its own"), changed(decided=True, carried=False))
    assert amend.judge(amend_struck("judged", trader=409), changed(decided=True, carried=False))
    lost = changed(decided=True, carried=False)
    assert amend.judge(amend_struck("judged"), replace(lost, cases=[one for one in lost.cases if one.id != "new"]))


def test_released_and_changed_is_seen() -> None:
    fine = released()
    assert amend.judge(amend_struck("release", 303, 409), fine) == []
    assert amend.judge(amend_struck("release", 303, 303), fine)
    assert amend.judge(amend_struck("release", 303, 409), replace(fine, papers=[]))
