"""The form of a condition: what is typed becomes a condition and comes back as it was typed."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from app.errors import Invalid
from app.risk import conditions, reading
from app.risk.examples import shipped
from app.risk.indicator_form import Typed, blocks_of, condition_of, grown, read_form

pytestmark = pytest.mark.pure


def test_every_shipped_condition_that_fits_the_rows_comes_back_the_same() -> None:
    fitting = 0
    for example in shipped():
        node = conditions.parse(example["condition"])
        blocks = blocks_of(node)
        if blocks is None:
            continue
        fitting += 1
        kind = node.kind if isinstance(node, conditions.Group) else "all"
        raw, _boxes = condition_of(Typed({"top": kind, "written": ""}, (), blocks))
        again = conditions.parse(raw)
        for language in ("be", "ru", "en"):
            said = conditions.aloud(again, language).replace("(", "").replace(")", "")
            assert said == conditions.aloud(node, language).replace("(", "").replace(")", "")
    assert fitting == len(shipped()) - 1, "only R04 is deeper"


def test_every_condition_reads_back_from_its_written_form() -> None:
    for example in shipped():
        node = conditions.parse(example["condition"])
        assert conditions.aloud(conditions.parse(reading.as_raw(node)), "en") == conditions.aloud(node, "en")


def test_nothing_typed_is_lost_when_a_row_is_added() -> None:
    sent = MultiDict(
        {
            "title": "Пластык", "weight": "abc", "b1-join": "any", "b1-not": "yes", "b1-1-fact": "item.net_kg",
            "b1-1-op": "below", "b1-1-value": "zzz", "b1-1-of": "", "b1-1-to": "",
        }
    )  # fmt: skip
    typed = read_form(sent)
    more = grown(grown(typed, "row-1"), "block")
    assert (more.plain["title"], more.plain["weight"]) == ("Пластык", "abc")
    assert [len(block.rows) for block in more.blocks] == [2, 1]
    assert more.blocks[0].rows[0] == typed.blocks[0].rows[0]
    assert (more.blocks[0].join, more.blocks[0].negated) == ("any", True)
    assert grown(typed, "row-9") == typed


def test_a_fault_is_shown_at_the_row_it_came_from() -> None:
    sent = MultiDict(
        {
            "b1-1-fact": "item.net_kg", "b1-1-op": "below", "b1-1-value": "12",
            "b2-1-fact": "", "b2-2-fact": "item.origin", "b2-2-op": "among", "b2-2-value": "ZZ",
        }
    )  # fmt: skip
    raw, boxes = condition_of(read_form(sent))
    with pytest.raises(Invalid) as refused:
        conditions.parse(raw)
    [fault] = refused.value.faults
    assert (fault.code, boxes[fault.field.removeprefix("condition-")]) == ("CONDITION-CODE", "b2-2")


BAD = [
    ({}, "CONDITION-EMPTY"),
    ([], "CONDITION-SHAPE"),
    ("x", "CONDITION-SHAPE"),
    ({"all": []}, "CONDITION-EMPTY"),
    ({"all": "x"}, "CONDITION-EMPTY"),
    ({"python": "1"}, "CONDITION-SHAPE"),
    ({"indicator": "x"}, "CONDITION-SHAPE"),
    ({"fact": "item.secret", "op": "is", "value": 1}, "CONDITION-FACT"),
    ({"fact": ["item.net_kg"], "op": "is", "value": 1}, "CONDITION-FACT"),
    ({"fact": "item.net_kg", "op": "among", "value": 1}, "CONDITION-OPERATOR"),
    ({"fact": "item.net_kg", "op": ["is"], "value": 1}, "CONDITION-OPERATOR"),
    ({"fact": "item.peers", "op": "missing"}, "CONDITION-OPERATOR"),
    ({"fact": "item.net_kg", "op": "is", "value": "1e99"}, "CONDITION-VALUE"),
    ({"fact": "item.net_kg", "op": "is", "value": "NaN"}, "CONDITION-VALUE"),
    ({"fact": "item.net_kg", "op": "is", "value": True}, "CONDITION-VALUE"),
    ({"fact": "item.net_kg", "op": "is"}, "CONDITION-VALUE"),
    ({"fact": "item.value_per_kg_to_peers", "op": "below", "value": "-1"}, "CONDITION-VALUE"),
    ({"fact": "item.value_percentile", "op": "below", "value": 101}, "CONDITION-VALUE"),
    ({"fact": "item.net_kg", "op": "between", "value": ["5", "1"]}, "CONDITION-VALUE"),
    ({"fact": "trader.first_time", "op": "is", "value": "maybe"}, "CONDITION-VALUE"),
    ({"fact": "item.origin", "op": "among", "value": ["XX"]}, "CONDITION-CODE"),
    ({"fact": "item.documents", "op": "contains_any", "value": ["99999"]}, "CONDITION-CODE"),
    ({"fact": "item.documents", "op": "contains_any", "value": []}, "CONDITION-VALUE"),
    ({"fact": "item.documents", "op": "contains_any", "value": [{}]}, "CONDITION-VALUE"),
    ({"fact": "trader.prior_packages", "op": "is", "value": 0}, "CONDITION-PARAMETER"),
    ({"fact": "trader.prior_packages", "of": [1], "op": "is", "value": 0}, "CONDITION-SHAPE"),
    ({"fact": "trader.prior_packages", "of": {"prefix": "3915", "months": "99"}, "op": "is", "value": 0}, "CONDITION-PARAMETER"),
    ({"fact": "item.permit_overdrawn", "of": {"code": "77777"}, "op": "is", "value": True}, "CONDITION-PARAMETER"),
    ({"fact": "item.origin", "op": "is_not", "to": {"fact": "item.net_kg"}}, "CONDITION-OTHER"),
    ({"fact": "item.origin", "op": "is", "to": {"fact": "item.origin"}}, "CONDITION-OTHER"),
    ({"fact": "item.description", "op": "contains_any", "value": ["a\x00b"]}, "CONDITION-VALUE"),
    ({"fact": "item.description", "op": "contains_any", "value": ["\ud800"]}, "CONDITION-VALUE"),
    ({"not": {"not": {"not": {"not": {"not": {"not": {"fact": "item.net_kg", "op": "is", "value": 1}}}}}}}, "CONDITION-DEEP"),
    ({"all": [{"fact": "item.net_kg", "op": "above", "value": n} for n in range(41)]}, "CONDITION-LONG"),
    ({"all": [{"fact": "item.origin", "op": "among", "value": ["PL"]}, {"fact": "item.origin", "op": "among", "value": ["DE"]}]}, "CONDITION-NEVER"),
    ({"all": [{"fact": "item.documents", "op": "contains_any", "value": ["01207"]}, {"not": {"fact": "item.documents", "op": "contains_any", "value": ["01207", "01201"]}}]}, "CONDITION-NEVER"),
    ({"all": [{"fact": "trader.first_time", "op": "is", "value": True}, {"fact": "trader.first_time", "op": "is", "value": False}]}, "CONDITION-NEVER"),
    ({"any": [{"all": [{"fact": "item.net_kg", "op": "below", "value": 1}, {"fact": "item.net_kg", "op": "at_least", "value": 1}]}]}, "CONDITION-NEVER"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "code"), BAD)
def test_what_cannot_be_a_condition_is_refused_by_name(raw: object, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        conditions.parse(raw)
    fault = refused.value.faults[0]
    assert fault.code == code
    for language in ("be", "ru", "en"):
        assert fault.message[language]
        assert "{" not in fault.message[language] + fault.remedy[language]


@pytest.mark.parametrize("text", ["[" * 19_000, "{", "1" * 10_000, '{"fact": "\\ud800"}', "null"])
def test_a_written_form_that_is_none_is_refused_as_a_condition(text: str) -> None:
    raw, _boxes = condition_of(read_form(MultiDict({"written": text})))
    with pytest.raises(Invalid):
        conditions.parse(raw)


def test_fractions_of_the_written_form_are_decimals() -> None:
    typed = read_form(MultiDict({"written": '{"fact": "item.net_kg", "op": "below", "value": 0.1}'}))
    node = conditions.parse(condition_of(typed)[0])
    assert conditions.aloud(node, "en") == "net mass, kg is below 0.1"
