"""Which clock a review begins with, in whose hours, and which extension it calls for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from app.requirements.compiling import packaged_edition
from app.requirements.outcome import Lane, Outcome
from app.reviews import clocks, timing
from app.reviews.calendars import calendar_of

pytestmark = pytest.mark.pure
CUSTOMS, VET, ENV = "BY-GTK", "BY-DVPN", "BY-MPR"
FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""Three in the afternoon in Minsk."""


def lane(agency: str, hours: int, *clock_kinds: str) -> Lane:
    measures = tuple(SimpleNamespace(clock=kind) for kind in clock_kinds)
    return Lane(agency, "signs", (1,), measures, hours, (), ("",))


def outcome(*lanes: Lane) -> Outcome:
    return Outcome("e", date(2026, 11, 20), "import", lanes, (), (), (), (), ())


def begin(one: Lane, *others: Lane, releases: bool = False) -> timing.Timing:
    return timing.begin(
        one, outcome(one, *others), calendar_of(one.agency), releases=releases, registered_at=FRIDAY, at=FRIDAY
    )


def test_a_measure_runs_under_the_clock_its_kind_names():
    assert begin(lane(VET, 3, "service")).clock["kind"] == "service"
    licence = begin(lane(ENV, 16, "service", "licence"))
    assert (licence.clock["kind"], licence.clock["minutes"]) == ("service", 960)


def test_a_consent_to_waste_has_thirty_calendar_days_and_a_day_off_gives_way():
    begun = begin(lane(ENV, 16, "service", "consent"))
    assert (begun.clock["kind"], begun.clock["minutes"], begun.hours) == ("consent", None, 16)
    # The thirtieth day after 20 November is Sunday, 20 December: the agency closes on Monday at 17:30.
    assert begun.due_at == datetime(2026, 12, 21, 14, 30, tzinfo=UTC)


def test_a_measure_decided_at_once_is_due_with_the_next_opening():
    saturday = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    begun = timing.begin(
        lane(VET, 0), outcome(lane(VET, 0)), calendar_of(VET), releases=False, registered_at=saturday, at=saturday
    )
    assert begun.due_at == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "step"), [((4, 4), None), ((3, 6), 1), ((8, 8), 1), ((9, 1), 2)], ids=["no", "six", "a day", "longer"]
)
def test_the_release_says_which_extension_the_other_agencies_call_for(hours, step):
    begun = begin(lane(CUSTOMS, 1), lane(VET, hours[0]), lane(ENV, hours[1]), releases=True)
    found = timing.proposed(begun.clock)
    assert (found and found["step"]) == step
    assert begun.hours == 4


def test_a_proposal_is_over_when_it_or_more_was_granted():
    begun = begin(lane(CUSTOMS, 1), lane(VET, 6), releases=True)
    assert timing.proposed(begun.clock)
    granted, _ = clocks.extend(begun.clock, begun.due_at, calendar_of(CUSTOMS), FRIDAY, step=1, why="other-agencies")
    assert timing.proposed(granted) is None


def test_a_border_office_works_day_and_night_and_an_unknown_one_like_the_rest():
    edition = packaged_edition()
    assert timing.hours_of(CUSTOMS, "BP-KOZ", edition).round_the_clock
    assert not timing.hours_of(CUSTOMS, "06611", edition).round_the_clock
    assert timing.hours_of(VET, "BP-KOZ", edition).day_minutes == 480
    assert timing.hours_of(VET, "unknown", edition).day_minutes == 480
