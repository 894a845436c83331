"""Every rule has one sample that breaks exactly that rule, and is clean once that one fault is repaired."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from app.declarations import editing, parsing
from app.declarations.codec import to_package
from app.declarations.rules.catalogue import find_faults, rules
from app.declarations.rules.declaring import Given
from app.errors import Fault
from app.requirements.compiling import packaged_edition
from tests.declarations.rules.register import Register
from tests.samples.faults.repairs import REPAIRS

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "faults"
FILED = date(2026, 11, 22)


def sample(code: str) -> etree._Element:
    parsed = parsing.parse((FOLDER / f"{code}.xml").read_bytes())
    assert parsed.ok, parsed.faults
    assert parsed.tree is not None
    return parsed.tree


def faults(tree: etree._Element) -> list[Fault]:
    return find_faults(Given(to_package(tree), packaged_edition(), FILED, Register()))


@pytest.mark.parametrize("code", rules())
def test_the_sample_breaks_exactly_its_rule_and_its_repair_leaves_nothing(code: str) -> None:
    tree = sample(code)
    (found,) = faults(tree)
    assert found.code == code
    for path, value in REPAIRS[code].items():
        text, attributes = value if isinstance(value, tuple) else (value, None)
        editing.set_leaf(tree, path, text, attributes)
    assert faults(tree) == []


@pytest.mark.parametrize("code", rules())
def test_the_fault_says_what_where_and_how_to_mend_it(code: str) -> None:
    (found,) = faults(sample(code))
    for language in ("be", "ru", "en"):
        assert "{" not in found.message[language] + found.remedy[language]
        assert found.message[language].endswith((".", "?"))
        assert found.remedy[language].endswith((".", "?"))
    assert found.path.startswith("/Declaration")
    assert found.pointer.startswith("42A")
    assert found.kind == ("registry" if rules()[code].needs == "registry" else "rule")


def test_samples_rules_and_repairs_are_the_same_list() -> None:
    assert {path.stem for path in FOLDER.glob("*.xml")} == set(rules()) == set(REPAIRS)


def test_without_a_registry_only_the_rules_that_ask_one_are_silent() -> None:
    for code, rule in rules().items():
        given = Given(to_package(sample(code)), packaged_edition(), FILED)
        assert [fault.code for fault in find_faults(given)] == ([] if rule.needs == "registry" else [code])
