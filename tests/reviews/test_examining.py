"""What a decision must carry: every fault at once, each at its field, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.decision_words import TEXTS
from app.reviews.examining import (
    OUTCOMES,
    Frame,
    ItemDecision,
    Judgement,
    examine,
    examine_outcomes,
    examine_reason,
)

pytestmark = pytest.mark.pure
VET = {"be": "Ветэрынары", "ru": "Ветеринары", "en": "Veterinarians"}


def frame(*numbers: int, **more: object) -> Frame:
    return Frame(numbers=numbers or (1,), reasons={"R"}, **more)


def codes(held_against: Frame, *items: ItemDecision, **more: str) -> list[str]:
    return [fault.code for fault in examine(held_against, Judgement(items, **more))]


def refused(number: int) -> ItemDecision:
    return ItemDecision(number, "refused", "R", "", "Act, 1", "Ministry", "site", 30)


def test_each_item_once_and_no_other():
    assert codes(frame(1, 2), ItemDecision(1, "approved"), ItemDecision(3, "approved")) == [
        "DECISION-ITEM-MISSING",
        "DECISION-ITEM-FOREIGN",
    ]
    assert codes(frame(1), ItemDecision(1, "approved"), ItemDecision(1, "approved")) == ["DECISION-ITEM-TWICE"]


def test_what_has_gone_or_was_decided_is_not_named_again():
    held_against = frame(1, decided=[2, 3], released={2})
    said = [ItemDecision(number, "approved") for number in (1, 2, 3)]
    assert codes(held_against, *said) == ["DECISION-ITEM-RELEASED", "DECISION-ITEM-DECIDED"]


def test_a_hold_says_what_it_waits_for():
    faults = examine(frame(1), Judgement((ItemDecision(1, "held"),)))
    assert [(one.code, one.field) for one in faults] == [("DECISION-HOLD-WHY", "item-1-hold")]
    assert codes(frame(1), ItemDecision(1, "held", conditions="A laboratory result")) == []
    assert codes(frame(1, waits_for={1: VET}), ItemDecision(1, "held")) == []


@pytest.mark.parametrize("item", [ItemDecision(1, "approved"), refused(1)])
def test_what_waits_for_others_can_only_be_held(item):
    faults = examine(frame(1, waits_for={1: VET}), Judgement((item,)))
    assert [one.code for one in faults] == ["DECISION-ITEM-WAITS"]
    assert "Ветэрынары" in faults[0].message["be"]


def test_what_another_agency_refused_is_refused_or_held():
    held_against = frame(1, refused_by={1: VET})
    assert codes(held_against, ItemDecision(1, "approved")) == ["DECISION-AGENCY-REFUSED"]
    assert codes(held_against, refused(1)) == []
    assert codes(held_against, ItemDecision(1, "held", conditions="Talk with the trader")) == []


def test_an_approval_against_a_finding_needs_a_word():
    held_against = frame(1, against={1: {"be": "09028 № 1", "ru": "09028 № 1", "en": "09028 № 1"}})
    assert codes(held_against, ItemDecision(1, "approved")) == ["DECISION-AGAINST-FINDING"]
    assert codes(held_against, ItemDecision(1, "approved"), note="The seal was changed before me") == []
    assert codes(held_against, refused(1)) == []


@pytest.mark.parametrize(
    ("payment", "reference", "expected"),
    [
        ("", "", ["DECISION-PAYMENT-MISSING", "DECISION-PAYMENT-REFERENCE"]),
        ("later", "PP-1", ["DECISION-PAYMENT-MISSING"]),
        ("paid", " ", ["DECISION-PAYMENT-REFERENCE"]),
        ("secured", "x" * 71, ["DECISION-PAYMENT-LONG"]),
        ("not-due", "Customs Code, art. 136", []),
    ],
)
def test_goods_go_with_a_word_about_the_payment(payment, reference, expected):
    said = Judgement((ItemDecision(1, "approved"),), payment=payment, payment_reference=reference)
    faults = examine(frame(1, pays=True), said)
    assert [one.code for one in faults] == expected
    assert all(one.field in ("payment", "payment_reference") for one in faults)
    nothing_goes = Judgement((refused(1),), payment=payment, payment_reference=reference)
    assert examine(frame(1, pays=True), nothing_goes) == []


def test_a_reason_is_there_and_not_a_book():
    assert [one.code for one in examine_reason(" ", "return-reason")] == ["REASON-MISSING"]
    assert examine_reason("", "return-reason")[0].field == "return-reason"
    assert [one.code for one in examine_reason("x" * 1001)] == ["REASON-TOO-LONG"]
    assert examine_reason("The weight differs") == []


def test_a_blind_look_names_every_item():
    faults = examine_outcomes([1, 2, 3], {1: "approved", 3: "maybe"})
    assert [(one.code, one.field) for one in faults] == [
        ("DECISION-ITEM-MISSING", "item-2-outcome"),
        ("DECISION-OUTCOME", "item-3-outcome"),
    ]


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_fault_speaks_three_languages(code):
    for text in TEXTS[code]:
        assert set(text) == {"be", "ru", "en"}
        assert all(text.values())


TEXT = st.text(max_size=20)
ITEM = st.builds(ItemDecision, st.integers(1, 4), st.sampled_from([*OUTCOMES, "", "x"]), TEXT, TEXT, TEXT, TEXT, TEXT)


@given(st.lists(ITEM, max_size=6), st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)), TEXT)
def test_what_is_taken_names_each_open_item_once(items, numbers, waits, note):
    held_against = Frame(sorted(numbers), {"R"}, waits_for=dict.fromkeys(waits, VET))
    faults = examine(held_against, Judgement(tuple(items), note))
    assert all(one.field for one in faults)
    if not faults:
        assert sorted(item.number for item in items) == sorted(numbers)
        assert all(item.outcome == "held" for item in items if item.number in waits)


@given(ITEM)
def test_a_decision_is_kept_as_data(item):
    assert ItemDecision.from_dict(item.as_dict()) == item
