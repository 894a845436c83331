"""Asking: what it needs, what it does to the review, the clock and the package; asking on, settling, withdrawing; silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import clock, database
from app.access import SYSTEM
from app.clock import MINSK
from app.declarations.models import Declaration
from app.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from app.identity.models import Membership
from app.ledger.models import Entry
from app.reviews import asking, claiming, clocks, question_finders, resuming, silence
from app.reviews.models import Review
from app.reviews.question_examining import Asking
from app.reviews.thread_models import Question
from tests.reviews.making import CUSTOMS, VET, file_committed, file_package, get, sign
from tests.reviews.test_deciding import race

ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]"
CERTIFICATE = f"{ITEM}/AdditionalDocument[2]"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=MINSK)


@pytest.fixture(autouse=True)
def _monday():
    """A working morning: deadlines are counted in working time."""
    with time_machine.travel(MONDAY, tick=False):
        yield


def meant(**changed) -> Asking:
    """A question about the veterinary certificate, due at three."""
    whole = Asking(
        CERTIFICATE, "VET-CERTIFICATE", "Page two is missing.", ("01201",), MONDAY.replace(hour=15), "on-file"
    )
    return replace(whole, **changed)


def claimed(filed, by) -> Review:
    return claiming.claim(get(filed, by), by=by)


def ask(filed, by, **changed) -> Question:
    """Claim and ask."""
    return asking.ask(claimed(filed, by), meant(**changed), version=filed.version, by=by)


def status(filed) -> str:
    return database.session().scalar(sa.select(Declaration._status).where(Declaration.id == filed.declaration_id))


def events(filed) -> list[str]:
    query = sa.select(Entry.event).where(Entry.declaration_id == filed.declaration_id).order_by(Entry.position)
    return list(database.session().scalars(query))


def lapsed(question) -> None:
    """Let the deadline pass and the worker look."""
    for key in silence.due_lapses():
        silence.lapse(key)


def test_a_question_carries_what_the_law_asks_for(session, country):
    filed = file_package(country)
    question = ask(filed, country.olga)
    assert (question.number, question.item, question.path) == (1, 1, CERTIFICATE)
    assert question.pointer == "42A/67A/68A[1]/02A[2]"
    assert (question.sign_code, question.wanted, question.on_silence) == ("VET-CERTIFICATE", ["01201"], "on-file")
    assert question.status == "open"
    (message,) = question_finders.list_questions(filed.declaration_id, messages=True)[0].messages
    assert (message.side, message.text) == ("agency", "Page two is missing.")
    entry = session.scalars(sa.select(Entry).where(Entry.event == "question.asked")).one()
    assert b"Page two" not in entry.leaf
    assert entry.payload["pointer"] == "42A/67A/68A.1/02A.2"


def test_only_the_asking_review_stops_and_its_clock_stands_still(session, country):
    filed = file_package(country)
    before = get(filed, country.olga).due_at
    ask(filed, country.olga)
    review = get(filed, country.olga)
    assert review.status == "question"
    assert (review.assignee_id, review.claimed_by_id) == (country.olga.person_id, None)
    assert clocks.is_paused(review.clock)
    assert review.paused_at is not None
    assert review.due_at == before
    assert get(filed, country.fedor).status == "queued"
    assert status(filed) == "awaiting-trader"
    assert {"question.asked", "review.stopped", "declaration.asked"} <= set(events(filed))


def test_the_release_is_extended_instead(session, country):
    filed = file_package(country)
    before = get(filed, country.kira).due_at
    question = ask(filed, country.kira, sign="CUS-VALUE")
    review = get(filed, country.kira)
    assert question.effect == "extend"
    assert review.paused_at is None
    assert review.due_at > before
    assert [one.step for one in clocks.extensions(review.clock)] == [1]
    assert review.due_on == review.due_at.astimezone(MINSK).date()


def test_a_second_question_waits_for_both(session, country):
    filed = file_package(country)
    first = ask(filed, country.olga)
    second = asking.ask(
        get(filed, country.olga),
        meant(path=f"{ITEM}/Origin[1]/CountryCode", sign="UNCLEAR"),
        version=1,
        by=country.olga,
    )
    assert second.number == 2
    asking.withdraw(first, reason="Found it.", by=country.olga)
    assert get(filed, country.olga).status == "question"
    asking.withdraw(second, reason="Found it too.", by=country.olga)
    review = get(filed, country.olga)
    assert review.status == "queued"
    assert review.assignee_id == country.olga.person_id
    assert review.paused_at is None
    assert status(filed) == "under-review"


def test_a_pause_costs_the_agency_nothing(session, country):
    filed = file_package(country)
    calendar = resuming.hours_of(get(filed, country.olga))
    left = calendar.between(clock.now(), get(filed, country.olga).due_at)
    question = ask(filed, country.olga)
    with time_machine.travel(MONDAY + timedelta(hours=4), tick=False):
        asking.withdraw(question, reason="Found it.", by=country.olga)
        assert calendar.between(clock.now(), get(filed, country.olga).due_at) == left


def test_it_needs_a_claim_that_holds(session, country):
    filed = file_package(country)
    with pytest.raises(Conflict) as told:
        asking.ask(get(filed, country.olga), meant(), version=1, by=country.olga)
    assert told.value.facts == {"claim": "needed"}
    claimed(filed, country.petr)
    with pytest.raises(Conflict, match="Petr"):
        asking.ask(get(filed, country.olga), meant(), version=1, by=country.olga)
    asked = asking.ask(get(filed, country.petr), meant(), version=1, by=country.petr)
    with pytest.raises(Conflict, match="Petr"):
        asking.ask(get(filed, country.olga), meant(nevertheless=True), version=1, by=country.olga)
    assert asked.status == "open"


def test_claim_and_ask_in_one_breath(session, country):
    filed = file_package(country)
    question = asking.ask(get(filed, country.olga), meant(), version=1, by=country.olga, claim_minutes=30)
    assert question.status == "open"
    assert events(filed).count("review.claimed") == 1


def test_another_version_than_the_one_seen_is_told(session, country):
    filed = file_package(country)
    with pytest.raises(Stale):
        asking.ask(claimed(filed, country.olga), meant(), version=2, by=country.olga)


def test_a_case_that_a_newer_version_closed_says_that_the_package_changed(session, country):
    """Not “closed”: the same agency goes on with the case that took its place."""
    filed = file_package(country)
    review = claimed(filed, country.olga)
    review.declaration.version, review._status = 2, "superseded"
    session.flush()
    for minutes in (None, 30):
        with pytest.raises(Stale):
            asking.ask(get(filed, country.olga), meant(), version=1, by=country.olga, claim_minutes=minutes)


def test_nobody_with_a_part_in_the_package_ends_its_questions(session, country):
    """Petr is a clerk of the trader, too: he may no more let a question go than ask one."""
    filed = file_package(country)
    question = ask(filed, country.olga)
    session.add(
        Membership(
            person_id=country.petr.person_id, organisation_id=country.organisations["trader"], roles=["trader-clerk"],
            valid_from=clock.today(),
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(NotAllowed, match="another officer"):
        asking.withdraw(question, reason="Never mind", by=country.petr)
    question._status = "lapsed"
    session.flush()
    with pytest.raises(NotAllowed, match="another officer"):
        asking.settle(question, by=country.petr)


def test_another_agency_and_the_trader_cannot_ask(session, country):
    filed = file_package(country)
    review = claimed(filed, country.olga)
    for name in ("fedor", "anna", "ada"):
        with pytest.raises(NotAllowed):
            asking.ask(review, meant(), version=1, by=getattr(country, name))


def test_a_decided_case_asks_nothing(session, country):
    filed = file_package(country)
    sign(filed, country.olga)
    with pytest.raises(Conflict):
        asking.ask(get(filed, country.olga), meant(), version=1, by=country.olga)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("", "ASK-PLACE-MISSING"),
        ("/Declaration/Nothing", "ASK-PLACE-UNKNOWN"),
        (f"{ITEM[:-3]}[9]", "ASK-PLACE-UNKNOWN"),
        ("x" * 5000, "ASK-PLACE-UNKNOWN"),
        ("/Declaration[x", "ASK-PLACE-UNKNOWN"),
    ],
)
def test_a_place_must_be_in_this_version(session, country, path, code):
    filed = file_package(country)
    with pytest.raises(Invalid) as told:
        ask(filed, country.olga, path=path)
    assert [fault.code for fault in told.value.faults] == [code]


@pytest.mark.parametrize("path", ["42A/67A/68A[1]/02A[2]", CERTIFICATE.replace("Item[1]", "Item"), f"{CERTIFICATE}/"])
def test_one_place_has_several_names(session, country, path):
    assert ask(file_package(country), country.olga, path=path).path == CERTIFICATE


def test_a_missing_value_can_be_asked_for(session, country):
    filed = file_package(country)
    question = ask(filed, country.olga, path=f"{CERTIFICATE}/ExpirationDateTime")
    assert question.path.endswith("ExpirationDateTime")


def test_asked_by_another_agency_is_told_first(session, country):
    filed = file_package(country)
    ask(filed, country.olga)
    with pytest.raises(Invalid) as told:
        ask(filed, country.kira, sign="UNCLEAR")
    assert [fault.code for fault in told.value.faults] == ["ASK-ALREADY"]
    question = asking.ask(
        get(filed, country.kira), meant(sign="UNCLEAR", nevertheless=True), version=1, by=country.kira
    )
    assert question.number == 2
    assert status(filed) == "awaiting-trader"
    asking.withdraw(question, reason="The other question is enough.", by=country.kira)
    assert status(filed) == "awaiting-trader"


def test_the_same_document_wanted_elsewhere_is_told_too(session, country):
    filed = file_package(country)
    ask(filed, country.olga)
    with pytest.raises(Invalid) as told:
        ask(filed, country.kira, path="/Declaration/InvoiceAmount", sign="CUS-VALUE")
    assert [fault.code for fault in told.value.faults] == ["ASK-ALREADY"]


def test_the_trader_is_warned_once_and_silence_lets_the_review_go_on(session, country):
    filed = file_package(country)
    question = ask(filed, country.olga)
    assert silence.due_warnings() == []
    with time_machine.travel(question.warn_at, tick=False):
        assert silence.due_warnings() == [question.id]
        silence.warn(question.id)
        silence.warn(question.id)
        assert silence.due_warnings() == []
    assert events(filed).count("question.deadline_near") == 1
    silence.lapse(question.id)
    assert question.status == "open"
    with time_machine.travel(question.due_at, tick=False):
        lapsed(question)
        silence.lapse(question.id)
    assert question.status == "lapsed"
    assert get(filed, country.olga).status == "queued"
    assert status(filed) == "under-review"
    assert events(filed).count("question.lapsed") == 1
    assert asking.refusals_due(get(filed, country.olga)) == {}


def test_silence_that_means_refusal_names_the_goods_items(session, country):
    filed = file_package(country)
    question = ask(filed, country.olga, on_silence="refusal")
    assert asking.refusals_due(get(filed, country.olga)) == {}
    with time_machine.travel(question.due_at, tick=False):
        lapsed(question)
        assert asking.refusals_due(get(filed, country.olga)) == {1: question}
        asking.settle(question, by=country.olga)
    assert asking.refusals_due(get(filed, country.olga)) == {}


def test_a_question_about_the_package_speaks_of_every_item(session, country):
    filed = file_package(country)
    question = ask(filed, country.kira, path="/Declaration/InvoiceAmount", sign="CUS-VALUE", on_silence="refusal")
    assert question.item is None
    with time_machine.travel(question.due_at, tick=False):
        lapsed(question)
        review = get(filed, country.kira)
        assert set(asking.refusals_due(review)) == set(review.items)


def test_asking_on_opens_the_thread_again(session, country):
    filed = file_package(country)
    question = ask(filed, country.olga)
    with pytest.raises(Conflict):
        asking.settle(question, by=country.olga)
    with time_machine.travel(question.due_at, tick=False):
        lapsed(question)
        with pytest.raises(Conflict, match="claim"):
            asking.follow_up(question, text="Once more.", due_at=MONDAY + timedelta(days=1), by=country.olga)
        claimed(filed, country.olga)
        with pytest.raises(Invalid) as told:
            asking.follow_up(question, text=" ", due_at=None, by=country.olga)
        assert {fault.code for fault in told.value.faults} == {"ASK-TEXT-MISSING", "ASK-DEADLINE-MISSING"}
        asking.follow_up(question, text="Once more.", due_at=MONDAY + timedelta(days=1), by=country.olga)
    assert question.status == "open"
    assert question.warned_at is None
    assert get(filed, country.olga).status == "question"
    assert status(filed) == "awaiting-trader"
    thread = question_finders.get_question(filed.reviews[VET], 1, actor=country.olga)
    assert [one.text for one in thread.question.messages] == ["Page two is missing.", "Once more."]


def test_withdrawing_needs_a_reason_that_the_trader_reads(session, country):
    filed = file_package(country)
    question = ask(filed, country.olga)
    with pytest.raises(Invalid) as told:
        asking.withdraw(question, reason=" ", by=country.olga)
    assert [fault.code for fault in told.value.faults] == ["ASK-REASON-MISSING"]
    with pytest.raises(NotAllowed):
        asking.withdraw(question, reason="Not mine.", by=country.kira)
    asking.withdraw(question, reason="Found it.", by=country.petr)
    assert question.status == "withdrawn"
    with pytest.raises(Conflict):
        asking.withdraw(question, reason="Again.", by=country.olga)


def test_customs_reads_the_others_threads_and_nobody_writes_in_them(session, country):
    filed = file_package(country)
    ask(filed, country.olga)
    found = question_finders.get_question(filed.reviews[CUSTOMS], 1, actor=country.kira)
    assert found.question.agency == VET
    with pytest.raises(NotFound):
        question_finders.get_question(filed.reviews["BY-GGISKZR"], 1, actor=country.fedor)


def test_the_worker_and_the_officer_at_once(both_engines, country_of_both):
    """Silence and a withdrawal in the same moment: one of them, and the review goes on exactly once."""
    country, filed = country_of_both, file_committed(both_engines, country_of_both)
    with database.transaction(both_engines):
        question = ask(filed, country.olga)
    with time_machine.travel(question.due_at, tick=False):
        results = race(
            both_engines,
            {
                "lapse": lambda: silence.lapse(question.id),
                "withdraw": lambda: asking.withdraw(question, reason="Found it.", by=country.olga),
                "again": lambda: silence.lapse(question.id),
            },
        )
    assert results["lapse"] is None
    assert results["again"] is None
    assert results["withdraw"] is None or isinstance(results["withdraw"], Conflict)
    with database.transaction(both_engines, writing=False):
        assert events(filed).count("review.resumed") == 1
        assert events(filed).count("declaration.resumed") == 1
        assert get(filed, country.olga).status == "queued"
        ended = events(filed).count("question.lapsed") + events(filed).count("question.withdrawn")
        assert ended == 1


def test_two_agencies_ask_at_once(both_engines, country_of_both):
    """Numbers are given out one by one, and the package is awaited once."""
    country, filed = country_of_both, file_committed(both_engines, country_of_both)

    def send(name):
        by = getattr(country, name)
        asking.ask(
            get(filed, by), meant(path=f"{ITEM}/Origin[1]/CountryCode", sign="UNCLEAR", wanted=(), none_wanted=True, nevertheless=True),
            version=1, by=by, claim_minutes=30,
        )  # fmt: skip

    results = race(both_engines, {name: lambda name=name: send(name) for name in ("olga", "kira")})
    assert results == {"olga": None, "kira": None}
    with database.transaction(both_engines, writing=False):
        assert [one.number for one in question_finders.list_questions(filed.declaration_id)] == [1, 2]
        assert events(filed).count("declaration.asked") == 1


def test_the_window_itself_records_silence(session, country):
    filed = file_package(country)
    question = ask(filed, country.olga)
    with time_machine.travel(question.due_at, tick=False):
        lapsed(question)
    entry = session.scalars(sa.select(Entry).where(Entry.event == "question.lapsed")).one()
    assert entry.person_id == SYSTEM.person_id
