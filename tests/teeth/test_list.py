"""The list of guards is true: each stands where it says, exactly once, and names tests that exist (the run is make teeth)."""

from __future__ import annotations

import re

import pytest

from config import ROOT
from tests.teeth.guards import Guard, guards

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("guard", guards(), ids=lambda guard: guard.name)
def test_the_guard_stands_where_the_list_says(guard: Guard) -> None:
    text = (ROOT / guard.file).read_text(encoding="utf-8")
    assert guard.switched_off(text) != text
    assert guard.tests
    assert [test for test in guard.tests if not _is_there(test)] == []


def test_no_guard_is_listed_twice() -> None:
    edits = [(guard.file, guard.edits) for guard in guards()]
    assert [one for one in edits if edits.count(one) > 1] == []


def _is_there(test: str) -> bool:
    """Whether a file, a folder, or a test in a file is there; ``file::test`` without its parameters."""
    place, _mark, name = test.partition("::")
    if not name:
        return (ROOT / place).exists()
    return re.search(rf"^def {name}\(", (ROOT / place).read_text(encoding="utf-8"), re.MULTILINE) is not None
