"""Legal clocks: when something is due, what pauses and extends it, and what is left of a deadline."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import MINSK
from app.reviews import calendars, clocks
from app.reviews.calendars import calendar_of
from app.reviews.clocks import Interval, Left, Proposal, Reason, left

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BORDER = calendar_of("BY-GTK", "border")
INLAND = calendar_of("BY-GTK", "clearance")
VETS = calendar_of("BY-DVPN")

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
CALENDARS = st.sampled_from([BORDER, INLAND, VETS])
WAITS = st.timedeltas(timedelta(0), timedelta(days=40))


def at(text: str) -> datetime:
    """A moment by the clock in Minsk."""
    return datetime.fromisoformat(text).replace(tzinfo=MINSK)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (timedelta(hours=3, minutes=12), Left(False, 0, "3:12", "")),
        (timedelta(minutes=41, seconds=59), Left(False, 0, "0:41", "due")),
        (timedelta(0), Left(False, 0, "0:00", "due")),
        (-timedelta(minutes=25), Left(True, 0, "0:25", "stop")),
        (timedelta(days=2, hours=1), Left(False, 2, "49:00", "")),
    ],
)
def test_left(rest, said):
    assert left(NOW + rest, NOW) == said


@pytest.mark.parametrize(
    ("kind", "calendar", "start", "minutes", "end"),
    [
        ("registration", INLAND, "2026-03-10T10:00", None, "2026-03-10T11:00"),
        ("registration", INLAND, "2026-03-10T17:30", None, "2026-03-11T09:30"),
        ("registration", BORDER, "2026-12-31T23:30", None, "2027-01-01T00:30"),
        ("release", INLAND, "2026-03-10T10:00", None, "2026-03-10T14:00"),
        ("release", INLAND, "2026-03-10T14:00", None, "2026-03-10T18:00"),
        ("release", INLAND, "2026-03-10T14:01", None, "2026-03-11T13:00"),  # less than four hours left: afresh
        ("release", INLAND, "2026-03-10T18:00", None, "2026-03-11T13:00"),
        ("release", INLAND, "2026-03-10T03:00", None, "2026-03-10T13:00"),
        ("release", INLAND, "2026-12-31T13:00", None, "2026-12-31T17:00"),  # an eve, closed at 17:00
        ("release", INLAND, "2026-12-31T16:00", None, "2027-01-04T13:00"),  # over New Year and its Sunday
        ("release", INLAND, "2026-04-17T17:00", None, "2026-04-22T13:00"),  # moved Monday, Radunitsa
        ("release", INLAND, "2026-04-24T17:00", None, "2026-04-25T13:00"),  # onto a Saturday that is worked
        ("release", BORDER, "2026-12-31T22:00", None, "2027-01-01T02:00"),
        ("service", VETS, "2026-03-10T16:30", 180, "2026-03-11T10:30"),
        ("service", VETS, "2026-03-10T09:00", 960, "2026-03-12T09:00"),
        ("service", VETS, "2026-03-10T09:00", 0, "2026-03-10T09:00"),  # decided at once
        ("service", VETS, "2026-03-10T20:00", 0, "2026-03-11T08:30"),
        ("answer", INLAND, "2026-03-10T10:00", None, "2026-03-11T14:00"),
        ("consent-preconsented", VETS, "2026-12-28T10:00", None, "2027-01-08T17:30"),  # 29 30 31, 4 5 6, 8
        ("consent", VETS, "2026-03-10T10:00", None, "2026-04-09T17:30"),
        ("consent", VETS, "2026-04-01T10:00", None, "2026-05-04T17:30"),  # 1 May, then a weekend
    ],
)
def test_due_computed_by_hand(kind, calendar, start, minutes, end):
    assert clocks.due(kind, calendar, at(start), minutes) == at(end)


@pytest.mark.parametrize(
    ("calendar", "registered", "step", "end"),
    [
        (INLAND, "2026-03-10T10:00", 1, "2026-03-11T18:00"),
        (INLAND, "2026-03-10T10:00", 2, "2026-03-24T18:00"),
        (INLAND, "2026-12-31T10:00", 1, "2027-01-04T18:00"),
        (INLAND, "2026-12-31T10:00", 2, "2027-01-18T18:00"),
        (BORDER, "2026-12-31T10:00", 1, "2027-01-02T00:00"),
    ],
)
def test_extensions_computed_by_hand(calendar, registered, step, end):
    assert clocks.extended(calendar, at(registered), step) == at(end)


@pytest.mark.parametrize(
    ("calendar", "asked", "registered", "end"),
    [
        (INLAND, "2026-03-10T10:00", None, "2026-03-11T14:00"),
        (INLAND, "2026-03-10T17:59", "2026-03-10T10:00", "2026-03-11T14:00"),
        (INLAND, "2026-03-11T13:00", "2026-03-10T10:00", "2026-03-11T14:00"),  # an hour left: just enough
        (INLAND, "2026-03-11T13:01", "2026-03-10T10:00", "2026-03-12T14:00"),
        (INLAND, "2026-03-20T17:00", "2026-03-10T10:00", "2026-03-23T14:00"),  # long after, before a weekend
        (INLAND, "2026-12-30T12:00", None, "2026-12-31T13:00"),
        (INLAND, "2026-12-31T12:00", None, "2027-01-04T14:00"),
        (VETS, "2026-03-10T12:00", None, "2026-03-11T12:30"),  # 17:30 back to 14:00, half an hour before lunch
        (BORDER, "2026-03-10T12:00", None, "2026-03-11T20:00"),
    ],
)
def test_answers_computed_by_hand(calendar, asked, registered, end):
    assert clocks.answer_due(calendar, at(asked), registered_at=registered and at(registered)) == at(end)


def test_the_table_says_what_the_law_says():
    rows = {row["kind"]: clocks.rule(row["kind"]) for row in calendars.table("clocks")}
    assert {kind: (row.unit, row.amount, row.question_effect, row.article) for kind, row in rows.items()} == {
        "registration": ("minutes", 60, "nothing", "111"),
        "release": ("minutes", 240, "extend", "119"),
        "release-1": ("working days", 1, "nothing", "119"),
        "release-2": ("working days", 10, "nothing", "119"),
        "service": ("minutes", 0, "pause", ""),
        "answer": ("working days", 1, "nothing", "325"),
        "consent-preconsented": ("working days", 7, "pause", "6"),
        "consent": ("calendar days", 30, "pause", "6"),
    }
    assert [kind for kind, row in rows.items() if row.by_head] == ["release-2"]
    for row in calendars.table("clocks"):
        assert row["source"]
        assert row["confidence"] in ("verified", "recalled")
        assert all(bool(row[f"act_{language}"]) == bool(row["article"]) for language in clocks.LANGUAGES)


@pytest.mark.parametrize(
    ("services", "proposal"),
    [
        ({}, None),
        ({"BY-DVPN": 180, "BY-GTK": 240}, None),
        ({"BY-MPR": 480, "BY-DVPN": 180}, Proposal(1, (Reason("BY-MPR", 480),))),
        ({"BY-MPR": 481, "BY-GGISKZR": 360}, Proposal(2, (Reason("BY-GGISKZR", 360), Reason("BY-MPR", 481)))),
    ],
)
def test_proposed_extension(services, proposal):
    assert clocks.proposed_extension(services) == proposal


def test_a_proposal_says_whole_hours():
    found = clocks.proposed_extension({"BY-MPR": 500}, day_minutes=540)
    assert found is not None
    assert found.as_dict() == {"step": 1, "reasons": [{"agency": "BY-MPR", "hours": 9}]}


def test_predicted_breach():
    due_at = at("2026-03-11T10:00")
    assert not clocks.predicted_breach(at("2026-03-10T17:00"), due_at, INLAND, 120)
    assert clocks.predicted_breach(at("2026-03-10T17:01"), due_at, INLAND, 120)
    assert clocks.predicted_breach(at("2026-03-11T11:00"), due_at, INLAND, 0), "late already"


def test_a_story_told_by_hand():
    clock, due_at = clocks.started("service", VETS, at("2026-03-10T16:00"), 180)
    assert due_at == at("2026-03-11T10:00")
    stopped = clocks.pause(clock, due_at, VETS, at("2026-03-10T17:00"), "question")
    assert clocks.is_paused(stopped)
    assert stopped["left"] == 120
    assert clocks.pause(stopped, due_at, VETS, at("2026-03-10T17:20"), "another question") == stopped
    running, due_at = clocks.resume(stopped, VETS, at("2026-03-14T09:00"))
    assert due_at == at("2026-03-16T10:30"), "answered on a Saturday, it goes on on Monday"
    assert not clocks.is_paused(running)
    assert running == {
        "kind": "service",
        "minutes": 180,
        "started_at": "2026-03-10T13:00:00+00:00",
        "intervals": [
            {"from_at": "2026-03-10T14:00:00+00:00", "to_at": "2026-03-14T06:00:00+00:00", "why": "question"},
        ],
        "extensions": [],
    }
    assert clocks.intervals(stopped)[0].to_at is None
    assert clocks.intervals(running) == (Interval(at("2026-03-10T17:00"), at("2026-03-14T09:00"), "question"),)


def test_a_late_clock_stays_late_whatever_is_asked():
    clock, due_at = clocks.started("service", VETS, at("2026-03-10T09:00"), 60)
    stopped = clocks.pause(clock, due_at, VETS, at("2026-03-10T12:00"), "question")
    assert stopped["left"] == -120
    _, due_at = clocks.resume(stopped, VETS, at("2026-03-12T12:00"))
    assert due_at == at("2026-03-12T10:00")


def test_a_release_is_extended_step_by_step():
    clock, due_at = clocks.started("release", INLAND, at("2026-03-10T10:00"))
    first, due_at = clocks.extend(clock, due_at, INLAND, at("2026-03-10T10:00"), step=1, why="service")
    assert due_at == at("2026-03-11T18:00")
    again, same = clocks.extend(first, due_at, INLAND, at("2026-03-10T11:00"), step=1, why="service")
    assert (again, same) == (first, due_at)
    second, due_at = clocks.extend(first, due_at, INLAND, at("2026-03-11T09:00"), step=2, why="laboratory")
    assert due_at == at("2026-03-24T18:00")
    assert [(one.step, one.why) for one in clocks.extensions(second)] == [(1, "service"), (2, "laboratory")]
    assert clocks.extensions(second)[-1].due_at == due_at
    back, same = clocks.extend(second, due_at, INLAND, at("2026-03-12T09:00"), step=1, why="question")
    assert (back, same) == (second, due_at)


def test_a_clock_without_a_story_yet_begins_one():
    """A row written before its clock had pauses or extensions."""
    stopped = clocks.pause(
        {"kind": "service", "minutes": 60}, at("2026-03-10T10:00"), VETS, at("2026-03-10T09:00"), "q"
    )
    assert clocks.resume(stopped, VETS, at("2026-03-10T11:00"))[1] == at("2026-03-10T12:00")
    bare = {"kind": "release", "started_at": "2026-03-10T07:00:00+00:00"}
    assert clocks.intervals(bare) == clocks.extensions(bare) == ()
    told, _ = clocks.extend(bare, at("2026-03-10T14:00"), INLAND, at("2026-03-10T11:00"), step=1, why="service")
    assert len(clocks.extensions(told)) == 1


def test_what_a_clock_cannot_do_is_refused():
    release, release_due = clocks.started("release", INLAND, NOW)
    service, service_due = clocks.started("service", VETS, NOW, 60)
    with pytest.raises(ValueError, match="no question pauses"):
        clocks.pause(release, release_due, INLAND, NOW, "question")
    with pytest.raises(ValueError, match="not extended"):
        clocks.extend(service, service_due, VETS, NOW, step=1, why="service")
    with pytest.raises(ValueError, match="no such extension"):
        clocks.extend(release, release_due, INLAND, NOW, step=3, why="service")
    with pytest.raises(ValueError, match="running"):
        clocks.resume(service, VETS, NOW)
    with pytest.raises(ValueError, match="needs its minutes"):
        clocks.due("service", VETS, NOW)
    with pytest.raises(ValueError, match="needs its minutes"):
        clocks.due("service", VETS, NOW, -1)
    with pytest.raises(ValueError, match="in days"):
        clocks.due("answer", VETS, NOW, 60)
    with pytest.raises(KeyError):
        clocks.rule("coffee")
    with pytest.raises(ValueError, match="time zone"):
        Interval.of({"from_at": "2026-03-10T17:00:00", "to_at": None, "why": "question"})


@given(CALENDARS, MOMENTS, st.integers(1, 5_000), st.lists(st.tuples(WAITS, WAITS), max_size=5))
def test_pauses_conserve_working_minutes(calendar, start, minutes, waits):
    """Minutes worked while the clock ran and minutes left add up to the minutes given, whatever the pauses."""
    clock, due_at = clocks.started("service", calendar, start, minutes)
    worked, now = 0, start
    for run, stand in waits:
        since, now = now, now + run
        worked += calendar.between(since, now)
        before, kept = clock, copy.deepcopy(clock)
        clock = json.loads(json.dumps(clocks.pause(clock, due_at, calendar, now, "question")))
        assert before == kept, "a new clock, the old one is left alone"
        assert clock["left"] == minutes - worked
        now += stand
        clock, due_at = clocks.resume(clock, calendar, now)
        assert calendar.between(now, due_at) == minutes - worked
    assert len(clocks.intervals(clock)) == len(waits)
    assert clocks.intervals(json.loads(json.dumps(clock))) == clocks.intervals(clock)


@given(CALENDARS, MOMENTS, st.integers(1, 5_000), WAITS, WAITS)
def test_a_pause_never_brings_a_deadline_nearer(calendar, start, minutes, run, stand):
    clock, due_at = clocks.started("service", calendar, start, minutes)
    stopped = clocks.pause(clock, due_at, calendar, start + run, "question")
    _, later = clocks.resume(stopped, calendar, start + run + stand)
    # A clock late by a whole night comes back late by the same working minutes, at the other edge of the same night.
    assert calendar.between(due_at, later) >= 0


@given(CALENDARS, MOMENTS, st.lists(st.tuples(WAITS, st.integers(1, 2)), max_size=6))
def test_extensions_never_shorten(calendar, start, steps):
    clock, due_at = clocks.started("release", calendar, start)
    now = start
    for wait, step in steps:
        now += wait
        clock, later = clocks.extend(clock, due_at, calendar, now, step=step, why="service")
        assert later >= due_at
        assert later >= clocks.extended(calendar, start, step)
        due_at = later
    granted = [one.step for one in clocks.extensions(clock)]
    assert granted == sorted(set(granted))


@given(CALENDARS, MOMENTS, MOMENTS, st.sampled_from(["registration", "release", "answer", "consent"]))
def test_filed_later_is_never_due_earlier(calendar, a, b, kind):
    a, b = sorted((a, b))
    assert clocks.due(kind, calendar, a) <= clocks.due(kind, calendar, b)


@given(CALENDARS, MOMENTS)
def test_release_and_its_extensions_follow_each_other(calendar, start):
    release = clocks.due("release", calendar, start)
    assert release <= clocks.extended(calendar, start, 1) < clocks.extended(calendar, start, 2)
    assert calendar.between(start, release) >= 240


@given(CALENDARS, MOMENTS, WAITS)
def test_an_answer_always_has_a_working_hour(calendar, registered, wait):
    asked = registered + wait
    found = clocks.answer_due(calendar, asked, registered_at=registered)
    assert calendar.between(asked, found) >= clocks.ANSWER_AT_LEAST
    assert found <= clocks.answer_due(calendar, asked)
