"""The verdict: rules, questions, missing documents and bans together, for our packages and for what others send."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.declarations import editing, parsing
from app.declarations.checking import check, check_bytes
from app.declarations.codec import canonical, to_package
from app.declarations.facts import facts_of, fingerprint
from app.declarations.structure import nodes
from app.requirements.compiling import packaged_edition
from tests.declarations.rules.register import Register

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "packages"
FILED = date(2026, 11, 22)
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"
LEAVES = sorted(path for path, node in nodes().items() if node.is_leaf)


def tree_of(name: str):
    parsed = parsing.parse((SAMPLES / f"{name}.xml").read_bytes())
    assert parsed.tree is not None
    return parsed.tree


def verdict(tree, **told):
    return check(to_package(tree), edition=packaged_edition(), on=FILED, **{"attached": None} | told)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_our_samples_are_clean(path: Path) -> None:
    checked = check_bytes(path.read_bytes(), edition=packaged_edition(), on=FILED, registry=Register())
    assert [(fault.code, fault.path) for fault in checked.schema_faults + checked.rule_faults] == []
    assert checked.verdict is not None
    assert checked.verdict.outcome.lanes


def test_a_permit_taken_out_is_missing_with_measure_act_and_where_to_get_it() -> None:
    tree = tree_of("beef_flowers_pet")
    editing.remove_document(tree, 1, 2)
    (fault,) = verdict(tree).faults
    assert (fault.code, fault.kind, fault.value) == ("DOC-MISSING", "requirement", "01201")
    assert fault.path == f"{ITEM}[1]/AdditionalDocument[3]/TypeCode"
    assert "VET-" in fault.message["en"]
    assert "317" in fault.message["en"]
    assert all(fault.remedy.values())


def test_a_permit_without_its_file_is_missing_where_files_can_be_seen() -> None:
    faults = verdict(tree_of("beef_flowers_pet"), attached=frozenset()).faults
    missing = {fault.value for fault in faults}
    assert {fault.code for fault in faults} == {"DOC-MISSING"}
    assert "01201" in missing
    assert not missing & {"04021", "03011", "10060"}, "a number is enough for customs papers"


def test_an_expired_permit_is_told_once() -> None:
    tree = tree_of("beef_flowers_pet")
    editing.set_leaf(tree, f"{ITEM}[1]/AdditionalDocument[1]/ExpirationDateTime", "20261112")
    assert [fault.code for fault in verdict(tree).faults] == ["DOC-EXPIRED"]


def test_an_open_question_names_its_answers_and_the_xml_that_carries_them() -> None:
    tree = tree_of("beef_flowers_pet")
    editing.set_answer(tree, 2, "PHY-003", None)
    (fault,) = verdict(tree).faults
    assert fault.code == "QUESTION-UNANSWERED"
    assert fault.path == f"{ITEM}[2]/AdditionalInformation[4]/StatementDescription"
    assert "REQ" in fault.remedy["en"]
    assert "PHY-003" in fault.remedy["en"]


def test_a_ban_names_the_act_and_asks_for_no_document() -> None:
    tree = tree_of("bicycles")
    editing.set_leaf(tree, f"{ITEM}[1]/Commodity/Classification[1]/ID", "2903776000")
    editing.set_leaf(tree, f"{ITEM}[1]/Commodity/Description", "CFC-12")
    banned = [fault for fault in verdict(tree).faults if fault.code == "PROHIBITED"]
    assert banned
    assert "Decision" in banned[0].message["en"]
    assert not any(fault.code == "DOC-MISSING" and "01341" in fault.value for fault in verdict(tree).faults)


def test_many_faults_come_at_once_in_order_with_their_lines() -> None:
    tree = tree_of("beef_flowers_pet")
    for path, value in {
        "/Declaration/DeclarationOfficeID": "99611",
        "/Declaration/InvoiceAmount": "1.00",
        f"{ITEM}[2]/Origin[1]/CountryCode": "UK",
        f"{ITEM}[1]/Commodity/Description": None,
    }.items():
        editing.set_leaf(tree, path, value)
    checked = check_bytes(canonical(tree).replace(b"><", b">\n<"), edition=packaged_edition(), on=FILED)
    codes = [fault.code for fault in checked.rule_faults]
    assert codes == ["OFFICE-UNKNOWN", "INVOICE-TOTAL", "DESCRIPTION-MISSING", "ORIGIN-UNKNOWN"]
    lines = [fault.line or 0 for fault in checked.rule_faults]
    assert lines == sorted(lines)
    assert min(lines) > 1


def test_what_breaks_the_schema_is_checked_against_the_rules_too() -> None:
    data = (SAMPLES / "bicycles.xml").read_bytes()
    data = data.replace(b"<FunctionCode>9<", b"<Surprise/><FunctionCode>9<")
    data = data.replace(b"</DeclarationOfficeID>", b"9</DeclarationOfficeID>")
    checked = check_bytes(data, edition=packaged_edition(), on=FILED)
    assert checked.schema_faults
    assert "OFFICE-UNKNOWN" in {fault.code for fault in checked.rule_faults}


@pytest.mark.parametrize("data", [b"", b"not xml", b"<a/>", b"PK\x03\x04"])
def test_what_is_no_package_has_no_rule_faults(data: bytes) -> None:
    checked = check_bytes(data, edition=packaged_edition(), on=FILED)
    assert checked.package is None
    assert checked.schema_faults
    assert not checked.rule_faults


def test_facts_carry_flags_from_the_data_with_their_evidence() -> None:
    facts = facts_of(to_package(tree_of("dangerous_transit")), edition=packaged_edition(), on=FILED, attached=None)
    assert "ADR" in facts.items[0].data_flags
    assert facts.items[0].evidence["ADR"] == ("42A/67A/68A[1]/23A/12C/506", "1202")
    assert (facts.direction, facts.destination) == ("transit", "PL")


def test_a_foreign_document_is_known_by_its_twin() -> None:
    tree = tree_of("beef_flowers_pet")
    editing.set_leaf(tree, f"{ITEM}[2]/AdditionalDocument[1]/CategoryCode", "N")
    editing.set_leaf(tree, f"{ITEM}[2]/AdditionalDocument[1]/TypeCode", "851")
    assert verdict(tree).faults == []


def test_the_fingerprint_of_an_item_changes_with_anything_in_it_and_with_nothing_else() -> None:
    tree = tree_of("beef_flowers_pet")
    before = [fingerprint(line) for line in to_package(tree).lines]
    editing.set_leaf(tree, f"{ITEM}[2]/Packaging[1]/MarksNumbersID", "other marks")
    after = [fingerprint(line) for line in to_package(tree).lines]
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]


@cache
def base(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes()


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(["beef_flowers_pet", "dangerous_transit", "timber_export"]),
    changes=st.lists(
        st.tuples(
            st.sampled_from(LEAVES),
            st.one_of(
                st.none(),
                st.text(max_size=20),
                st.sampled_from(
                    ["0", "-1", "1.5", "9" * 20, "20261301", "20260101", "BY", "Y", "IM", "TR", "CSQU3054383"]
                ),
            ),
            st.integers(1, 3),
        ),
        max_size=8,
    ),
)
def test_nothing_a_package_can_hold_makes_the_check_fail(name: str, changes: list[tuple[str, str | None, int]]) -> None:
    tree = parsing.parse(base(name)).tree
    assert tree is not None
    for path, value, number in changes:
        editing.set_leaf(tree, path.replace("GovernmentAgencyGoodsItem", f"GovernmentAgencyGoodsItem[{number}]"), value)
    package = to_package(tree)
    told = {"edition": packaged_edition(), "on": FILED, "registry": Register()}
    first, again = check(package, **told), check(package, **told)
    assert [fault.as_dict() for fault in first.faults] == [fault.as_dict() for fault in again.faults]
    assert all(fault.pointer and fault.message["be"] and fault.remedy["ru"] for fault in first.faults)
