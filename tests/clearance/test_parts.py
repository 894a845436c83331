"""Goods released in turn: one clearance for each releasing decision, each saying how things stood then and no later."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from app.clearance import finders, issuing, papering, verification
from app.clearance.facts import ClearanceFacts
from app.clearance.models import Clearance
from app.database import transaction
from app.declarations.models import Declaration
from app.ledger.models import Entry
from app.signing import keeping
from tests.clearance import parts
from tests.clearance.parts import CUSTOMS, VET


@pytest.fixture
def partly(app, database) -> tuple[uuid.UUID, uuid.UUID]:
    """The package of five items after its first release: the package and the decision."""
    with app.app_context(), transaction(database):
        declaration = parts.filed()
        decision = parts.first_release(declaration)
        assert declaration.status == "partly-released"
        return declaration.id, decision.id


def second(app, database, package: uuid.UUID, last: str = "approved") -> uuid.UUID:
    with app.app_context(), transaction(database) as session:
        return parts.second_release(session.get_one(Declaration, package), last).id


def read(app, database, clearance: Clearance) -> ClearanceFacts:
    with app.app_context(), transaction(database, writing=False):
        return issuing.facts_of(clearance, issued_at=clearance.requested_at)


def issue(app, database, package, decision) -> Clearance:
    with app.app_context(), transaction(database):
        return issuing.issue(package, decision)


def test_the_first_release_says_what_goes_and_what_waits(app, database, partly):
    clearance = issue(app, database, *partly)
    assert (clearance.serial, clearance.items, clearance.decision_id) == (1, [1, 2, 3], partly[1])
    facts = read(app, database, clearance)
    assert (facts.released, facts.held, facts.refused, facts.released_before) == ((1, 2, 3), (4, 5), (), ())
    assert facts.in_parts
    assert not facts.earlier
    waited = [item.waits["en"] for item in facts.goods if item.waits]
    assert len(waited) == 2
    assert "eterinary" in waited[0]
    lights = {one.agency: one.light for one in facts.sign_offs}
    assert set(lights.values()) == {"lit"}
    customs = facts.sign_offs[-1].signatures[-1]
    assert (customs.payment, customs.payment_reference) == ("secured", "GS-26/7")


def test_what_is_decided_later_does_not_stand_on_an_earlier_paper(app, database, partly):
    """The job of the first release is late: it runs after the second release, before or after that one's job."""
    package, first = partly
    later = second(app, database, package, "refused")
    with app.app_context(), transaction(database):
        two = issuing.issue(package, later)
        one = issuing.issue(package, first)
    assert (one.serial, two.serial) == (1, 2)
    assert one.number < two.number
    facts = read(app, database, one)
    assert (facts.released, facts.held, facts.refused) == ((1, 2, 3), (4, 5), ())
    vets = next(sign for sign in facts.sign_offs if sign.agency == VET)
    assert len(vets.signatures) == 1
    facts = read(app, database, two)
    assert (facts.released, facts.released_before, facts.held, facts.refused) == ((4,), (1, 2, 3), (), (5,))
    assert [(one_.number, one_.items) for one_ in facts.earlier] == [(one.number, (1, 2, 3))]
    vets = next(sign for sign in facts.sign_offs if sign.agency == VET)
    assert [[judged.items for judged in signed.judgements] for signed in vets.signatures] == [[(1,)], [(4,), (5,)]]
    refusal = vets.signatures[1].judgements[1]
    assert (refusal.outcome, refusal.appeal_days) == ("refused", 30)
    assert "+375" in refusal.appeal


def test_the_claims_of_each_paper_count_its_own_goods(app, database, partly):
    """What a phone reads without network: how many goods items this paper lets go, which, and of how many there are."""
    package, first = partly
    later = second(app, database, package)
    with app.app_context(), transaction(database) as session:
        asked = [session.get_one(Clearance, issuing.request(package, decision)) for decision in (first, later)]
        facts = [issuing.facts_of(one, issued_at=one.requested_at) for one in asked]
        told = [papering.claims_of(one, keeping.in_use()) for one in facts]
    assert [(one.items, one.count, one.total) for one in told] == [("1-3", 3, 5), ("4-5", 2, 5)]
    assert told[0].net_kg != told[1].net_kg


def test_both_clearances_hold_and_are_told_apart(app, database, client, partly):
    package, first = partly
    one = issue(app, database, package, first)
    two = issue(app, database, package, second(app, database, package))
    with transaction(database, writing=False) as session:
        assert session.get_one(Declaration, package).status == "released"
        states = session.scalars(sa.select(Clearance._status).order_by(Clearance.serial)).all()
        events = session.scalars(sa.select(Entry.event).where(Entry.subject == "clearance").order_by(Entry.position))
        assert "clearance.superseded" not in events.all()
    assert states == ["issued", "issued"]
    earlier = client.get(f"/verify/{one.code}?lang=en").text
    later = client.get(f"/verify/{two.code}?lang=en").text
    assert "Genuine" in earlier
    assert "Genuine" in later
    assert two.number in earlier
    assert two.code not in earlier
    assert one.number in later
    assert "1–3" in earlier
    assert "4–5" in later


def test_a_release_has_one_clearance_whatever_job_runs_how_often(app, database, partly):
    package, first = partly
    later = second(app, database, package)
    with app.app_context(), transaction(database) as session:
        wanted = [issuing.request(package, decision) for decision in (later, first, later, first)]
        assert wanted == [wanted[0], wanted[1], wanted[0], wanted[1]]
        assert session.scalar(sa.select(sa.func.count()).select_from(Clearance)) == 2
        assert [one.serial for one in finders.list_clearances(package)] == [1, 2]


def test_a_last_decision_that_only_refuses_has_no_paper(app, database, partly):
    """The package is released, its last two items refused: nothing more goes, so no clearance is asked for."""
    package, _first = partly
    with app.app_context(), transaction(database) as session:
        declaration = session.get_one(Declaration, package)
        parts.decide(declaration, VET, {4: "refused", 5: "refused"})
        decision = parts.decide(declaration, CUSTOMS, {4: "refused", 5: "refused"})
        assert declaration.status == "released"
        assert decision.released == []
    assert app.extensions["akno.jobs"].find(f"clearance-{decision.id}") is None


def test_the_worker_issues_both(app, database, partly, worker):
    package, _first = partly
    second(app, database, package)
    worker.drain()
    with app.app_context(), transaction(database, writing=False):
        cleared = finders.list_clearances(package)
        assert [(one.serial, one.status, one.items) for one in cleared] == [
            (1, "issued", [1, 2, 3]),
            (2, "issued", [4, 5]),
        ]
        assert verification.verify(cleared[0].code).later == (cleared[1].number,)


def test_statements_do_not_grow_with_the_clearances(app, database, partly):
    package, first = partly
    one = issue(app, database, package, first)
    with app.app_context(), transaction(database, writing=False) as session, parts.counted(session) as before:
        issuing.facts_of(one, issued_at=one.requested_at)
    two = issue(app, database, package, second(app, database, package))
    with app.app_context(), transaction(database, writing=False) as session, parts.counted(session) as after:
        issuing.facts_of(two, issued_at=two.requested_at)
    assert len(after) <= len(before), after
