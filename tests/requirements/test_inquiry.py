"""A question before filing is read once for page, API and what-if: what cannot be asked is said at its box, three times."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.requirements import inquiry
from app.requirements.compiling import CompiledEdition, packaged_edition
from app.requirements.inquiry import Said

pytestmark = pytest.mark.pure
TODAY = date(2026, 11, 22)
BEEF = Said(hs="0201 30 000 0", origin="украина", procedure="40", on="23.11.2026", yes=("USED",), no=("ADR",))


def test_a_question_is_understood_as_people_write_it(edition: CompiledEdition) -> None:
    asked, faults = inquiry.read(BEEF, edition, today=TODAY)
    assert faults == []
    assert (asked.code, asked.origin, asked.on) == ("0201300000", "UA", date(2026, 11, 23))
    assert asked.answers == {"USED": True, "ADR": False}
    assert inquiry.read(Said(hs="8712"), edition, today=TODAY)[0].on == TODAY


@pytest.mark.parametrize(
    ("box", "value", "code"),
    [
        ("hs", "1", "CODE-LENGTH"), ("hs", "12345678901", "CODE-LENGTH"), ("hs", "7777", "CODE-NOT-IN-HS"),
        ("origin", "Narnia", "COUNTRY-UNKNOWN"), ("destination", "XX", "COUNTRY-UNKNOWN"),
        ("procedure", "10", "PROCEDURE-UNFIT"), ("procedure", "4", "PROCEDURE-UNFIT"), ("on", "31.02.2026", "DATE-WRONG"),
        ("on", "1066-10-14", "DATE-WRONG"), ("direction", "sideways", "DIRECTION-UNKNOWN"),
        ("yes", ("NO_SUCH_FLAG",), "ANSWER-UNKNOWN"), ("no", tuple(f"F{n}" for n in range(61)), "ANSWERS-TOO-MANY"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_at_its_box(edition: CompiledEdition, box: str, value: object, code: str) -> None:
    said = replace(Said(hs="0201300000", procedure=""), **{box: value})
    found = inquiry.read(said, edition, today=TODAY)[1]
    assert code in {fault.code for fault in found}
    for fault in found:
        assert fault.field in {box, "yes", "procedure"}
        for language in ("be", "ru", "en"):
            assert fault.message[language].endswith(".")
            assert fault.remedy[language].endswith(".")


@settings(deadline=None)
@given(st.builds(Said, st.text(max_size=20), st.text(max_size=9), *[st.text(max_size=12)] * 5))
def test_nothing_that_is_typed_breaks_the_reading(said: Said) -> None:
    asked, faults = inquiry.read(said, packaged_edition(), today=TODAY)
    assert asked.code.isdigit() or any(fault.field == "hs" for fault in faults)
