"""Which agencies a package touches and why, for goods people really bring."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.requirements import deriving, wording
from app.requirements.compiling import CompiledEdition, packaged_edition
from app.requirements.facts import ItemFacts, PackageFacts
from app.requirements.matching import match
from app.requirements.outcome import Outcome
from tests.requirements.facts_made import CUSTOMS_PAPERS, DAY, agencies, all_no, goods, package, shown


def beef(edition: CompiledEdition, number: int = 1, **more: object) -> ItemFacts:
    more.setdefault("origin", "UA")
    return goods(edition, number, "0201300000", **more)  # type: ignore[arg-type]


def test_beef_flowers_and_plastic_flakes_touch_three_agencies_and_customs(edition: CompiledEdition) -> None:
    flowers = goods(edition, 2, "0603110000", "NL", answers={"PHY-003": True, "CITES_I": False, "CITES_II": False})
    flakes = goods(edition, 3, "3915909000", "UA", answers={"WASTE_B3011": True, "WASTE_FOR_DISPOSAL": False})
    outcome = match(edition, package(beef(edition), flowers, flakes))
    assert agencies(outcome) == ["BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-GTK"]
    assert [lane.items for lane in outcome.lanes] == [(1,), (2,), (3,), (1, 2, 3)]
    measure = outcome.lanes[0].measures[0]
    assert (measure.code, measure.prefix, measure.effect) == ("VET-007", "0201", "require")
    facts = {fact.name: (fact.pointer, fact.value) for fact in measure.findings[0].facts}
    assert facts["goods_code"] == ("42A/67A/68A[1]/23A/21A/145", "0201300000")
    assert facts["origin"] == ("42A/67A/68A[1]/92A/063", "UA")
    assert measure.edition == edition.hash[:12]
    assert "317" in measure.act


def test_beef_turned_into_bicycles_loses_the_veterinary_lane_and_says_why(edition: CompiledEdition) -> None:
    outcome = match(edition, package(goods(edition, 1, "8712003000", "UA")))
    assert agencies(outcome) == ["BY-GTK"]
    reasons = {entry.agency: entry.reasons for entry in outcome.not_triggered}
    assert {"BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-RCHEPH", "BY-TI", "BY-GOSSTANDART"} <= set(reasons)
    assert wording.why(reasons["BY-MZ"][0], edition)["en"] == "No measure of this agency covers 8712003000."
    assert set(reasons) | {"BY-GTK"} == set(edition.judging)


def test_a_flag_answered_no_is_named_as_the_reason(edition: CompiledEdition) -> None:
    item = goods(edition, 1, "8418108001", answers={"USED": False, "CONTAINS_ODS": False})
    reasons = {entry.agency: entry.reasons for entry in match(edition, package(item)).not_triggered}
    why = next(reason for reason in reasons["BY-MPR"] if reason.detail == "USED")
    assert why.kind == "flag_no"
    assert "the goods are used" in wording.why(why, edition)["en"]


def test_timber_for_germany_is_asked_once_and_goes_to_plant_quarantine(edition: CompiledEdition) -> None:
    cites = {"CITES_I": False, "CITES_II": False, "CITES_III": False}
    timber = goods(edition, 1, "4407119300", "BY", procedure="10", answers={"PHX-010": True, **cites})
    outcome = match(edition, package(timber, direction="export", destination="DE"))
    assert agencies(outcome) == ["BY-GGISKZR", "BY-GTK"]
    assert not outcome.unanswered
    assert agencies(match(edition, package(timber, direction="export", destination="RU"))) == ["BY-GTK"]


def test_dangerous_goods_in_transit_touch_transport_and_customs(edition: CompiledEdition) -> None:
    derived = deriving.from_goods(edition, pointer="42A/67A/68A[1]", code="2711120000", undg=["1978"])
    gas = ItemFacts(1, "2711120000", "RU", "", "80", {}, derived.flags, derived.settled, derived.evidence)
    outcome = match(
        edition, package(gas, direction="transit", destination="PL", settled=frozenset({"FOREIGN_CARRIER"}))
    )
    assert agencies(outcome) == ["BY-TI", "BY-GTK"]
    fact = outcome.lanes[0].measures[0].findings[0].facts[-1]
    assert (fact.name, fact.pointer, fact.value) == ("ADR", "42A/67A/68A[1]/23A/12C/506", "1978")


def test_an_agency_that_only_issues_stands_behind_customs(edition: CompiledEdition) -> None:
    outcome = match(edition, package(goods(edition, 1, "8541430000")))
    lane = outcome.lane("BY-GOSSTANDART")
    assert lane is not None
    assert not lane.review
    assert [review.agency for review in outcome.reviews] == ["BY-GTK"]
    assert outcome.reviews[0].behind == ("BY-GOSSTANDART",)
    assert [missing.ways for missing in outcome.missing] == [(("01402",),)]


def test_customs_always_has_a_lane_with_every_item(edition: CompiledEdition) -> None:
    outcome = match(edition, PackageFacts("", DAY, (ItemFacts(1, ""), ItemFacts(2, "99"))))
    assert agencies(outcome) == ["BY-GTK"]
    assert outcome.lanes[0].items == (1, 2)


def test_a_ban_names_the_act_and_asks_for_no_document(edition: CompiledEdition) -> None:
    outcome = match(edition, package(beef(edition, origin="KZ")))
    assert [(entry.measure, entry.items) for entry in outcome.prohibited] == [("VBN-004", (1,))]
    assert outcome.missing == ()
    assert "foot-and-mouth" in wording.prohibited(outcome.prohibited[0])["en"]
    assert outcome.lane("BY-DVPN") is not None
    excepted = match(edition, package(beef(edition, origin="KZ", documents=(shown("01202"),))))
    assert excepted.prohibited == ()
    assert excepted.lane("BY-DVPN") is not None


def test_a_region_is_compared_with_the_region_of_origin(edition: CompiledEdition) -> None:
    orenburg = match(edition, package(goods(edition, 1, "0102299100", "RU", origin_region="ORE")))
    elsewhere = match(edition, package(goods(edition, 1, "0102299100", "RU", origin_region="MOW")))
    assert [entry.measure for entry in orenburg.prohibited]
    assert not elsewhere.prohibited


def test_research_is_part_of_the_exception_not_of_the_ban(edition: CompiledEdition) -> None:
    """DDT without research use is the very thing that is prohibited."""
    lindane = goods(edition, 1, "2903810000", answers={"RESEARCH": False})
    assert [entry.measure for entry in match(edition, package(lindane)).prohibited] == ["CHM-008"]
    sample = goods(edition, 1, "2903810000", answers={"RESEARCH": True}, documents=(shown("01065"),))
    assert match(edition, package(sample)).prohibited == ()


def test_goods_of_the_union_need_no_package(edition: CompiledEdition) -> None:
    outcome = match(edition, package(beef(edition, origin="AM")))
    assert [(notice.kind, notice.measure) for notice in outcome.notices][:1] == [("no_package", "VIN-002")]
    assert agencies(outcome) == ["BY-GTK"]


def test_waste_that_is_something_else_goes_to_the_agency_as_not_classified(edition: CompiledEdition) -> None:
    other = goods(edition, 1, "3915909000", answers={"WASTE_OTHER": True, "WASTE_FOR_DISPOSAL": False})
    outcome = match(edition, package(other))
    lane = outcome.lane("BY-MPR")
    assert lane is not None
    assert [measure.reason for measure in lane.measures] == ["not classified"]
    assert not outcome.unanswered
    none = goods(edition, 1, "7204100000", answers={"WASTE_METAL": False, "WASTE_FOR_DISPOSAL": False})
    assert "BY-MPR" in agencies(match(edition, package(none)))


def test_the_embargo_holds_on_its_last_day_and_not_after(edition: CompiledEdition) -> None:
    def bans(on: date) -> list[str]:
        return [entry.measure for entry in match(edition, package(beef(edition, origin="DE"), on=on)).prohibited]

    assert bans(date(2024, 12, 31)) == ["EMB-002"]
    assert bans(date(2025, 1, 1)) == []
    assert bans(date(2021, 12, 31)) == []


def test_a_full_measure_without_flag_needs_no_answer(edition: CompiledEdition) -> None:
    for measure in edition.measures:
        row = measure.row
        if row.scope != "full" or row.flag or measure.effect not in ("require", "prohibit"):
            continue
        origin = {"": "CN", "!EAEU": "CN", "EAEU": "AM", "BY-EMBARGO": "DE", "RU:ORE": "RU"}.get(row.origin, row.origin)
        region = "ORE" if ":" in row.origin else ""
        code = "9999999999" if measure.prefix == "*" else measure.prefix.ljust(10, "0")
        procedure = row.procedures.split()[0] if row.procedures else ""
        item = ItemFacts(1, code, origin, region, procedure)
        outcome = match(edition, PackageFacts(row.direction, row.valid_from, (item,), "DE"))
        lane = outcome.lane(measure.agency)
        assert lane is not None, measure.code
        assert measure.code in [applied.code for applied in lane.measures]


def test_an_answer_can_be_stored_and_read_back(edition: CompiledEdition) -> None:
    outcome = match(edition, package(beef(edition), goods(edition, 2, "3915909000"), goods(edition, 3, "8541430000")))
    again = Outcome.from_dict(json.loads(json.dumps(outcome.as_dict())))
    assert again == outcome
    assert again.digest("BY-DVPN") == outcome.digest("BY-DVPN") != ""


def test_a_digest_follows_the_facts_its_agency_reads_and_no_others(edition: CompiledEdition) -> None:
    before = match(edition, package(beef(edition, fingerprint="a"), goods(edition, 2, "8712003000", fingerprint="b")))
    other = match(edition, package(beef(edition, fingerprint="a"), goods(edition, 2, "8712003000", fingerprint="c")))
    own = match(edition, package(beef(edition, fingerprint="d"), goods(edition, 2, "8712003000", fingerprint="b")))
    assert before.digest("BY-DVPN") == other.digest("BY-DVPN") != own.digest("BY-DVPN")
    assert len({outcome.digest("BY-GTK") for outcome in (before, other, own)}) == 3
    assert before.digest("BY-MPR") == ""


def test_a_digest_of_customs_follows_the_agencies_behind_it(edition: CompiledEdition) -> None:
    without = match(edition, package(goods(edition, 1, "8541430000")))
    with_it = match(edition, package(goods(edition, 1, "8541430000", documents=(shown("01402"),))))
    assert without.digest("BY-GTK") != with_it.digest("BY-GTK")


CODES = ["0201300000", "0603110000", "3915909000", "8712003000", "7204100000", "0106110000", "2106909200", "9705290000"]
FLAGS = sorted(packaged_edition().flags)
EX = [measure.code for measure in packaged_edition().measures if measure.described]
answered = st.dictionaries(st.sampled_from(FLAGS + EX), st.booleans(), max_size=6)
items = st.builds(
    ItemFacts,
    number=st.just(1),
    code=st.sampled_from(CODES),
    origin=st.sampled_from(["", "UA", "RU", "DE", "BY"]),
    procedure=st.sampled_from(["", "40", "10", "80"]),
    answers=answered,
    data_flags=st.frozensets(st.sampled_from(FLAGS), max_size=2),
)
packages = st.builds(
    PackageFacts,
    direction=st.sampled_from(["import", "export", "transit", ""]),
    on=st.dates(date(2011, 1, 1), date(2027, 1, 1)),
    items=st.tuples(items),
    destination=st.sampled_from(["", "BY", "DE", "RU"]),
    answers=answered,
    documents=st.sampled_from([(), CUSTOMS_PAPERS]),
)


@given(packages)
@settings(max_examples=150)
def test_the_same_facts_give_the_same_answer(facts: PackageFacts) -> None:
    edition = packaged_edition()
    assert match(edition, facts) == match(edition, facts)


@given(packages, st.sampled_from(FLAGS + EX))
@settings(max_examples=300)
def test_answering_no_never_adds_a_lane(facts: PackageFacts, code: str) -> None:
    edition, item = packaged_edition(), facts.items[0]
    if code in item.answers or code in facts.answers:
        return
    before = match(edition, facts)
    answers = {**item.answers, code: False}
    changed = ItemFacts(
        1, item.code, item.origin, "", item.procedure, answers, item.data_flags, item.settled, item.evidence
    )
    after = match(
        edition,
        PackageFacts(
            facts.direction, facts.on, (changed,), facts.destination, facts.answers, documents=facts.documents
        ),
    )
    assert set(agencies(after)) <= set(agencies(before))


@given(packages)
@settings(max_examples=100)
def test_an_answer_survives_being_stored(facts: PackageFacts) -> None:
    outcome = match(packaged_edition(), facts)
    assert Outcome.from_dict(json.loads(json.dumps(outcome.as_dict()))) == outcome


@given(packages)
@settings(max_examples=100)
def test_answering_every_question_leaves_none_open(facts: PackageFacts) -> None:
    edition, item = packaged_edition(), facts.items[0]
    no = {**all_no(match(edition, facts)), **item.answers}
    changed = ItemFacts(1, item.code, item.origin, "", item.procedure, no, item.data_flags)
    after = match(
        edition,
        PackageFacts(facts.direction, facts.on, (changed,), facts.destination, facts.answers),
    )
    assert after.unanswered == ()


@pytest.mark.parametrize("direction", ["import", "export", "transit"])
def test_a_declared_but_unknown_direction_still_reaches_customs(edition: CompiledEdition, direction: str) -> None:
    assert "BY-GTK" in agencies(match(edition, package(goods(edition, 1, "4819100000"), direction=direction)))
