"""A filed package is changed: what stays, what is looked at again, and what nobody may change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from lxml import etree

from app import clock
from app.cli import founding
from app.cli.packing import stand_in
from app.database import Database, new_id, session, transaction
from app.declarations import editing, finders
from app.declarations.models import Attachment, Line
from app.declarations.pointers import pointer
from app.documents import uploading
from app.errors import Conflict, Invalid, NotAllowed, Stale
from app.intake import amending, withdrawing
from app.reviews import claiming, finding, inspecting, judging, signing
from app.reviews import finders as reviews
from app.reviews.examining import ItemDecision
from app.reviews.inspection_examining import Found, Order
from app.reviews.lifecycle import PROPOSAL, QUESTION, REVIEW
from app.reviews.models import Proposal, Review
from app.reviews.thread_models import Question
from tests.bench.stages import Statements
from tests.factories.world import World
from tests.intake.amendments import (
    CUSTOMS,
    GOODS,
    NATURE,
    OFFICERS,
    PHYTO,
    VET,
    change,
    events,
    file,
    get,
    review,
    sign,
    tree_of,
)  # fmt: skip

FLAKES = f"{GOODS}[3]/Commodity/Description"
NEW_WORDS = (FLAKES, "Шматкі ПЭТ мытыя, празрыстыя, на перапрацоўку")
TERMS = ("/Declaration/GoodsShipment/TradeTerms/LocationName", "Minsk-2")


def codes(told: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [fault.code for fault in told.value.faults]


def test_untouched_approvals_stay_and_the_rest_is_looked_at_again(world: World, database: Database) -> None:
    """Flakes are described anew: nature and customs look again, the veterinarian's approval is carried."""
    with transaction(database):
        key = file()
        signed = sign(key, VET)
        claiming.claim(review(key, PHYTO), by=founding.actor("fyodar"))
        claiming.claim(review(key, NATURE), by=founding.actor("nina"))
        before = {one.agency: one for one in reviews.list_reviews(key)}
    with transaction(database):
        version = change(key, NEW_WORDS)
        assert (version.number, version.cause) == (2, "amended")
    with transaction(database, writing=False):
        declaration = get(key)
        assert (declaration.version, declaration.status, declaration.digest) == (2, "under-review", version.digest)
        vet, phyto, nature, customs = (review(key, one) for one in (VET, PHYTO, NATURE, CUSTOMS))
        assert (vet.id, vet.status, vet.version, vet.version_id) == (before[VET].id, "decided", 2, version.id)
        assert [one.id for one in vet.decisions] == [signed.id]
        assert (phyto.id, phyto.status, phyto.claimed_until) == (
            before[PHYTO].id, "claimed", before[PHYTO].claimed_until,
        )  # fmt: skip
        assert nature.id != before[NATURE].id
        assert (nature.status, nature.version, nature.assignee_name) == ("queued", 2, "Ніна Прыродная")
        assert nature.claimed_until is None
        assert customs.id != before[CUSTOMS].id
        assert (customs.due_at, customs.clock["started_at"]) == (
            before[CUSTOMS].due_at, before[CUSTOMS].clock["started_at"],
        )  # fmt: skip
        assert session().get_one(Review, before[NATURE].id).status == "superseded"
        (amended,) = events(key, "declaration.amended")
        assert amended.payload == {
            "version": 2, "digest": version.digest, "edition": version.edition, "cause": "amended",
            "carried": [VET, PHYTO], "reopened": [NATURE, CUSTOMS], "closed": [],
        }  # fmt: skip
        carried = {one.payload["agency"]: one.payload for one in events(key, "review.carried")}
        assert set(carried) == {VET, PHYTO}
        assert (carried[VET]["from_version"], carried[VET]["version"]) == (1, 2)
        assert carried[VET]["facts_digest"] == vet.facts_digest
        assert [one.payload["agency"] for one in events(key, "review.superseded")] == [NATURE, CUSTOMS]


def test_the_versions_before_stay_as_they_were(world: World, database: Database) -> None:
    with transaction(database):
        key = file()
        first = finders.get_version(get(key), 1)
        bytes_of_first, digest = first.canonical, first.digest
    with transaction(database):
        change(key, NEW_WORDS)
    with transaction(database, writing=False):
        kept = finders.get_version(get(key), 1)
        assert (kept.canonical, kept.digest, kept.cause) == (bytes_of_first, digest, "filed")
        assert NEW_WORDS[1].encode() in finders.get_version(get(key)).canonical
        counted = sa.select(sa.func.count()).select_from(Line).where(Line.declaration_id == key)
        assert session().scalar(counted) == 6


def test_customs_may_release_on_a_carried_approval(world: World, app: Flask, database: Database) -> None:
    with transaction(database):
        key = file()
        for agency in (VET, PHYTO, NATURE):
            sign(key, agency)
    with transaction(database):
        change(key, TERMS)
    with app.app_context(), transaction(database):
        assert [one.agency for one in reviews.list_reviews(key) if one.open] == [CUSTOMS]
        sign(key, CUSTOMS, payment="paid", payment_reference="KZ-1")
    with transaction(database, writing=False):
        assert get(key).status == "released"


def without_roses(tree: etree._Element) -> None:
    """Take item 2 out, with the sums it stood in."""
    editing.remove_item(tree, 2)
    for path, value in (
        ("GoodsItemQuantity", "2"), ("InvoiceAmount", "44700.00"), ("TotalGrossMassMeasure", "13300"),
        ("TotalPackageQuantity", "410"),
    ):  # fmt: skip
        editing.set_leaf(tree, f"/Declaration/{path}", value)


def test_an_agency_no_longer_asked_is_closed_and_a_new_one_is_asked(world: World, database: Database) -> None:
    """The roses leave the package (nobody has judged them): the plant inspection is not asked any more."""
    with transaction(database):
        key = file()

    with transaction(database):
        change(key, edit=without_roses)
    with transaction(database, writing=False):
        (amended,) = events(key, "declaration.amended")
        assert amended.payload["closed"] == [PHYTO]
        assert PHYTO not in {one.agency for one in reviews.list_reviews(key)}
        nature = review(key, NATURE)
        assert (nature.items, nature.version) == ([2], 2)
        dropped = session().scalars(sa.select(Attachment).where(Attachment.dropped_in == 2)).all()
        assert {one.type_code for one in dropped} >= {"01207"}
        assert {one.item for one in finders.list_attachments(key)} <= {None, 1, 2}

    roses = tree_of_first(database, key)
    with transaction(database):
        declaration = get(key)
        amending.amend(declaration, roses, cause="amended", by=founding.actor("anna"), expected_version=2)
    with transaction(database, writing=False):
        assert PHYTO in events(key, "declaration.amended")[1].payload["reopened"]
        assert review(key, PHYTO).version == 3


def tree_of_first(database, key):
    with transaction(database, writing=False):
        return tree_of(key, 1)


def test_it_is_judged_as_of_the_day_of_registration(world: World, database: Database) -> None:
    """A certificate that has run out since the package was registered is no fault of a change of something else."""
    with transaction(database):
        key = file()
    with time_machine.travel(clock.now() + timedelta(days=30), tick=True), transaction(database):
        assert change(key, TERMS).number == 2
        assert (
            finders.get_version(get(key)).outcome["on"]
            == get(key).registered_at.astimezone(clock.MINSK).date().isoformat()
        )


@pytest.mark.parametrize(
    ("leaf", "value", "code"),
    [
        ("/Declaration/FunctionalReferenceID", "ANOTHER-1", "AMEND-OTHER-LRN"),
        ("/Declaration/DeclarationOfficeID", "09101", "AMEND-OTHER-OFFICE"),
        ("/Declaration/TypeCode", "EX", "AMEND-OTHER-DIRECTION"),
        ("/Declaration/GoodsShipment/Importer/ID", "192381579", "AMEND-OTHER-OWNER"),
    ],
)
def test_another_package_is_no_change_of_this_one(world: World, database: Database, leaf, value, code) -> None:
    with transaction(database):
        key = file()
    with pytest.raises(Invalid) as told, transaction(database):
        change(key, (leaf, value))
    assert code in codes(told)
    assert all(fault.message[lang] and fault.remedy[lang] for fault in told.value.faults for lang in ("be", "ru", "en"))
    assert {fault.code for fault in told.value.faults} <= {
        "AMEND-OTHER-LRN", "AMEND-OTHER-OFFICE", "AMEND-OTHER-DIRECTION", "AMEND-OTHER-OWNER",
    }  # fmt: skip


def test_a_change_of_nothing_is_told(world: World, database: Database) -> None:
    with transaction(database):
        key = file()
    with pytest.raises(Invalid) as told, transaction(database):
        change(key)
    assert codes(told) == ["AMEND-NOTHING"]
    with transaction(database, writing=False):
        assert get(key).version == 1


def test_what_an_agency_has_decided_cannot_leave(world: World, database: Database) -> None:
    with transaction(database):
        key = file()
        sign(key, VET)
        roses = finders.get_version(get(key))
    with pytest.raises(Invalid) as told, transaction(database):
        change(key, edit=lambda tree: editing.remove_item(tree, 1))
    (judged,) = [fault for fault in told.value.faults if fault.code == "AMEND-ITEM-JUDGED"]
    assert judged.path == f"{GOODS}[1]"
    assert judged.pointer == "42A/67A/68A[1]"
    assert all("1" in judged.message[language] for language in ("be", "ru", "en"))
    with transaction(database, writing=False):
        assert finders.get_version(get(key)).digest == roses.digest
        assert review(key, VET).status == "decided"


def test_a_refusal_cannot_be_escaped_in_two_steps(world: World, database: Database) -> None:
    """The item is described anew first, so that its review is open again: its goods have been judged all the same."""
    with transaction(database):
        key = file()
        sign(key, VET)
    with transaction(database):
        change(key, (f"{GOODS}[1]/Commodity/Description", "Ялавічына астуджаная без касцей"))
        assert review(key, VET).open
    with pytest.raises(Invalid) as told, transaction(database):
        change(key, edit=lambda tree: editing.remove_item(tree, 1))
    assert "AMEND-ITEM-JUDGED" in codes(told)


def swapped(one: int, other: int) -> Callable[[etree._Element], None]:
    """Let two goods items change places, and nothing else."""

    def edit(tree: etree._Element) -> None:
        items = tree.findall(".//{*}GovernmentAgencyGoodsItem")
        first, second = items[one - 1], items[other - 1]
        parent, at, to = first.getparent(), first.getparent().index(first), first.getparent().index(second)
        numbers = [item.find("{*}SequenceNumeric") for item in (first, second)]
        numbers[0].text, numbers[1].text = numbers[1].text, numbers[0].text
        parent.insert(at, second)
        parent.insert(to, first)

    return edit


@pytest.mark.parametrize("found", [False, True])
def test_what_is_inspected_keeps_its_number(world: World, database: Database, found: bool) -> None:
    """A finding speaks against a number of the package: under another one, other goods would bear it."""
    with transaction(database):
        key = file()
        order = Order("documents", (1,))
        looked = inspecting.order(review(key, VET), order=order, version=1, by=founding.actor("olga"), claim_minutes=5)
        if found:
            finding.record(
                looked, said=Found("unfavourable", "Other marks on the boxes", (1,)), by=founding.actor("olga")
            )
    with pytest.raises(Invalid) as told, transaction(database):
        change(key, edit=swapped(1, 2))
    assert "AMEND-ITEM-JUDGED" in codes(told)
    with transaction(database):
        change(key, edit=swapped(2, 3))


def test_a_cancelled_inspection_binds_nothing(world: World, database: Database) -> None:
    with transaction(database):
        key, olga = file(), founding.actor("olga")
        looked = inspecting.order(review(key, VET), order=Order("documents", (1,)), version=1, by=olga, claim_minutes=5)
        inspecting.cancel(looked, reason="Ordered by mistake", by=olga)
    with transaction(database):
        change(key, edit=swapped(1, 2))


def test_a_question_follows_its_goods_item(world: World, database: Database) -> None:
    """Items 2 and 3 change places: the answer must reach the goods that were asked about."""
    with transaction(database):
        key = file()
        question = _ask(key, NATURE)
        question.item, question.path = 3, f"{GOODS}[3]/AdditionalDocument[1]"
        question.pointer = pointer(question.path)
    with transaction(database):
        change(key, edit=swapped(2, 3))
    with transaction(database, writing=False):
        moved = session().get_one(Question, question.id)
        assert (moved.item, moved.path) == (2, f"{GOODS}[2]/AdditionalDocument[1]")
        assert moved.pointer == "42A/67A/68A[2]/02A"


def test_a_question_about_goods_that_are_gone_ends(world: World, database: Database) -> None:
    """Nobody need answer about roses that stay at home, and no answer reaches the goods that took their number."""
    with transaction(database):
        key = file()
        question = _ask(key, NATURE)
        question.item, question.path = 2, f"{GOODS}[2]/Commodity"
        question.pointer = pointer(question.path)
    with transaction(database):
        change(key, edit=without_roses)
    with transaction(database, writing=False):
        ended = session().get_one(Question, question.id)
        assert (ended.status, ended.item) == ("withdrawn", 2)
        assert get(key).status == "under-review"
        waiting = [one for one in reviews.list_reviews(key) if one.agency == NATURE]
        assert all(one.status == "queued" and one.paused_at is None for one in waiting)
        assert len(events(key, "question.withdrawn")) == 1


def test_somebody_else_made_a_newer_version(world: World, database: Database) -> None:
    with transaction(database):
        key = file()
        change(key, TERMS)
    with pytest.raises(Stale) as told, transaction(database):
        change(key, NEW_WORDS, expected=1)
    assert told.value.facts == {"version": 2, "seen": 1}
    with transaction(database, writing=False):
        assert get(key).version == 2


def test_a_closed_package_is_changed_no_more(world: World, database: Database) -> None:
    with transaction(database):
        key = file()
        withdrawing.withdraw(get(key), reason="wrong", by=founding.actor("anna"))
    with pytest.raises(Conflict) as told, transaction(database):
        change(key, TERMS)
    assert told.value.facts["code"] == "AMEND-CLOSED"


def test_who_may_change_a_package(world: World, database: Database) -> None:
    """Its owner and the broker under a mandate may, whoever filed it; an officer may not."""
    with transaction(database):
        key = file()
        tree = tree_of(key)
        editing.set_leaf(tree, *TERMS)
        declaration = get(key)
    with pytest.raises(NotAllowed), transaction(database):
        amending.amend(declaration, tree, cause="amended", by=founding.actor("olga"), expected_version=1)
    with pytest.raises(NotAllowed), transaction(database):
        amending.amend(declaration, tree, cause="amended", by=founding.actor("vera"), expected_version=1)


def test_the_owner_changes_what_the_broker_filed(world: World, database: Database) -> None:
    """The papers stand in the broker's library: they stand behind the package whoever changes it."""
    with transaction(database):
        key = file(who="bogdan")
        papers = len(finders.list_attachments(key))
    with transaction(database):
        assert change(key, TERMS, who="anna").number == 2
        assert change(key, (TERMS[0], "Minsk-3"), who="bogdan").number == 3
    with transaction(database, writing=False):
        assert len(finders.list_attachments(key)) == papers
        assert session().scalars(sa.select(Attachment).where(Attachment.dropped_in.is_not(None))).all() == []


def test_a_better_certificate_takes_the_place_of_the_first(world: World, database: Database) -> None:
    """The new file stands behind the document; the old one is still there for version 1."""
    with transaction(database):
        key = file()
        paper = next(one for one in finders.list_attachments(key) if one.type_code == "01201")
        by = founding.actor("anna")
        better = uploading.upload(
            owner_id=by.organisation_id, data=stand_in("01201", "better"), file_name="better.pdf", by=by
        )
    base = f"{GOODS}[1]/AdditionalDocument[2]/Attachment"
    with transaction(database):
        change(key, (f"{base}/FileName", "better.pdf"), (f"{base}/SHA256", better.sha256))
    with transaction(database, writing=False):
        now = [one for one in finders.list_attachments(key) if one.type_code == "01201"]
        assert [one.sha256 for one in now] == [better.sha256]
        old = next(one for one in finders.list_attachments(key, dropped=True) if one.id == paper.id)
        assert old.dropped_in == 2
        assert review(key, VET).version == 2
        assert {one.payload["agency"] for one in events(key, "review.carried")} == {PHYTO, NATURE}


def _ask(key, agency: str) -> Question:
    """A question in the open transaction, by the rows alone."""
    found = review(key, agency)
    now = clock.now()
    who = founding.actor({VET: "olga", NATURE: "nina"}[agency])
    found = claiming.claim(found, by=who)
    REVIEW.move(found, "ask", by=who, agency=agency, declaration=str(key), question="1", effect="pause", due_at="")
    claiming.let_go(found)
    found.paused_at = now
    question = Question(
        id=new_id(), declaration_id=key, review_id=found.id, agency=agency, number=1, item=None, pointer="42A",
        path="/Declaration", sign_code="OTHER", sign_text="?", wanted=[], version=1, asked_at=now,
        asked_by_id=who.person_id, asked_by_name=who.name, due_at=now + timedelta(hours=4),
        warn_at=now + timedelta(hours=3), effect="pause",
        on_silence="on-file",
    )  # fmt: skip
    QUESTION.begin(question)
    session().add(question)
    session().flush()
    get(key)._status = "awaiting-trader"
    session().flush()
    return question


def test_an_open_question_goes_with_its_case(world: World, database: Database) -> None:
    with transaction(database):
        key = file()
        question = _ask(key, NATURE)
        before = review(key, NATURE)
    with transaction(database):
        change(key, NEW_WORDS)
    with transaction(database, writing=False):
        after = review(key, NATURE)
        assert after.id != before.id
        assert (after.status, after.paused_at, after.due_at) == ("question", before.paused_at, before.due_at)
        moved = session().get_one(Question, question.id)
        assert (moved.review_id, moved.status) == (after.id, "open")
        assert get(key).status == "awaiting-trader"


def test_a_question_of_a_carried_review_waits_on(world: World, database: Database) -> None:
    with transaction(database):
        key = file()
        question = _ask(key, VET)
        before = review(key, VET)
    with transaction(database):
        change(key, NEW_WORDS)
    with transaction(database, writing=False):
        after = review(key, VET)
        assert (after.id, after.status, after.version) == (before.id, "question", 2)
        assert session().get_one(Question, question.id).review_id == after.id


def test_nobody_signs_what_was_proposed_about_another_version(world: World, database: Database) -> None:
    with transaction(database):
        key = file()
        found = claiming.claim(review(key, VET), by=founding.actor("olga"))
        found._status = "proposed"
        proposal = Proposal(
            id=new_id(), review_id=found.id, declaration_id=key, kind="countersign", version=1, digest=get(key).digest,
            items=[], proposed_at=clock.now(), person_id=founding.actor("olga").person_id, person_name="Olga",
        )  # fmt: skip
        PROPOSAL.begin(proposal)
        session().add(proposal)
        session().flush()
    with transaction(database):
        change(key, NEW_WORDS)
    with transaction(database, writing=False):
        assert session().get_one(Proposal, proposal.id).status == "void"
        assert (review(key, VET).status, review(key, VET).version) == ("queued", 2)


@pytest.mark.parametrize("agency", [VET, NATURE])
def test_a_decision_about_to_be_signed_fails_and_is_told(world: World, database: Database, agency: str) -> None:
    """The officer has gone on to the next case and takes it for signed: carried or opened again, they must hear of it."""
    with transaction(database):
        key, by = file(), founding.actor(OFFICERS[agency])
        case = claiming.claim(review(key, agency), by=by)
        case.four_eyes = False
        items = [ItemDecision(number, "approved") for number in case.items]
        held = signing.hold(case, version=1, digest=get(key).digest, items=items, by=by)
    with transaction(database):
        change(key, NEW_WORDS)
    with transaction(database, writing=False):
        now = session().get_one(Proposal, held.id)
        assert (now.status, now.reason) == ("failed", "version")
        (entry,) = events(key, "proposal.failed")
        assert (entry.payload["because"], entry.subject_id) == ("version", held.id)
        (told,) = judging.told(by)
        assert told.review_id == review(key, agency).id
        assert str(told.why)


MOST_OF_A_CHANGE = 27
"""Statements of one change: what it is judged by, a row in each table, the reviews and what hangs on them; for risk the
stamps, the seed of the day and the assessment."""


def test_a_change_costs_the_same_however_much_changes(world: World, database: Database) -> None:
    spent = []
    for numbers in ((1,), (1, 2, 3)):
        with transaction(database):
            key = file(lrn=f"COST-{len(numbers)}")
            by, declaration, tree = founding.actor("anna"), get(key), tree_of(key)
        for number in numbers:
            path = f"{GOODS}[{number}]/Commodity/Description"
            editing.set_leaf(tree, path, f"{editing.get_leaf(tree, path)}, чыстыя")
        with transaction(database), Statements() as statements:
            amending.amend(declaration, tree, cause="amended", by=by, expected_version=1)
        spent.append(statements.sent)
    assert all(len(sent) <= MOST_OF_A_CHANGE for sent in spent), "\n".join(spent[0])
    # More reviews that are opened again are one row more of the same statement.
    assert len(spent[1]) <= len(spent[0])
