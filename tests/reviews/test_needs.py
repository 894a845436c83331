"""The table of what each agency sees: groups that exist, documents that exist, customs sees all, a stranger nothing."""

from __future__ import annotations

import pytest

from app.declarations.masking import GROUPS
from app.requirements.compiling import packaged_edition
from app.reviews import needs

pytestmark = pytest.mark.pure


def test_the_table_names_what_there_is():
    known = packaged_edition()
    for agency, rows in needs._needs().items():
        assert agency in known.agencies
        for row in rows:
            assert row.group in {needs.ANY, *GROUPS}
            assert set(row.codes) <= set(known.document_types) | {needs.ANY}
            assert all(row.ground.values())
            assert row.confidence in ("verified", "recalled")


def test_every_agency_that_signs_is_in_it_and_customs_alone_sees_all():
    known = packaged_edition()
    signing = {code for code, agency in known.agencies.items() if agency.mode == "signs"}
    assert signing <= set(needs._needs())
    assert [agency for agency in needs._needs() if needs.grants(agency, needs.ANY)] == [known.customs]


def test_an_agency_without_a_row_sees_nothing_by_right():
    assert needs.needs_of("BY-OAC") == ()
    assert not needs.grants("BY-OAC", "goods")


def test_reasons_are_said_in_three_languages():
    assert len(needs.list_reasons()) > 3
    assert all(all(reason.text.values()) for reason in needs.list_reasons())
    assert needs.find_reason("NONE") is None
