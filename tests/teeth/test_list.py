"""The list of guards is true: each stands where it says, exactly once, and names tests that exist (the run is make teeth)."""

from __future__ import annotations

import pytest

from config import ROOT
from tests.teeth.guards import Guard, guards

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("guard", guards(), ids=lambda guard: guard.name)
def test_the_guard_stands_where_the_list_says(guard: Guard) -> None:
    text = (ROOT / guard.file).read_text(encoding="utf-8")
    assert guard.switched_off(text) != text
    assert guard.tests
    assert [test for test in guard.tests if not (ROOT / test.split("::")[0]).exists()] == []
