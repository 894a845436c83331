"""Every code stands in exactly the lists where it must be, and no prefix is left without a lane by oversight."""

from datetime import date
from typing import Any

import pytest

from app.requirements import grammar, packaged
from app.requirements.compiling import CompiledEdition
from app.requirements.matching import match
from app.requirements.outcome import Outcome
from tests.requirements.facts_made import DAY, all_no, goods, package

DAYS = [date(2012, 6, 1), date(2019, 6, 1), date(2022, 6, 1), date(2024, 12, 31), DAY]


def placed(edition: CompiledEdition) -> list[tuple[str, str]]:
    return sorted({(measure.prefix, measure.row.direction) for measure in edition.measures if measure.prefix != "*"})


def bare(edition: CompiledEdition, prefix: str, direction: str, on: date = DAY, **more: Any) -> Outcome:
    origin = more.pop("origin", "BY" if direction == "export" else "CN")
    item = goods(edition, 1, prefix, origin, procedure="", **more)
    return match(edition, package(item, direction=direction, destination="DE", on=on))


def test_every_document_code_of_every_expression_is_a_document_type(edition: CompiledEdition) -> None:
    for measure in edition.measures:
        for code in grammar.names(grammar.parse(measure.row.documents)):
            assert code in edition.document_types, f"{measure.code}: {code}"


def test_every_document_a_measure_names_has_a_label_in_three_languages_and_a_way_to_get_it(
    edition: CompiledEdition,
) -> None:
    for measure in edition.measures:
        for code in grammar.names(grammar.parse(measure.row.documents)):
            wanted = edition.wanted[code]
            assert all(wanted.label[language] and wanted.how[language] for language in ("be", "ru", "en")), code
            assert wanted.label["be"] != edition.document_types[code].name_ru, f"{code} has no Belarusian label"


def test_every_description_a_question_asks_about_is_said_in_three_languages(edition: CompiledEdition) -> None:
    for measure in edition.measures:
        if measure.row.scope == "ex":
            assert measure.described_as["en"] not in ("", measure.described_as["be"], measure.described_as["ru"])


def test_every_agency_of_a_measure_exists_and_signs_or_issues(edition: CompiledEdition) -> None:
    assert {edition.agencies[measure.agency].mode for measure in edition.measures} == {"signs", "issues"}
    signing = {code for code, row in edition.agencies.items() if row.mode == "signs"}
    assert signing == {"BY-GTK", "BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-RCHEPH", "BY-TI"}
    issuing = [measure for measure in edition.measures if edition.agencies[measure.agency].mode == "issues"]
    assert len({measure.agency for measure in issuing}) == 14
    assert len(issuing) == 108
    assert edition.customs == "BY-GTK"


def test_every_agency_has_a_short_name_in_three_languages(edition: CompiledEdition) -> None:
    for row in edition.agencies.values():
        assert all((row.name_be, row.short_be, row.short_ru, row.short_en)), row.code


def test_every_flag_of_a_measure_is_in_the_vocabulary_and_has_a_question(edition: CompiledEdition) -> None:
    vocabulary = {row["flag"] for row in packaged.table("item_flags")}
    assert vocabulary == set(edition.flags)
    for measure in edition.measures:
        assert vocabulary.issuperset(measure.flags), measure.code
    for flag in edition.flags.values():
        assert flag.question in edition.questions, flag.code
        assert flag.ask in ("always", "prefix", "listed", "waste", "along"), flag.code


def test_every_measure_type_has_an_effect_and_no_effect_is_left_over(edition: CompiledEdition) -> None:
    effects = {row["measure_type"]: row["effect"] for row in packaged.table("measure_effects")}
    assert set(effects) == {measure.measure_type for measure in edition.measures}
    assert set(effects.values()) == {"require", "prohibit", "inform", "not_needed"}


def test_every_place_of_a_filter_is_a_country_or_a_group(edition: CompiledEdition) -> None:
    countries = edition.lists["countries"]
    for measure in edition.measures:
        for place in (measure.origin, measure.destination):
            name = place.removeprefix("!").partition(":")[0]
            assert not name or name in edition.groups or name in countries, f"{measure.code}: {place}"
    for group, members in edition.groups.items():
        for country, _, _ in members:
            assert country in countries, f"{group}: {country}"


def test_every_procedure_of_a_filter_is_in_its_code_list(edition: CompiledEdition) -> None:
    procedures = edition.lists["procedures"]
    for measure in edition.measures:
        assert measure.procedures.issubset(procedures), measure.code


def test_every_prefix_is_in_hs_2022_or_has_a_reason(edition: CompiledEdition) -> None:
    retired = {row["prefix"] for row in packaged.table("retired_prefixes")}
    strange = {prefix for prefix, _ in placed(edition) if prefix[:6] not in edition.goods}
    assert strange == retired


def test_every_twin_leads_to_a_document_type(edition: CompiledEdition) -> None:
    for row in packaged.table("document_twins"):
        assert row["code"] in edition.document_types, row["twin"]
    assert edition.document_code("N", "851") == "01207"
    assert edition.document_code("", "N853") == "01201"
    assert edition.document_code("N", "935") == edition.document_code("", "380") == "04021"
    assert edition.document_code("", "L-WDEC") == "L-WDEC"
    assert edition.wanted["L-WDEC"].travels_under == "01999"
    assert edition.document_code("C", "851") == "C851", "an EU national code is not a UN/CEFACT one"


def test_local_documents_travel_under_a_code_of_the_classifier(edition: CompiledEdition) -> None:
    for code, row in edition.document_types.items():
        assert not row.travels_under or row.travels_under in edition.document_types, code


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_no_goods_raise_more_than_three_questions_an_item(edition: CompiledEdition, on: date) -> None:
    for origin in ("CN", "KZ", "DE", ""):
        for prefix, direction in placed(edition):
            outcome = bare(edition, prefix, direction, on, origin=origin)
            asked = [question.code for question in outcome.questions if question.level == "item"]
            assert len(asked) <= 3, f"{prefix} {direction}: {asked}"


def test_a_package_is_asked_at_most_one_question_about_its_carriage(edition: CompiledEdition) -> None:
    item = goods(edition, 1, "8429110000")
    for direction in ("import", "export", "transit"):
        outcome = match(edition, package(item, direction=direction, settled=frozenset()))
        assert len([question for question in outcome.questions if question.level == "package"]) <= 1


@pytest.mark.parametrize("direction", ["import", "export", "transit"])
def test_bicycles_are_asked_nothing_and_touch_only_customs(edition: CompiledEdition, direction: str) -> None:
    outcome = match(edition, package(goods(edition, 1, "8712003000", procedure=""), direction=direction))
    assert outcome.questions == ()
    assert [lane.agency for lane in outcome.lanes] == ["BY-GTK"]


def test_prefixes_that_no_agency_sees_after_all_no_have_a_recorded_reason(edition: CompiledEdition) -> None:
    recorded = {(row["prefix"], row["direction"]): row["reason"] for row in packaged.table("unreviewed_prefixes")}
    found = set()
    for prefix, direction in placed(edition):
        answers = all_no(bare(edition, prefix, direction))
        outcome = bare(edition, prefix, direction, answers=answers)
        if [lane.agency for lane in outcome.lanes] == ["BY-GTK"] and not outcome.prohibited:
            found.add((prefix, direction))
    assert found == set(recorded)
    assert all(recorded.values())


def test_waste_by_nature_never_clears_by_answering_no(edition: CompiledEdition) -> None:
    waste = edition.questions["waste"].no_none
    for prefix, direction in placed(edition):
        if not prefix.startswith(waste):
            continue
        outcome = bare(edition, prefix, direction)
        answered = bare(edition, prefix, direction, answers=all_no(outcome))
        questions = [question for question in outcome.questions if question.code == "waste"]
        if questions:
            assert not questions[0].none_allowed
            assert "BY-MPR" in [lane.agency for lane in answered.lanes], f"{prefix} {direction}"
