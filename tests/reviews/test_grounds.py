"""The pick-lists of reasons and the appeal data: complete in three languages, one for every signing agency."""

from __future__ import annotations

import pytest

from app.requirements.compiling import packaged_edition
from app.reviews import grounds

SIGNING = [code for code, row in packaged_edition().agencies.items() if row.mode == "signs"]


@pytest.mark.parametrize("agency", [*SIGNING, "BY-SOMEBODY-NEW"])
def test_every_agency_has_reasons_and_an_appeal(agency):
    reasons = grounds.list_grounds(agency)
    assert reasons
    assert len({reason.code for reason in reasons}) == len(reasons)
    assert all(len(reason.code) <= 24 for reason in reasons)
    assert all(reason.text[language] for reason in reasons for language in ("be", "ru", "en"))
    appeal = grounds.appeal_of(agency)
    assert all(0 < len(appeal.office[language]) <= 160 for language in ("be", "ru", "en"))
    assert appeal.days > 0


@pytest.mark.parametrize("agency", SIGNING)
def test_a_signing_agency_names_the_law_of_each_reason(agency):
    assert all(reason.law[language] for reason in grounds.list_grounds(agency) for language in ("be", "ru", "en"))
    assert grounds.appeal_of(agency).contact


def test_belarusian_is_belarusian():
    for agency in SIGNING:
        for reason in grounds.list_grounds(agency):
            for text in (reason.text["be"], reason.law["be"]):
                assert not set(text.lower()) & set("ищъ"), text
            for text in (reason.text["ru"], reason.law["ru"]):
                assert not set(text.lower()) & set("іў"), text


def test_a_reason_is_found_by_its_code():
    assert grounds.find_ground("BY-DVPN", "VET-CERTIFICATE") is not None
    assert grounds.find_ground("BY-DVPN", "CUS-DATA") is None
