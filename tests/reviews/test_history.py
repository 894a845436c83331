"""The timeline in words."""

from __future__ import annotations

from app.ledger.events import EVENTS
from app.ledger.finders import list_entries
from app.reviews import finders, naming
from app.reviews.history import FOR_OFFICERS, OF_ITSELF, WORDS, tell
from tests.reviews import making
from tests.reviews.making import file_package, sign


def test_words_are_of_events_that_exist():
    assert set(WORDS) <= set(EVENTS)
    assert set(WORDS) >= OF_ITSELF


def test_a_case_is_told_in_order_with_outcomes_and_names(session, country):
    filed = file_package(country)
    sign(filed, country.olga)
    entries = list_entries(filed.declaration_id)
    told = tell(entries, finders.find_names(entry.person_id for entry in entries), naming.names())
    assert str(told[0].words) == "Asked to sign"
    assert told[0].who == ""
    last = told[-1]
    assert (str(last.words), last.who, last.agency["en"]) == ("Decided", "Olga Zaitseva", "Veterinary supervision")
    assert [(number, str(words)) for number, words in last.outcomes] == [(1, "approved")]


def test_what_is_proposed_is_not_told_before_it_is_decided(session, country):
    """A second officer may have to look without knowing what the first one would decide."""
    filed = file_package(country)
    making.four_eyes(filed, making.VET, blind=True)
    making.propose(filed, country.olga)
    told = tell(list_entries(filed.declaration_id), {}, naming.names())
    assert (str(told[-1].words), told[-1].outcomes) == ("Proposed to a second officer", ())


def test_the_trader_is_not_told_what_is_among_officers():
    assert set(WORDS) >= FOR_OFFICERS
    assert {event for event in WORDS if event.startswith(("review.propos", "proposal."))} <= FOR_OFFICERS
