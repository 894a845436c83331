"""How far a filed package has come, whose turn it is and how long it will take, from values alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.declarations import progress, turn
from app.insights.finders import ENOUGH, spreads
from app.insights.models import Pace
from app.requirements.outcome import Outcome
from app.reviews import clocks, expecting, ticking
from app.reviews.calendars import calendar_of
from app.reviews.models import OPEN_STATES

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
VET, PHYTO, CUSTOMS = "BY-DVPN", "BY-GGISKZR", "BY-GTK"
NOTHING = Outcome("edition", NOW.date(), "import", (), (), (), (), (), ())
OUTCOMES = ("approved", "conditions", "held", "refused")


@dataclass
class FakeReview:
    """As much of a review as a line reads."""

    agency: str
    status: str = "queued"
    result: str = ""
    results: dict[str, str] = field(default_factory=dict)
    items: tuple[int, ...] = (1, 2)
    releases: bool = False
    due_at: datetime = NOW + timedelta(hours=3)
    paused_at: datetime | None = None
    decided_at: datetime | None = None
    decisions: tuple[Any, ...] = ()

    @property
    def open(self) -> bool:
        return self.status in OPEN_STATES


def lines_of(*reviews: FakeReview, meanwhile: progress.Meanwhile | None = None) -> list[progress.LaneLine]:
    return progress.lane_lines(NOTHING, reviews, withdrawn=False, now=NOW, meanwhile=meanwhile)


def asked(number: int, hours: int, status: str = "open", agency: str = VET) -> Any:
    return SimpleNamespace(number=number, status=status, due_at=NOW + timedelta(hours=hours), agency=agency)


def inspection(status: str = "agreed", ends: int = 2) -> Any:
    slot = SimpleNamespace(
        status=status, slot_from=NOW + timedelta(hours=ends - 1), slot_to=NOW + timedelta(hours=ends), number=1
    )
    return SimpleNamespace(inspection=slot, place={"en": "Yard"} if status == "agreed" else None)


@pytest.mark.parametrize(
    ("status", "result", "results", "pane"),
    [
        ("queued", "", {}, "dark"),
        ("proposed", "", {}, "dark"),
        ("claimed", "", {"1": "held"}, "dark"),
        ("claimed", "", {"1": "approved", "2": "held"}, "part"),
        ("question", "", {"1": "approved"}, "held"),
        ("decided", "approved", {"1": "approved"}, "lit"),
        ("decided", "conditions", {"1": "conditions"}, "lit"),
        ("decided", "refused", {"1": "refused"}, "refused"),
        ("decided", "refused", {"1": "refused", "2": "approved"}, "mixed"),
    ],
)
def test_the_pane_of_an_agency(status: str, result: str, results: dict[str, str], pane: str) -> None:
    assert progress.pane(status, result, results) == pane


@given(st.dictionaries(st.sampled_from("12345"), st.sampled_from(OUTCOMES)), st.sampled_from((*OPEN_STATES, "decided")))
def test_a_pane_is_lit_only_when_nothing_is_left_and_nothing_refused(results: dict[str, str], status: str) -> None:
    worst = next((one for one in ("refused", "conditions", "approved") if one in results.values()), "")
    pane = progress.pane(status, worst if status == "decided" else "", results)
    if pane == "lit":
        assert status == "decided"
        assert "refused" not in results.values()
    if pane in ("part", "mixed"):
        assert {"approved", "conditions"} & set(results.values())


def test_what_each_agency_is_said_to_do() -> None:
    found = lines_of(
        FakeReview(VET, "question"),
        FakeReview("BY-MPR", "proposed"),
        FakeReview("BY-TI", "inspection"),
        FakeReview("BY-RCHEPH", "claimed"),
        FakeReview(PHYTO, "decided", "refused", {"1": "approved", "2": "refused"}),
        FakeReview(CUSTOMS, releases=True),
        meanwhile=progress.Meanwhile(answers={VET: NOW + timedelta(hours=1)}, carried={PHYTO: 1}),
    )
    assert [(str(line.words), line.tone) for line in found] == [
        ("Waits for your answer", "asked"),
        ("Being checked a second time", "blue"),
        ("Inspection ordered", "blue"),
        ("With an officer", "blue"),
        ("Approved in part, refused in part", "due"),
        ("Waits for the other agencies", ""),
    ]
    assert found[0].answer_by == NOW + timedelta(hours=1)
    assert found[4].carried_from == 1
    assert found[4].shares == (("approved", (1,)), ("refused", (2,)))


def test_a_late_agency_and_a_withdrawn_package() -> None:
    late = FakeReview(VET, due_at=NOW - timedelta(minutes=1))
    assert lines_of(late)[0].tone == "due"
    late.paused_at = NOW - timedelta(hours=1)
    assert lines_of(late)[0].tone == ""
    [line] = progress.lane_lines(NOTHING, [FakeReview(VET, "question")], withdrawn=True, now=NOW)
    assert (line.state, str(line.words), line.due_at, line.open) == ("dark", "Closed: withdrawn", None, False)


def test_a_review_goes_on_from_the_version_it_judged() -> None:
    versions = [
        SimpleNamespace(number=3, carried=(VET, PHYTO)),
        SimpleNamespace(number=2, carried=(VET,)),
        SimpleNamespace(number=1, carried=()),
    ]
    assert progress.carried_from(versions) == {VET: 1, PHYTO: 2}
    assert progress.carried_from(versions[1:]) == {VET: 1}
    assert progress.carried_from([]) == {}


# --- whose turn ---------------------------------------------------------------------------------------------------


def test_the_trader_answers_the_most_urgent_question_first() -> None:
    lines = lines_of(
        FakeReview(VET, "question"),
        FakeReview(PHYTO, "claimed"),
        FakeReview(CUSTOMS, releases=True),
        meanwhile=progress.Meanwhile(answers={VET: NOW}),
    )
    found = turn.turn_of("awaiting-trader", lines, [asked(1, 8), asked(2, 3), asked(3, -1, "lapsed")], [], NOW)
    assert (found.who, found.questions, found.by, found.missed) == ("trader", (2, 1), NOW + timedelta(hours=3), (3,))
    assert found.agencies == (PHYTO,)


def test_goods_that_have_to_be_brought_are_the_traders_turn_until_the_slot_is_over() -> None:
    told = inspection()
    reviews = (FakeReview(VET, "inspection"), FakeReview(CUSTOMS, releases=True))
    lines = lines_of(*reviews, meanwhile=progress.Meanwhile(inspections={VET: told}))
    found = turn.turn_of("under-review", lines, [], [told], NOW)
    assert (found.who, found.inspection, found.agencies) == ("trader", told, ())
    after = turn.turn_of("under-review", lines, [], [inspection(ends=0)], NOW)
    assert (after.who, after.inspection) == ("agencies", None)
    arranged = turn.turn_of("under-review", lines, [], [inspection("proposed")], NOW)
    assert arranged.who == "agencies"


def test_customs_is_last() -> None:
    signed = FakeReview(VET, "decided", "approved", {"1": "approved"})
    customs = FakeReview(CUSTOMS, releases=True)
    found = turn.turn_of("under-review", lines_of(signed, customs), [], [], NOW)
    assert (found.who, found.agencies, found.refused) == ("customs", (CUSTOMS,), False)
    refused = FakeReview(PHYTO, "decided", "refused", {"1": "refused"})
    found = turn.turn_of("under-review", lines_of(refused, signed, customs), [], [], NOW)
    assert (found.who, found.refused) == ("customs", True)
    found = turn.turn_of("under-review", lines_of(FakeReview(VET), customs), [], [], NOW)
    assert (found.who, found.agencies) == ("agencies", (VET,))


@given(
    st.lists(st.sampled_from(("open", "answered", "lapsed", "settled", "withdrawn"))),
    st.sampled_from(tuple(progress.STATUSES)),
    st.lists(st.sampled_from((*OPEN_STATES, "decided")), max_size=4),
)
def test_an_open_question_makes_it_the_traders_turn_unless_the_package_has_ended(
    questions: list[str], status: str, states: list[str]
) -> None:
    lines = lines_of(*(FakeReview(f"A{n}", state) for n, state in enumerate(states)))
    found = turn.turn_of(status, lines, [asked(n, n, one) for n, one in enumerate(questions, 1)], [], NOW)
    if status in (*turn.ENDED, turn.HELD):
        assert found == turn.Turn("nobody")
    else:
        assert (found.who == "trader") == ("open" in questions)
        assert len(found.questions) == questions.count("open")
        assert (found.by is None) == ("open" not in questions)


# --- how long it takes --------------------------------------------------------------------------------------------


def clock_at(now: datetime, started: datetime) -> ticking.Ticking:
    calendar = calendar_of(VET)
    story, due_at = clocks.started("service", calendar, started, 180)
    return ticking.read(story, due_at, calendar, now, opened_at=started)


def test_experience_says_about_when() -> None:
    calendar = calendar_of(VET)
    clock = clock_at(NOW + timedelta(minutes=10), NOW)
    assert clock.worked == 10
    found = expecting.expect(12, 35, 130, clock, calendar, NOW + timedelta(minutes=10))
    assert (found.about, found.longer) == (NOW + timedelta(minutes=35), False)
    assert (found.half_figure, found.most_figure) == ("0:35", "2:10")
    waits = expecting.expect(12, 35, 130, clock, calendar, NOW + timedelta(minutes=10), waits=True)
    assert (waits.about, waits.longer) == (None, False)


def test_a_case_that_takes_longer_than_usual_is_said_to() -> None:
    later = NOW + timedelta(minutes=50)
    found = expecting.expect(12, 35, 130, clock_at(later, NOW), calendar_of(VET), later)
    assert (found.about, found.longer) == (None, True)


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_half_is_never_more_than_most_and_few_cases_say_nothing(minutes: list[int]) -> None:
    working = sorted(minutes)
    median = working[len(working) // 2] if working else 0
    pace = Pace(
        agency=VET, minutes=minutes, median_minutes=median, working=minutes, median_working=median, updated_at=NOW
    )
    found = spreads({VET: pace})
    assert (VET in found) == (len(minutes) >= ENOUGH)
    for spread in found.values():
        assert spread.count == len(minutes)
        assert min(minutes) <= spread.most <= max(minutes)
