"""What can be wrong with an order, a finding, a sample, a call: every fault in three languages, with its remedy."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews import inspection_examining as examining
from app.reviews import slots
from app.reviews.inspection_examining import Act, Found, Order
from app.reviews.inspection_texts import TEXTS

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NINE = datetime(2026, 11, 23, 6, tzinfo=UTC)
SLOT_ON, TODAY = date(2026, 11, 23), date(2026, 11, 24)
ACTS = {"09028", "01999"}
GOOD = Act("09028", "17", SLOT_ON)


def codes(faults) -> list[str]:
    return [fault.code for fault in faults]


def found(said: Found, *, own: str = "09028", today: date = TODAY, unanswered=()) -> list[str]:
    return codes(
        examining.examine_found(
            said, items=[1, 2], own_act=own, acts=ACTS, slot_on=SLOT_ON, today=today, unanswered=unanswered
        )
    )


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_text_is_said_in_three_languages_with_the_same_words_filled_in(code):
    message, remedy = TEXTS[code]
    for text in (message, remedy):
        assert set(text) == {"be", "ru", "en"}
        assert len({frozenset(re.findall(r"\{(\w+)\}", sentence)) for sentence in text.values()}) == 1
        assert not re.search(r"please|invalid|illegal|oops", text["en"], re.I)
        assert not re.search("[ыэёъ]", text["ru"]) or text["ru"] != text["be"]
        assert not re.search("[иъщ]", text["be"])


def test_a_good_order_has_no_fault():
    order = Order("physical", (1,), ("BY-GTK",), "Count", "06611-1", NINE)
    assert examining.examine_order(order, items=[1, 2], agencies=["BY-GTK"], now=NOW) == []
    assert examining.examine_order(Order("documents", (2,)), items=[1, 2], agencies=[], now=NOW) == []


@pytest.mark.parametrize(
    ("place", "start", "code", "field"),
    [
        ("", NINE, "INSPECTION-PLACE", "place"),
        ("06611-1", None, "SLOT-MISSING", "slot"),
        ("06611-1", NOW, "SLOT-PAST", "slot"),
        ("06611-1", NINE - timedelta(hours=1), "SLOT-HOURS", "slot"),
        ("06611-1", NINE + timedelta(minutes=10), "SLOT-GRID", "slot"),
        ("06611-1", NINE + timedelta(days=6), "SLOT-DAY-OFF", "slot"),
        ("06611-1", NINE + timedelta(days=60), "SLOT-FAR", "slot"),
    ],
)
def test_places_and_slots(place, start, code, field):
    faults = examining.examine_slot("physical", place, start, now=NOW)
    assert [(one.code, one.field) for one in faults] == [(code, field)]
    assert "{" not in "".join([*faults[0].message.values(), *faults[0].remedy.values()])


def test_a_place_that_does_not_hold_such_inspections():
    assert codes(examining.examine_slot("documents", "06611-1", NINE, now=NOW)) == ["INSPECTION-PLACE-KIND"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Found("favourable", "As declared", (), GOOD), []),
        (Found("unfavourable", "Spoilt", (1,), GOOD), []),
        (Found("", " ", (), Act()), ["FINDING-OUTCOME", "FINDING-TEXT", "ACT-TYPE-MISSING"]),
        (Found("unfavourable", "Spoilt", (), GOOD), ["FINDING-ITEMS"]),
        (Found("unfavourable", "Spoilt", (7,), GOOD), ["INSPECTION-ITEM-FOREIGN"]),
        (Found("favourable", "x" * 4001, (), GOOD), ["INSPECTION-TOO-LONG"]),
        (Found("favourable", "x", (), Act("09999", "17", SLOT_ON)), ["ACT-TYPE"]),
        (Found("favourable", "x", (), Act("09028", " ", None)), ["ACT-NUMBER", "ACT-DATE"]),
        (Found("favourable", "x", (), Act("09028", "1" * 71, SLOT_ON)), ["INSPECTION-TOO-LONG"]),
        (Found("favourable", "x", (), Act("09028", "17", date(2026, 11, 25))), ["ACT-DATE-FUTURE"]),
        (Found("favourable", "x", (), Act("09028", "17", date(2026, 11, 22))), ["ACT-DATE-BEFORE"]),
    ],
)
def test_findings(said, expected):
    assert found(said) == expected


def test_an_agency_without_an_act_of_its_own_may_name_none():
    assert found(Found("favourable", "x"), own="") == []
    assert found(Found("favourable", "x", (), Act("", "17", None)), own="") == ["ACT-TYPE"]


def test_nothing_is_found_before_the_day_and_nothing_is_well_before_the_laboratory_answers():
    early = found(Found("favourable", "x", (), Act("09028", "17", SLOT_ON)), today=date(2026, 11, 22))
    assert early == ["FINDING-EARLY", "ACT-DATE-FUTURE"]
    assert found(Found("favourable", "x", (), GOOD), unanswered=["S-1"]) == ["FINDING-SAMPLE-OPEN"]
    assert found(Found("unfavourable", "x", (1,), GOOD), unanswered=["S-1"]) == []


def sample(number="S-1", item=1, laboratory="LAB", expected=TODAY, today=TODAY) -> list[str]:
    return codes(
        examining.examine_sample(
            number, item, laboratory, expected, items=[1], laboratories=["LAB"], numbers=["S-0"], slot_on=SLOT_ON,
            today=today,
        )
    )  # fmt: skip


def test_samples():
    assert sample() == []
    assert sample(" ", None, "", None) == ["SAMPLE-NUMBER", "SAMPLE-ITEM", "SAMPLE-LABORATORY", "SAMPLE-EXPECTED"]
    assert sample(" S-0 ") == ["SAMPLE-TWICE"]
    assert sample(expected=SLOT_ON) == ["SAMPLE-EXPECTED"]
    assert sample(today=date(2026, 11, 22)) == ["SAMPLE-EARLY"]
    assert codes(examining.examine_result("x", "", field="sample-1")) == ["RESULT-OUTCOME", "RESULT-TEXT"]


def test_calls():
    assert examining.examine_call("police", "A fight") == []
    assert codes(examining.examine_call("", "x" * 1001)) == ["CALL-SERVICE", "INSPECTION-TOO-LONG"]


def test_a_slot_that_is_gone_offers_others_or_another_place():
    place = slots.find_place("06611-1")
    free = slots.next_free(place, {}, NOW)
    told = examining.slot_taken(place, NINE, free)
    assert (told.code, told.field) == ("SLOT-TAKEN", "slot")
    assert "23.11.2026 09:00" in told.remedy["be"]
    assert examining.slot_taken(place, NINE, []).code == "SLOT-NONE"


@given(
    st.builds(
        Order, kind=st.text(max_size=9), items=st.lists(st.integers(), max_size=3).map(tuple),
        agencies=st.lists(st.text(max_size=4), max_size=2).map(tuple), instructions=st.text(max_size=9),
        place=st.sampled_from(["", "06611-1", "x"]), start=st.none() | st.datetimes().map(lambda at: at.replace(tzinfo=UTC)),
    )
)  # fmt: skip
def test_whatever_is_sent_is_answered_at_fields_of_the_form(order):
    fields = {"kind", "items", "agencies", "instructions", "place", "slot"}
    for one in examining.examine_order(order, items=[1], agencies=[], now=NOW):
        assert one.field in fields
