"""Answers: what they change, when they are too late, and who comes first."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app import database, markup
from app.access import Actor, permissions_of
from app.cli import founding
from app.cli.packing import sample, stand_in
from app.clock import MINSK
from app.declarations import editing
from app.declarations.finders import get_declaration, get_version, list_attachments
from app.declarations.models import Declaration
from app.documents import uploading
from app.errors import Conflict, Invalid, NotAllowed, Stale
from app.intake import amending, answering, policy, receiving, withdrawing
from app.intake.answering import Answer, Paper
from app.ledger.models import Entry
from app.reviews import asking, claiming, deciding, proposing, question_finders, silence
from app.reviews.models import Proposal, Review
from app.reviews.question_examining import Asking
from app.reviews.thread_models import Question
from tests.factories.world import World

ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]"
CERTIFICATE = f"{ITEM}/AdditionalDocument[2]"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=MINSK)
VET, PHYTO, CUSTOMS = "BY-DVPN", "BY-GGISKZR", "BY-GTK"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@contextmanager
def inside(app: Flask) -> Iterator[Any]:
    """One transaction, as a request or a job opens it."""
    with app.app_context(), database.transaction(app.extensions["akno.database"]) as session:
        yield session


def who(name: str) -> Actor:
    return founding.actor(name)


def file_package(app: Flask) -> uuid.UUID:
    """Anna files beef, roses and pet flakes with their documents."""
    packed = sample("beef_flowers_pet", on=MONDAY.date())
    with inside(app):
        anna = who("anna")
        for name, data in packed.files.items():
            assert anna.organisation_id is not None
            uploading.upload(owner_id=anna.organisation_id, data=data, file_name=name, by=anna)
        receipt = receiving.receive(packed.xml, body_name="package.xml", channel="xml", by=anna)
        assert receipt.declaration_id is not None, receipt.faults
        return receipt.declaration_id


def review_of(declaration_id: uuid.UUID, agency: str = VET) -> Review:
    """The review of an agency that counts."""
    query = sa.select(Review).where(
        Review.declaration_id == declaration_id, Review.agency == agency, Review._status != "superseded"
    )
    return database.session().scalars(query).one()


def ask(app: Flask, declaration_id: uuid.UUID, *, by: str = "olga", agency: str = VET, **changed: Any) -> Question:
    """Claim the case and ask about the veterinary certificate."""
    said = {
        "path": CERTIFICATE, "sign": "UNCLEAR", "text": "Page two is missing.", "wanted": ("01201",),
        "due_at": MONDAY.replace(hour=15), "on_silence": "on-file",
    } | changed  # fmt: skip
    with inside(app):
        officer = who(by)
        review = review_of(declaration_id, agency)
        return asking.ask(review, Asking(**said), version=review.version, by=officer, claim_minutes=30)  # type: ignore[arg-type]


def send(question: Question, said: Answer, *, by: str = "anna", version: int = 1) -> Question:
    return answering.answer(question, said, version=version, by=who(by))


def certificate(app: Flask, number: str = "UA-VET-26-771299") -> Paper:
    """A better certificate in the place of the one that was asked about."""
    anna = who("anna")
    assert anna.organisation_id is not None
    file = uploading.upload(
        owner_id=anna.organisation_id, data=stand_in("01201", number), file_name="certificate.pdf", by=anna
    )
    return Paper(1, 2, {"TypeCode": "01201", "ID": number, "IssueDateTime": "20261120"}, file)


def events(declaration_id: uuid.UUID) -> list[str]:
    query = sa.select(Entry.event).where(Entry.declaration_id == declaration_id).order_by(Entry.position)
    return list(database.session().scalars(query))


def together(app: Flask, acts: dict[str, Callable[[], Any]]) -> dict[str, BaseException | None]:
    """Do acts at once, each in a transaction of its own; what each raised, or None."""
    barrier, results = threading.Barrier(len(acts)), dict[str, BaseException | None]()

    def run(name: str, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            with inside(app):
                act()
            results[name] = None
        except Exception as told:
            results[name] = told

    threads = [threading.Thread(target=run, args=pair) for pair in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_words_change_nothing_in_the_package(world: World, app: Flask) -> None:
    key = file_package(app)
    question = ask(app, key)
    with inside(app):
        question = send(question, Answer("It is on the back."))
        declaration = get_declaration(key, actor=who("anna"))
        assert (declaration.status, declaration.version) == ("under-review", 1)
        assert (question.status, question.answer_version) == ("answered", None)
        review = review_of(key)
        assert (review.status, review.paused_at) == ("queued", None)
        assert review.assignee_id == who("olga").person_id
        assert "declaration.amended" not in events(key)


def test_a_document_makes_a_version_and_the_others_are_carried(world: World, app: Flask) -> None:
    key = file_package(app)
    question = ask(app, key)
    with inside(app):
        old = review_of(key)
        question = send(question, Answer("Here it is.", (certificate(app),)))
        declaration = get_declaration(key, actor=who("anna"))
        assert (declaration.status, declaration.version) == ("under-review", 2)
        version = get_version(declaration)
        assert version.cause == "answered"
        assert b"UA-VET-26-771299" in version.canonical
        assert b"UA-VET-26-771204" not in version.canonical
        fresh = review_of(key)
        assert fresh.id != old.id
        assert (fresh.version, fresh.status, fresh.assignee_id) == (2, "queued", old.assignee_id)
        assert fresh.paused_at is None
        assert "left" not in fresh.clock
        assert review_of(key, PHYTO).version == 2
        assert question.review_id == fresh.id
        assert question.answer_version == 2
        assert events(key).count("review.carried") == 2
        assert "certificate.pdf" in [one.file_name for one in list_attachments(key)]
        (_asked, said) = question_finders.get_asked(key, 1, actor=who("anna")).question.messages
        assert [one.file_name for one in said.files] == ["certificate.pdf"]
        assert said.version == 2


def test_a_value_that_was_asked_about_is_mended(world: World, app: Flask) -> None:
    key = file_package(app)
    mass = f"{ITEM}/Commodity/InvoiceLine/ItemChargeAmount"
    question = ask(app, key, path=mass, by="maria", agency=CUSTOMS, sign="CUS-VALUE", wanted=(), none_wanted=True)
    with inside(app):
        send(question, Answer(changes=((f"{ITEM}/Commodity/Description", "Ялавічына астуджаная", None),)))
        assert "Ялавічына астуджаная<".encode() in get_version(get_declaration(key, actor=who("anna"))).canonical


def test_a_change_that_breaks_a_rule_changes_nothing(world: World, app: Flask) -> None:
    key = file_package(app)
    question = ask(app, key)
    with inside(app):
        with pytest.raises(Invalid) as told:
            send(question, Answer("So be it.", changes=((f"{ITEM}/Origin[1]/CountryCode", "QQ", None),)))
        assert told.value.faults
    with inside(app):
        assert get_declaration(key, actor=who("anna")).version == 1
        assert question_finders.get_asked(key, 1, actor=who("anna")).question.status == "open"


def test_an_empty_answer_and_a_long_one(world: World, app: Flask) -> None:
    question = ask(app, file_package(app))
    with inside(app):
        for said, code in ((Answer(" "), "ANSWER-EMPTY"), (Answer("x" * 4001), "ASK-TEXT-LONG")):
            with pytest.raises(Invalid) as told:
                send(question, said)
            assert [fault.code for fault in told.value.faults] == [code]


def test_a_version_that_came_between_is_told(world: World, app: Flask) -> None:
    key = file_package(app)
    question = ask(app, key)
    with inside(app), pytest.raises(Stale):
        send(question, Answer("", (certificate(app),)), version=2)


def test_only_those_who_act_for_the_owner_answer(world: World, app: Flask) -> None:
    question = ask(app, file_package(app))
    with inside(app):
        for name in ("olga", "vera", "maria"):
            with pytest.raises(NotAllowed):
                send(question, Answer("I say."), by=name)
        assert send(question, Answer("I am the clerk."), by="piotr").status == "answered"


def test_a_late_answer_counts_until_the_decision(world: World, app: Flask) -> None:
    key = file_package(app)
    question = ask(app, key, on_silence="refusal")
    with time_machine.travel(question.due_at, tick=False), inside(app):
        silence.lapse(question.id)
        assert asking.refusals_due(review_of(key)) == {1: database.session().get(Question, question.id)}
    with time_machine.travel(question.due_at + timedelta(minutes=5), tick=False), inside(app):
        send(question, Answer("Sorry, it is on the back."))
        assert asking.refusals_due(review_of(key)) == {}
        assert get_declaration(key, actor=who("anna")).status == "under-review"


def test_nobody_signs_what_was_proposed_before_a_late_answer(world: World, app: Flask) -> None:
    """The deadline has passed, the officer proposes on what there is; then the answer comes after all."""
    key = file_package(app)
    question = ask(app, key)
    with time_machine.travel(question.due_at, tick=False), inside(app):
        silence.lapse(question.id)
        review = review_of(key)
        review.four_eyes = True
        claiming.claim(review, by=who("olga"))
        proposal = proposing.propose(
            review, version=1, digest=database.session().get_one(Declaration, key).digest,
            items=[deciding.ItemDecision(number, "approved") for number in review.items], by=who("olga"),
        )  # fmt: skip
        assert review.status == "proposed"
    with time_machine.travel(question.due_at + timedelta(minutes=5), tick=False), inside(app):
        send(question, Answer("Sorry, it is on the back."))
        assert review_of(key).status == "queued"
        assert database.session().get_one(Proposal, proposal.id).status == "void"


def test_an_answer_after_the_decision_is_refused_in_words(world: World, app: Flask) -> None:
    key = file_package(app)
    question = ask(app, key)
    with time_machine.travel(question.due_at, tick=False), inside(app):
        silence.lapse(question.id)
        olga, review = who("olga"), review_of(key)
        claiming.claim(review, by=olga)
        declaration = database.session().get_one(Declaration, key)
        deciding.decide(
            review, version=1, digest=declaration.digest,
            items=[deciding.ItemDecision(number, "approved") for number in review.items], by=olga,
        )  # fmt: skip
    with (
        time_machine.travel(question.due_at, tick=False),
        inside(app),
        pytest.raises(Conflict, match="прыняло рашэнне"),
    ):
        send(question, Answer("Too late."))


def test_an_answer_and_silence_at_once(world: World, app: Flask) -> None:
    """Whoever comes first, the answer is on the thread in the end and the review went on once."""
    key = file_package(app)
    question = ask(app, key)
    with time_machine.travel(question.due_at, tick=False):
        results = together(
            app,
            {"answer": lambda: send(question, Answer("Just in time.")), "lapse": lambda: silence.lapse(question.id)},
        )
    assert results == {"answer": None, "lapse": None}
    with inside(app):
        assert database.session().get_one(Question, question.id).status == "answered"
        assert events(key).count("review.resumed") == 1
        assert events(key).count("declaration.resumed") == 1
        assert review_of(key).status == "queued"


def test_an_answer_and_a_withdrawal_at_once(world: World, app: Flask) -> None:
    key = file_package(app)
    question = ask(app, key)

    def withdraw() -> None:
        anna = who("anna")
        withdrawing.withdraw(get_declaration(key, actor=anna), reason="Another truck.", by=anna)

    results = together(
        app, {"answer": lambda: send(question, Answer("Here.", (certificate(app),))), "withdraw": withdraw}
    )
    assert results["withdraw"] is None, results
    assert results["answer"] is None or isinstance(results["answer"], Conflict), results
    with inside(app):
        assert get_declaration(key, actor=who("anna")).status == "withdrawn"
        closed = database.session().get_one(Question, question.id).status
        assert closed == ("answered" if results["answer"] is None else "withdrawn")


def test_two_clerks_answer_at_once(world: World, app: Flask) -> None:
    key = file_package(app)
    question = ask(app, key)
    results = together(
        app,
        {
            "anna": lambda: send(question, Answer("It is on the back.")),
            "piotr": lambda: send(question, Answer("It is below."), by="piotr"),
        },
    )
    assert sorted(one is None for one in results.values()) == [False, True], results
    (second,) = [one for one in results.values() if one is not None]
    assert isinstance(second, Conflict)
    assert "answered" in str(second.message)
    with inside(app):
        thread = question_finders.get_asked(key, 1, actor=who("anna")).question
        assert [one.side for one in thread.messages] == ["agency", "trader"]
        assert events(key).count("question.answered") == 1


def decide(key: uuid.UUID, by: str, agency: str, outcomes: dict[int, str], **fields: Any) -> None:
    """Claim and decide some goods items in the open transaction."""
    officer, review = who(by), review_of(key, agency)
    declaration = database.session().get_one(Declaration, key)
    items = [
        deciding.ItemDecision(number, outcome, conditions="Waits." if outcome == "held" else "")
        for number, outcome in outcomes.items()
    ]
    deciding.decide(
        review, version=declaration.version, digest=declaration.digest, items=items, by=officer, claim_minutes=30, **fields
    )  # fmt: skip


def test_once_goods_are_released_files_stay_with_the_answer(world: World, app: Flask) -> None:
    """A package of which some goods have gone no longer changes; the agency reads the file at the thread."""
    key = file_package(app)
    with inside(app):
        decide(key, "fyodar", PHYTO, {2: "approved"})
        decide(key, "maria", CUSTOMS, {1: "held", 2: "approved", 3: "held"}, payment="paid", payment_reference="PP 17")
        assert get_declaration(key, actor=who("anna")).status == "partly-released"
    question = ask(app, key)
    with inside(app):
        assert get_declaration(key, actor=who("anna")).status == "partly-released"
        with pytest.raises(Invalid) as told:
            send(question, Answer(changes=((f"{ITEM}/Commodity/Description", "Beef", None),)))
        assert [fault.code for fault in told.value.faults] == ["ANSWER-TOO-LATE-TO-CHANGE"]
    with inside(app):
        question = send(question, Answer("Here.", (certificate(app),)))
        assert (question.status, question.answer_version) == ("answered", None)
        assert get_declaration(key, actor=who("anna")).version == 1
        assert review_of(key).status == "queued"
        thread = question_finders.get_question(review_of(key).id, 1, actor=who("olga"))
        (file,) = thread.question.messages[-1].files
        assert question_finders.get_thread_file(thread, file.id).blob.sha256 == file.sha256


def test_an_answer_that_ends_the_agencys_part(world: World, app: Flask) -> None:
    """The goods turn out to be others, the veterinarians are asked no longer: the question is closed, the words are kept."""
    key = file_package(app)
    code = f"{ITEM}/Commodity/Classification[1]/ID"
    question = ask(app, key, path=code, wanted=(), none_wanted=True)
    with inside(app):
        question = send(question, Answer("They are bicycles.", changes=((code, "8712003000", None),)))
        assert question.status == "withdrawn"
        assert question.answer_version == 2
        assert get_declaration(key, actor=who("anna")).status == "under-review"
        query = sa.select(Review.agency).where(Review.declaration_id == key, Review._status != "superseded")
        assert VET not in database.session().scalars(query).all()
        assert "question.answered" in events(key)


def test_a_reader_of_the_house_reads_and_does_not_answer(world: World, app: Flask) -> None:
    key = file_package(app)
    question = ask(app, key)
    with inside(app):
        reader = replace(who("piotr"), roles=("trader-reader",), permissions=permissions_of(["trader-reader"]))
        thread = question_finders.get_asked(key, 1, actor=reader)
        assert policy.read_question(reader, thread)
        assert not policy.answer(reader, thread)
        with pytest.raises(NotAllowed):
            answering.answer(question, Answer("I read."), version=1, by=reader)


def test_a_broker_under_mandate_answers_what_the_broker_filed(world: World, app: Flask) -> None:
    packed = sample("beef_flowers_pet", on=MONDAY.date())
    with inside(app):
        bogdan = who("bogdan")
        for name, data in packed.files.items():
            assert bogdan.organisation_id is not None
            uploading.upload(owner_id=bogdan.organisation_id, data=data, file_name=name, by=bogdan)
        receipt = receiving.receive(packed.xml, body_name="package.xml", channel="xml", by=bogdan)
        assert receipt.declaration_id is not None, receipt.faults
        key = receipt.declaration_id
    question = ask(app, key)
    with inside(app):
        assert send(question, Answer("The trader says: on the back."), by="bogdan").status == "answered"


@pytest.mark.parametrize("item", [1, 2])
def test_a_change_of_ones_own_leaves_the_question_open(world: World, app: Flask, item: int) -> None:
    """The trader changes something else meanwhile: the question waits on, at the same review or at its successor."""
    key = file_package(app)
    question = ask(app, key)
    place = f"{ITEM.replace('[1]', f'[{item}]')}/Commodity/Description"
    with inside(app):
        anna = who("anna")
        declaration = get_declaration(key, actor=anna)
        tree = markup.read(get_version(declaration).canonical)
        editing.set_leaf(tree, place, "Other words for the same goods")
        amending.amend(declaration, tree, cause=amending.AMENDED, by=anna, expected_version=1)
        assert declaration.status == "awaiting-trader"
        review = review_of(key)
        assert (review.status, review.version) == ("question", 2)
        assert review.paused_at is not None
    with inside(app):
        question = send(question, Answer("It is on the back."), version=2)
        review = review_of(key)
        assert (question.review_id, review.status, review.paused_at) == (review.id, "queued", None)
        assert get_declaration(key, actor=who("anna")).status == "under-review"
