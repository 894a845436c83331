"""Absences: what may be entered, that nothing is assigned to who is away, and how cases go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.ledger.models import Entry
from app.reviews import absences, claiming, finders
from app.reviews.absences import Leave
from app.reviews.models import Review
from tests.reviews.making import PHYTO, VET, file_package, get


def officer(country, name):
    return next(one for one in finders.list_agency_officers(VET) if one.id == country.memberships[name])


def leave(country, name="petr", begins=0, ends=3, stand_in="olga"):
    today = clock.today()
    return Leave(
        officer(country, name), today + timedelta(days=begins), today + timedelta(days=ends),
        officer(country, stand_in) if stand_in else None,
    )  # fmt: skip


def faults(told):
    return {(fault.code, fault.field) for fault in told.value.faults}


def test_who_is_away_is_not_offered(session, country):
    filed = file_package(country)
    review = get(filed, country.vera)
    absence = absences.enter(leave(country), by=country.vera)
    assert country.memberships["petr"] not in {one.id for one in finders.list_officers(review)}
    assert country.memberships["petr"] in {one.id for one in finders.list_agency_officers(VET)}
    with pytest.raises(NotFound):
        finders.get_officer(review, country.memberships["petr"])
    absences.end(absence, by=country.vera)
    assert finders.get_officer(review, country.memberships["petr"])
    with pytest.raises(Conflict):
        absences.end(absence, by=country.vera)
    events = session.scalars(sa.select(Entry.event).where(Entry.subject == "absence")).all()
    assert events == ["absence.entered", "absence.ended"]


def test_one_who_goes_tomorrow_is_here_today(session, country):
    absences.enter(leave(country, begins=1), by=country.vera)
    assert country.memberships["petr"] in {one.id for one in finders.list_agency_officers(VET, away=False)}


def test_only_the_supervisor(session, country):
    with pytest.raises(NotAllowed):
        absences.enter(leave(country), by=country.olga)
    absence = absences.enter(leave(country), by=country.vera)
    with pytest.raises(NotAllowed):
        absences.end(absence, by=country.olga)
    with pytest.raises(NotFound):
        absences.get_absence(absence.id, actor=country.fedor)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"officer": None}, ("ABSENCE-OFFICER", "officer")),
        ({"from_on": None}, ("ABSENCE-FROM", "from_on")),
        ({"until_on": None}, ("ABSENCE-UNTIL", "until_on")),
        ({"until_on": -1}, ("ABSENCE-BACKWARDS", "until_on")),
        ({"until_on": 400}, ("ABSENCE-LONG", "until_on")),
        ({"from_on": -9, "until_on": -5}, ("ABSENCE-OVER", "until_on")),
    ],
)
def test_what_cannot_be_entered(session, country, changed, expected):
    days = {name: clock.today() + timedelta(days=days) for name, days in changed.items() if isinstance(days, int)}
    with pytest.raises(Invalid) as told:
        absences.enter(replace(leave(country), **changed | days), by=country.vera)
    assert faults(told) == {expected}
    assert all(set(fault.message) == set(fault.remedy) == {"be", "ru", "en"} for fault in told.value.faults)


def test_nobody_is_away_twice_or_stands_in_for_themselves(session, country):
    absences.enter(leave(country), by=country.vera)
    with pytest.raises(Invalid) as told:
        absences.enter(leave(country, begins=3, ends=9), by=country.vera)
    assert faults(told) == {("ABSENCE-TWICE", "from_on")}
    with pytest.raises(Invalid) as told:
        absences.enter(leave(country, "olga", stand_in="petr"), by=country.vera)
    assert faults(told) == {("ABSENCE-STAND-IN-AWAY", "stand_in")}
    with pytest.raises(Invalid) as told:
        absences.enter(leave(country, "olga", stand_in="olga"), by=country.vera)
    assert faults(told) == {("ABSENCE-SELF", "stand_in")}
    absences.enter(leave(country, begins=4, ends=9), by=country.vera)


def test_cases_go_on(session, country):
    filed = [file_package(country) for _ in range(3)]
    for one in filed[:2]:
        claiming.claim(get(one, country.petr), by=country.petr)
    to = officer(country, "olga")
    done = absences.hand_on(country.petr.person_id, to=to, by=country.vera)
    assert (len(done.handed), done.left) == (2, [])
    assert [get(one, country.olga).assignee_name for one in filed] == ["Olga Zaitseva", "Olga Zaitseva", ""]
    assert absences.hand_on(country.petr.person_id, to=to, by=country.vera).handed == []
    events = session.scalars(sa.select(Entry.event).where(Entry.event == "review.reassigned")).all()
    assert len(events) == 2


def test_what_cannot_be_handed_on_stays_and_is_told(session, country):
    filed = file_package(country)
    claiming.claim(get(filed, country.petr), by=country.petr)
    elsewhere = officer(country, "olga")
    elsewhere.office_code = "09131"
    done = absences.hand_on(country.petr.person_id, to=elsewhere, by=country.vera)
    assert (done.handed, len(done.left)) == ([], 1)
    assert get(filed, country.olga).assignee_name == "Petr Ivanou"


def test_cases_at_another_agency_hide_none_of_this_one(session, country):
    """An officer of two agencies: the nearest deadlines of the one do not fill the page of the other."""
    filed = file_package(country)
    for agency, hours in ((PHYTO, 1), (VET, 2)):
        review = session.get_one(Review, filed.reviews[agency])
        review.assignee_id, review.due_at = country.olga.person_id, clock.now() + timedelta(hours=hours)
    session.flush()
    for agency in (PHYTO, VET):
        (case,) = absences.cases_of(country.olga.person_id, agency, most=1)
        assert case.agency == agency
