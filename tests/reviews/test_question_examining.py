"""What a question must carry: every fault at its field, in three languages; deadlines in working time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import MINSK
from app.reviews import question_examining
from app.reviews.calendars import calendar_of
from app.reviews.question_examining import Around, Asking, examine, examine_deadline, latest, warn_at
from app.reviews.question_words import WORDS
from app.reviews.signs import OTHER, find_sign, list_signs

pytestmark = pytest.mark.pure

VET = calendar_of("BY-DVPN")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=MINSK)
GOOD = Asking(
    "/Declaration/InvoiceAmount", "UNCLEAR", "What is it?", ("04021",), MONDAY + timedelta(hours=6), "on-file"
)
HERE = Around(True, False, {"UNCLEAR", "OTHER"}, {"04021", "01201"}, VET, MONDAY)


def codes(asking: Asking, around: Around = HERE) -> set[str]:
    return {fault.code for fault in examine(asking, around)}


def test_a_whole_question_has_no_fault() -> None:
    assert codes(GOOD) == set()


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"path": ""}, "ASK-PLACE-MISSING", "path"),
        ({"sign": ""}, "ASK-SIGN-MISSING", "sign"),
        ({"sign": "NONSENSE"}, "ASK-SIGN-MISSING", "sign"),
        ({"text": "  \n"}, "ASK-TEXT-MISSING", "text"),
        ({"text": "x" * 4001}, "ASK-TEXT-LONG", "text"),
        ({"wanted": ()}, "ASK-WANTED-MISSING", "wanted"),
        ({"wanted": ("04021", "99999")}, "ASK-WANTED-UNKNOWN", "wanted"),
        ({"none_wanted": True}, "ASK-WANTED-BOTH", "wanted"),
        ({"due_at": None}, "ASK-DEADLINE-MISSING", "deadline"),
        ({"due_at": MONDAY - timedelta(minutes=1)}, "ASK-DEADLINE-PAST", "deadline"),
        ({"due_at": MONDAY}, "ASK-DEADLINE-PAST", "deadline"),
        ({"due_at": MONDAY + timedelta(minutes=59)}, "ASK-DEADLINE-SHORT", "deadline"),
        ({"due_at": MONDAY + timedelta(days=40)}, "ASK-DEADLINE-LATE", "deadline"),
        ({"due_at": MONDAY + timedelta(hours=12)}, "ASK-DEADLINE-CLOSED", "closed"),
        ({"due_at": MONDAY + timedelta(days=5)}, "ASK-DEADLINE-CLOSED", "closed"),
        ({"on_silence": ""}, "ASK-SILENCE-MISSING", "on_silence"),
    ],
)
def test_each_thing_left_out_is_told_at_its_field(changed: dict, code: str, field: str) -> None:
    (fault,) = examine(replace(GOOD, **changed), HERE)
    assert (fault.code, fault.field) == (code, field)


def test_a_place_this_version_does_not_have() -> None:
    assert codes(GOOD, replace(HERE, is_place=False)) == {"ASK-PLACE-UNKNOWN"}


def test_no_document_is_said_on_purpose_and_only_of_a_value() -> None:
    none = replace(GOOD, wanted=(), none_wanted=True)
    assert codes(none) == set()
    assert codes(none, replace(HERE, is_document=True)) == {"ASK-WANTED-DOCUMENT"}


def test_asked_already_needs_a_tick() -> None:
    assert codes(GOOD, replace(HERE, twins=1)) == {"ASK-ALREADY"}
    assert codes(replace(GOOD, nevertheless=True), replace(HERE, twins=1)) == set()


def test_a_time_outside_of_work_needs_a_tick() -> None:
    assert codes(replace(GOOD, due_at=MONDAY + timedelta(hours=12), closed=True)) == set()


def test_the_last_moment_of_a_working_day_is_working_time() -> None:
    assert examine_deadline(MONDAY.replace(hour=17, minute=30), VET, MONDAY) == []


def test_all_faults_at_once() -> None:
    assert len(codes(Asking("", "", "", (), None, ""))) == 6


def test_every_word_in_three_languages() -> None:
    for code, (message, remedy) in WORDS.items():
        for text in (message, remedy):
            assert len(text) == 3, code
            assert all(text), code
            assert len(set(text)) == 3, code


@given(st.integers(0, 60 * 24 * 20), st.integers(60, 3000))
def test_the_warning_comes_while_there_is_time(start: int, minutes: int) -> None:
    asked = datetime(2026, 12, 20, tzinfo=UTC) + timedelta(minutes=start)
    due = VET.add(asked, minutes)
    warned = warn_at(asked, due, VET)
    assert asked <= warned <= due
    left = VET.between(warned, due)
    assert left <= max(question_examining.WARNING_MINUTES, 0) or left <= (minutes + 1) // 2 + 1
    assert left <= question_examining.WARNING_MINUTES or VET.between(asked, warned) >= minutes // 2 - 1


@given(st.integers(0, 60 * 24 * 30))
def test_what_is_accepted_leaves_an_hour_and_ends_in_time(start: int) -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=start)
    for days in (1, 3, 5):
        due = VET.add_days(now, days)
        assert examine_deadline(due, VET, now) == []
        assert now < due <= latest(VET, now)


def test_signs_of_an_agency_come_first_and_something_else_last() -> None:
    signs = list_signs("BY-DVPN")
    assert signs[0].code.startswith("VET-")
    assert signs[-1].code == OTHER
    assert len({sign.code for sign in signs}) == len(signs)
    assert find_sign("BY-DVPN", "PHYTO-PACKAGING") is None
    for sign in (*signs, *list_signs("BY-GTK"), *list_signs("BY-XX")):
        assert all(sign.text[language] for language in ("be", "ru", "en"))
        assert sign.confidence == "recalled"
