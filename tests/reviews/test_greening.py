"""Signing off by a rule: an operator with a guarantee passes in seconds, a stranger with the same goods waits; who may switch a
rule on, for which measures never, what a second look finds."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pikepdf
import pytest
import sqlalchemy as sa
from lxml import html

from app import clock
from app.cli import accrediting, founding, ledger_facts
from app.database import Database, session, transaction
from app.errors import Conflict, Invalid, NotAllowed
from app.jobs.working import Worker
from app.ledger.models import Entry
from app.requirements.compiling import packaged_edition
from app.reviews import green_checks, green_following, green_ruling, greening_finders, second_looking
from app.reviews.green_ruling import Typed
from app.reviews.greening_models import GreenRule, SecondLook
from app.reviews.models import Decision, Review
from app.risk import drawing_lots
from app.risk.assessment_models import DrawSeed
from tests.factories.world import OFFICES, World
from tests.journeys.roads import faults_of, file_bytes, file_xml, open_case, packed, state

OPERATOR = accrediting.COUNTRY[0]
MEASURES = ("CUS-001", "CUS-004")
"""What customs judges of bicycles: release, and the information before arrival."""


def typed(measure: str, *, proof: str = "aeo", share: str = "0") -> Typed:
    return Typed(measure, "Веласіпеды аператара", proof, share, clock.today().strftime("%d.%m.%Y"))


def switch_on(measure: str, *, share: str = "0") -> GreenRule:
    rule = green_ruling.propose(typed(measure, share=share), by=founding.actor("mikola"))
    return green_ruling.agree(rule, by=founding.actor("ihar"))


@pytest.fixture
def operator(world: World, database: Database) -> World:
    """Velo is an operator with a guarantee, the lots of the day fall on nobody, customs has its rules."""
    with transaction(database):
        accrediting.give(OPERATOR)
        for measure in MEASURES:
            switch_on(measure)
    return world


def attached(pdf: bytes, name: str) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return opened.attachments[name].get_file().read_bytes()


def of_stranger() -> bytes:
    """The same bicycles, imported by the trader of Anna."""
    own, other = founding.actor("vera"), founding.actor("anna")
    xml = packed("bicycles", lrn="STRANGER-1").xml
    return xml.replace(own.unp.encode(), other.unp.encode())


def test_an_operator_passes_in_seconds_while_a_stranger_with_the_same_goods_waits(
    operator: World, database: Database, worker: Worker
) -> None:
    where = file_xml(operator.vera, packed("bicycles"))
    released = state(operator.vera, where)
    assert released["status"] == "released"
    with transaction(database, writing=False):
        (decision,) = session().scalars(sa.select(Decision)).all()
        assert (decision.how, decision.person_id, decision.person_name, decision.post) == ("automatic", None, "", "")
        assert decision.rule_code == "BY-GTK/CUS-001/1"
        assert (decision.payment, decision.payment_reference) == ("secured", OPERATOR.guarantee)
        (entry,) = session().scalars(sa.select(Entry).where(Entry.event == "review.decided")).all()
        assert (entry.payload["how"], entry.payload["rule"]) == ("automatic", "BY-GTK/CUS-001/1")
        assert entry.person_id is None
        assert ledger_facts.compare() == []
        others = of_stranger()
    page = operator.vera.get(f"{where}?lang=en").text
    assert "by the rule BY-GTK/CUS-001/1" in page
    worker.drain()
    clearance = state(operator.vera, where)["clearance"]
    assert clearance["status"] == "issued"
    paper = json.loads(attached(operator.vera.browser.get(clearance["download"]).data, "decision.json"))
    (signed,) = paper["agencies"][0]["decisions"]
    assert (signed["how"], signed["rule"], signed["officer"]) == ("automatic", "BY-GTK/CUS-001/1", None)
    waits = file_bytes(operator.anna, others, "package.xml")
    assert waits.startswith("/packages/"), faults_of(operator.anna, waits)
    assert state(operator.anna, waits)["status"] == "under-review"
    assert state(operator.anna, waits)["number"] in operator.maria.get("/queue?risk=green").text


def test_the_case_says_that_a_rule_signed_and_no_name(operator: World, database: Database) -> None:
    file_xml(operator.vera, packed("bicycles"))
    with transaction(database, writing=False):
        review = session().scalars(sa.select(Review)).one()
        assert (review.status, review.result, review.risk) == ("decided", "approved", "green")
        assert review.target_at is not None
        assert review.target_at <= review.due_at
    page = operator.maria.get(f"/cases/{review.id}?lang=en").text
    assert "signed off by the window on behalf of the agency, by the rule BY-GTK/CUS-001/1" in page
    assert "Green lane" in page


def test_without_every_rule_an_officer_decides(world: World, database: Database) -> None:
    with transaction(database):
        accrediting.give(OPERATOR)
        switch_on(MEASURES[0])
    assert state(world.vera, file_xml(world.vera, packed("bicycles")))["status"] == "under-review"


def test_a_package_that_is_drawn_waits_for_an_officer(operator: World, database: Database) -> None:
    with transaction(database):
        row = session().get_one(DrawSeed, clock.today())
        numbers = [f"{office}/{clock.today():%d%m%y}/0000001" for office in OFFICES]
        row.seed = next(
            seed
            for seed in (f"{number:064x}" for number in range(1_000_000))
            if all(drawing_lots.drawn(seed, number, "BY-GTK", 10) for number in numbers[:2])
        )
        row.commitment = drawing_lots.commitment(row.seed)
    where = file_xml(operator.vera, packed("bicycles"))
    assert state(operator.vera, where)["status"] == "under-review"
    case = open_case(operator.maria, state(operator.vera, where)["number"])
    page = operator.maria.get(f"{case}?lang=en").text
    assert "random selection: the package was drawn" in page
    assert "Yellow lane" in page


def test_an_ended_rule_signs_nothing_and_two_supervisors_are_two(world: World, database: Database) -> None:
    with transaction(database):
        rule = green_ruling.propose(typed(MEASURES[0]), by=founding.actor("mikola"))
        with pytest.raises(NotAllowed, match="another supervisor"):
            green_ruling.agree(rule, by=founding.actor("mikola"))
        with pytest.raises(NotAllowed, match="another agency"):
            green_ruling.agree(rule, by=founding.actor("nazar"))
        with pytest.raises(NotAllowed):
            green_ruling.propose(typed(MEASURES[0]), by=founding.actor("maria"))
        green_ruling.agree(rule, by=founding.actor("ihar"))
        green_ruling.end(rule, by=founding.actor("ihar"))
        assert rule.status == "ended"
        with pytest.raises(Conflict):
            green_ruling.agree(rule, by=founding.actor("ihar"))
        accrediting.give(OPERATOR)
        switch_on(MEASURES[1])
    assert state(world.vera, file_xml(world.vera, packed("bicycles")))["status"] == "under-review"


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"measure": "VET-001"}, "GREEN-MEASURE", "measure"),
        ({"proof": "registry"}, "GREEN-RELEASE", "proof"),
        ({"proof": "love"}, "GREEN-PROOF", "proof"),
        ({"name": " "}, "GREEN-NAME", "name"),
        ({"second_look": "1001"}, "GREEN-SHARE", "second_look"),
        ({"second_look": "٣"}, "GREEN-SHARE", "second_look"),
        ({"valid_from": "01.01.2020"}, "GREEN-FROM", "valid_from"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    world: World, database: Database, changed: dict[str, str], code: str, field: str
) -> None:
    with transaction(database), pytest.raises(Invalid) as refused:
        green_ruling.propose(replace(typed(MEASURES[0]), **changed), by=founding.actor("mikola"))
    assert (code, field) in {(fault.code, fault.field) for fault in refused.value.faults}


def test_no_measure_that_must_not_be_can_be_switched_on(world: World, database: Database) -> None:
    """All measures of the data: each that bans, protects a species, is veterinary or of high phytosanitary risk is refused."""
    measures = packaged_edition().measures
    assert len(measures) == 813
    refused = 0
    for one in measures:
        row, why = one.row, green_checks.why_never(green_ruling.kind_of(one))
        must_not = (
            one.effect == "prohibit"
            or "CITES" in row.measure_type + row.flag
            or "veterinary" in row.measure_type
            or "high risk" in row.measure_type
            or "rohibit" in row.measure_type
            or row.code.startswith("VET-")
        )
        assert bool(why) or not must_not, row.code
        assert not why or green_checks.words(why)["be"]
        refused += bool(why)
    assert 0 < refused < len(measures)
    with transaction(database), pytest.raises(Invalid) as said:
        green_ruling.propose(typed("VET-001", proof="registry"), by=founding.actor("oleg"))
    assert [fault.code for fault in said.value.faults] == ["GREEN-NEVER"]


def test_a_share_is_looked_at_again_and_the_decision_stands(world: World, database: Database) -> None:
    with transaction(database):
        accrediting.give(OPERATOR)
        for measure in MEASURES:
            switch_on(measure, share="1000")
    where = file_xml(world.vera, packed("bicycles"))
    assert "/queue/second-looks" in world.maria.get("/queue/rules").text
    page = world.maria.get("/queue/second-looks?lang=en")
    number = state(world.vera, where)["number"]
    assert number in page.text
    with transaction(database, writing=False):
        (look,) = session().scalars(sa.select(SecondLook)).all()
    answer = world.maria.post(f"/queue/second-looks/{look.id}", outcome="differs", note="")
    assert answer.status_code == 422
    assert f'id="note-{look.id}"' in answer.text
    answer = world.maria.post(f"/queue/second-looks/{look.id}", outcome="differs", note="Рамы без нумароў")
    assert answer.status_code == 303, answer.text
    assert "Рамы без нумароў" in world.maria.get("/queue/second-looks?settled=yes").text
    assert state(world.vera, where)["status"] == "released"
    with transaction(database):
        with pytest.raises(Conflict):
            second_looking.settle(look, outcome="agreed", note="", by=founding.actor("maria"))
        (rule, *_more) = session().scalars(sa.select(GreenRule).order_by(GreenRule.code)).all()
        figures = greening_finders.count_signed([rule])[rule.code]
        assert (figures.signed, figures.differs, figures.waiting) == (1, 1, 0)
        told = session().scalars(sa.select(Entry).where(Entry.event.like("second_look.%"))).all()
        assert [entry.declaration_id for entry in told] == [None, None]
    assert world.nina.get(f"/queue/second-looks/{look.id}").status_code in (404, 405)
    assert world.nina.post(f"/queue/second-looks/{look.id}", outcome="agreed").status_code == 404


def test_the_pages_of_the_rules(world: World, database: Database) -> None:
    assert "Every case" in world.mikola.get("/queue/rules?lang=en").text or "every case" in world.mikola.page.text
    form = world.mikola.get("/queue/rules/new")
    assert form.status_code == 200
    sent = {
        "measure": "CUS-001",
        "name": "Назва, якую я доўга думаў",
        "proof": "registry",
        "second_look": "50",
        "valid_from": "x",
    }
    answer = world.mikola.post("/queue/rules/new", **sent)
    assert answer.status_code == 422
    assert "Назва, якую я доўга думаў" in answer.text
    sent |= {"proof": "aeo", "valid_from": clock.today().strftime("%d.%m.%Y")}
    assert world.mikola.post("/queue/rules/new", **sent).status_code == 303
    with transaction(database, writing=False):
        rule = session().scalars(sa.select(GreenRule)).one()
    assert world.mikola.post(f"/queue/rules/{rule.id}/agree").status_code == 403
    assert f"/queue/rules/{rule.id}/agree" not in world.mikola.get("/queue/rules").text
    assert world.ihar.post(f"/queue/rules/{rule.id}/agree").status_code == 303
    assert world.ihar.post(f"/queue/rules/{rule.id}/end").status_code == 303
    assert world.nazar.post(f"/queue/rules/{rule.id}/end").status_code == 404
    assert world.maria.get("/queue/rules/new").status_code == 403
    assert world.vera.get("/queue/rules").status_code == 403


def test_customs_lets_goods_go_by_its_rule_once_another_agency_has_approved(
    operator: World, database: Database, worker: Worker
) -> None:
    """Bags of crocodile skin: two officers of the environment sign, then nobody of customs has to."""
    where = file_xml(operator.vera, packed("crocodile_bags"))
    number = state(operator.vera, where)["number"]
    assert state(operator.vera, where)["status"] == "under-review"
    open_case(operator.nina, number)
    operator.nina.submit("/propose", rest="yes")
    worker.drain()
    assert state(operator.vera, where)["status"] == "under-review"
    with transaction(database, writing=False):
        key = session().scalars(sa.select(Review.id).where(Review.agency == "BY-MPR")).one()
    operator.natallia.get(f"/cases/{key}")
    page = html.fromstring(operator.natallia.page.text)
    choices = {str(name): "approved" for name in page.xpath("//*[@value='approved']/@name")}
    operator.natallia.submit("/countersign", **choices)
    with operator.app.app_context(), transaction(database):
        green_following.follow()
    assert state(operator.vera, where)["status"] == "released"
    with transaction(database, writing=False):
        said = {one.agency: one.how for one in session().scalars(sa.select(Decision))}
    assert said == {"BY-MPR": "countersigned", "BY-GTK": "automatic"}
