"""The map of ASVS 5.0.0 is whole, and what it points at is there."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from config import ROOT
from tests.asvs.requirements import EACH_LEVEL, TAKEN_ON, WAYS, Requirement, requirements

pytestmark = pytest.mark.pure


def test_every_requirement_stands_once() -> None:
    listed = requirements()
    assert [one for one, times in Counter(one.id for one in listed).items() if times > 1] == []
    levels = Counter(one.level for one in listed)
    assert {level: levels[level] for level in EACH_LEVEL} == EACH_LEVEL
    assert {one.id for one in listed if one.level == "3"} == set(TAKEN_ON)
    assert [one.id for one in listed if one.how not in WAYS or not one.asks or not one.where] == []


@pytest.mark.parametrize("one", [one for one in requirements() if one.how == "test"], ids=lambda one: one.id)
def test_what_proves_it_is_there(one: Requirement) -> None:
    for test in one.where.split():
        place, _, name = test.partition("::")
        path = ROOT / place
        assert any(path.rglob("test_*.py")) if path.is_dir() else path.is_file(), test
        if name:
            assert re.search(rf"^ *def {name}\(", path.read_text(encoding="utf-8"), re.M), test


def test_what_is_written_down_has_its_heading() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    wanted = {one.where for one in requirements() if one.how == "written down"}
    assert [heading for heading in wanted if f"\n## {heading}\n" not in readme] == []
