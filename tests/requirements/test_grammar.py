"""The two small languages of the data: what they mean, and how they say where they cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.requirements import grammar
from app.requirements.grammar import BadExpression, Both, Code, Either, Maybe


def test_and_binds_closer_than_or_and_brackets_win() -> None:
    assert grammar.parse("A & B | C") == Either((Both((Code("A"), Code("B"))), Code("C")))
    assert grammar.parse("A & (B | C)") == Both((Code("A"), Either((Code("B"), Code("C")))))


def test_a_question_mark_may_stand_after_a_code_or_a_bracket() -> None:
    tree = grammar.parse("01402 & (01011 | 01341)?")
    assert tree == Both((Code("01402"), Maybe(Either((Code("01011"), Code("01341"))))))
    assert grammar.demands(tree) == (Code("01402"),)
    assert grammar.optional(tree) == ("01011", "01341")
    assert grammar.holds(tree, {"01402"})


def test_nothing_demanded_when_everything_is_conditional_or_empty() -> None:
    assert grammar.parse("  ") is None
    assert grammar.demands(grammar.parse("01402?")) == ()
    assert grammar.holds(None, ())


def test_ways_list_every_set_of_documents_that_would_do() -> None:
    tree = grammar.parse("(01405 | 01407) & 07011")
    assert tree is not None
    assert grammar.ways(tree) == (("01405", "07011"), ("01407", "07011"))


@pytest.mark.parametrize(
    ("text", "place"), [("A &", 4), ("(A | B", 7), ("A B", 2), ("| A", 1), ("A & )", 4), ("A @ B", 2), ("()", 2)]
)
def test_an_expression_that_cannot_be_read_names_the_place(text: str, place: int) -> None:
    with pytest.raises(BadExpression) as refusal:
        grammar.parse(text)
    assert refusal.value.place == place
    assert repr(text) in str(refusal.value)


def test_a_flag_expression_knows_no_question_mark() -> None:
    with pytest.raises(BadExpression):
        grammar.parse_flags("CITES_I?")


trees = st.recursive(
    st.sampled_from(["01201", "01202", "L-SDS"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} & {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} | {pair[1]})"),
        inner.map(lambda text: f"({text})?"),
    ),
    max_leaves=6,
)


@given(trees, st.sets(st.sampled_from(["01201", "01202", "L-SDS"])))
def test_ways_and_holds_agree(text: str, true: set[str]) -> None:
    tree = grammar.parse(text)
    assert tree is not None
    assert grammar.holds(tree, true) == any(set(way) <= true for way in grammar.ways(tree))
