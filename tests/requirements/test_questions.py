"""Few, grouped, and answered in one go."""

from app.requirements import questions, wording
from app.requirements.compiling import CompiledEdition
from app.requirements.matching import match
from app.requirements.outcome import Question
from app.requirements.questions import Raised
from tests.requirements.facts_made import goods, package


def asked(edition: CompiledEdition, code: str, **more: object) -> dict[str, Question]:
    outcome = match(edition, package(goods(edition, 1, code, **more)))  # type: ignore[arg-type]
    return {question.code: question for question in outcome.questions}


def test_cites_is_one_question_with_three_boxes_and_none(edition: CompiledEdition) -> None:
    question = asked(edition, "0508000000")["cites"]
    assert [option.code for option in question.options] == ["CITES_I", "CITES_II", "CITES_III"]
    assert (question.level, question.kind, question.none_allowed, question.unanswered) == ("item", "one", True, True)
    assert all(question.text[language] for language in ("be", "ru", "en"))


def test_one_yes_answers_a_choice_and_one_no_does_not(edition: CompiledEdition) -> None:
    assert not asked(edition, "0508000000", answers={"CITES_II": True})["cites"].unanswered
    assert asked(edition, "0508000000", answers={"CITES_II": False})["cites"].unanswered
    none = {"CITES_I": False, "CITES_II": False, "CITES_III": False}
    answered = asked(edition, "0508000000", answers=none)["cites"]
    assert not answered.unanswered
    assert [option.answer for option in answered.options] == ["N", "N", "N"]


def test_a_description_is_asked_in_plain_words_under_the_id_of_its_measure(edition: CompiledEdition) -> None:
    question = asked(edition, "0603110000")["PHY-003"]
    assert question.text["en"] == "Does your item match this description: “Cut flowers and buds, fresh”?"
    assert question.text["be"] == "Ці адпавядае ваш тавар гэтаму апісанню: «Зрэзаныя кветкі і бутоны, свежыя»?"
    assert question.options[0].label["ru"] == "Срезанные цветы и бутоны, свежие"
    assert (question.kind, question.options[0].code) == ("yesno", "PHY-003")


def test_what_the_data_prove_or_rule_out_is_not_asked(edition: CompiledEdition) -> None:
    proved = asked(
        edition, "0508000000", data_flags=frozenset({"CITES_II"}), settled=frozenset({"CITES_I", "CITES_III"})
    )
    assert "cites" not in proved


def test_waste_by_nature_has_other_instead_of_none(edition: CompiledEdition) -> None:
    question = asked(edition, "3915909000")["waste"]
    assert [option.code for option in question.options] == [
        "WASTE_Y48",
        "WASTE_A3210",
        "WASTE_B3011",
        questions.OTHER,
    ]
    assert not question.none_allowed
    assert asked(edition, "2524100000")["waste"].none_allowed, "raw asbestos need not be waste"


def test_the_carriage_is_asked_once_for_all_items(edition: CompiledEdition) -> None:
    items = (goods(edition, 1, "8712003000"), goods(edition, 2, "8429110000"))
    outcome = match(edition, package(*items, settled=frozenset()))
    (question,) = [question for question in outcome.questions if question.level == "package"]
    assert question.items == ()
    assert {"FOREIGN_CARRIER", "OVERSIZE", "WOOD_PACKAGING"} <= {option.code for option in question.options}
    answers = {option.code: False for option in question.options}
    again = match(edition, package(*items, settled=frozenset(), answers=answers))
    (stored,) = [question for question in again.questions if question.level == "package"]
    assert not stored.unanswered
    assert {option.answer for option in stored.options} == {"N"}, "none of these is stored with its list"


def test_dimensions_are_asked_for_machines_not_for_bicycles(edition: CompiledEdition) -> None:
    assert "carrier" not in asked(edition, "8712003000")
    assert "carrier" in asked(edition, "8429110000")


def test_more_than_three_questions_become_one_list() -> None:
    text = {"be": "a", "ru": "a", "en": "a"}

    def raised(code: str, measure: str) -> Raised:
        return Raised(code, {code: text}, {code}, {measure: None}, {1: None})

    described = [raised(f"VET-{number}", f"VET-{number}") for number in range(3)]
    merged = questions._merged([*described, raised("cites", "CIT-1"), raised("use", "SAN-1")])
    assert [entry.code for entry in merged] == ["cites", "use", "described"]
    merged = questions._merged([raised(code, "X") for code in ("cites", "use", "nature", "waste", "condition")])
    assert [entry.code for entry in merged] == ["cites", "waste", "more"]
    assert merged[-1].demanded == {"use", "nature", "condition"}


def test_an_open_question_can_be_said_as_a_fault(edition: CompiledEdition) -> None:
    question = asked(edition, "0603110000")["PHY-003"]
    assert "Срезанные цветы" in wording.unanswered(question)["ru"]
    assert "StatementCode PHY-003" in wording.unanswered_remedy(question)["en"]
