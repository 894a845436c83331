"""Kept filters and habits: one's own and shared ones, the filter a queue opens with."""

from __future__ import annotations

import pytest

from app.errors import Invalid, NotAllowed, NotFound
from app.reviews import desk_settings
from app.reviews.filtering import Filter

MEAT = Filter(code="02", country="PL")


def names(actor):
    return [one.name for one in desk_settings.list_filters(actor)]


def test_one_s_own_and_what_the_agency_shares(session, country):
    desk_settings.save_filter("  My   meat ", MEAT, shared=False, by=country.olga)
    kept = desk_settings.save_filter("Polish", MEAT, shared=True, by=country.olga)
    assert names(country.olga) == ["My meat", "Polish"]
    assert names(country.petr) == ["Polish"]
    assert names(country.fedor) == []
    assert kept.query == MEAT.query()
    with pytest.raises(NotFound):
        desk_settings.get_filter(kept.id, actor=country.fedor)


def test_the_same_name_is_the_same_filter(session, country):
    first = desk_settings.save_filter("Meat", MEAT, shared=False, by=country.olga)
    again = desk_settings.save_filter("Meat", Filter(code="03"), shared=True, by=country.olga)
    assert (first.id, again.query, again.shared) == (again.id, "code=03", True)
    assert names(country.olga) == ["Meat"]


@pytest.mark.parametrize(("name", "code"), [(" ", "FILTER-NAME-MISSING"), ("x" * 61, "FILTER-NAME-LONG")])
def test_a_name_that_cannot_be(session, country, name, code):
    with pytest.raises(Invalid) as told:
        desk_settings.save_filter(name, MEAT, shared=False, by=country.olga)
    assert [(fault.code, fault.field) for fault in told.value.faults] == [(code, "name")]


def test_there_is_an_end_to_it(session, country, monkeypatch):
    monkeypatch.setattr(desk_settings, "MOST_FILTERS", 1)
    desk_settings.save_filter("one", MEAT, shared=False, by=country.olga)
    desk_settings.save_filter("one", MEAT, shared=False, by=country.olga)
    with pytest.raises(Invalid):
        desk_settings.save_filter("two", MEAT, shared=False, by=country.olga)


def test_only_its_owner_and_the_supervisor_forget_it(session, country):
    kept = desk_settings.save_filter("Polish", MEAT, shared=True, by=country.olga)
    own = desk_settings.save_filter("Own", MEAT, shared=False, by=country.olga)
    desk_settings.set_liking(keyboard=True, columns=(), opens_with=kept, by=country.petr)
    for actor, one in ((country.petr, kept), (country.vera, own)):
        with pytest.raises(NotAllowed):
            desk_settings.drop_filter(one, by=actor)
    desk_settings.drop_filter(kept, by=country.vera)
    desk_settings.drop_filter(own, by=country.olga)
    assert names(country.olga) == []
    assert desk_settings.liking_of(country.petr).opens_with is None


def test_habits(session, country):
    assert desk_settings.liking_of(country.olga) == desk_settings.Liking()
    desk_settings.set_liking(keyboard=False, columns=["why", "goods", "bogus"], opens_with=None, by=country.olga)
    liking = desk_settings.liking_of(country.olga)
    assert (liking.keyboard, liking.columns) == (False, ("goods", "why"))
    assert desk_settings.liking_of(country.petr).keyboard
    with pytest.raises(NotAllowed):
        desk_settings.set_liking(keyboard=True, columns=(), opens_with=None, by=country.anna)
