"""The desk's part of the scene in ``access``: a case in each state in which somebody can do something about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import joinedload

from app import clock
from app.clearance import revoking
from app.clearance.models import Clearance
from app.cli import founding
from app.database import session
from app.declarations import codec, editing
from app.declarations.models import Attachment, Declaration
from app.documents.models import Rendition
from app.identity.models import Membership, Organisation, Person
from app.intake import amendment_drafts, answering
from app.intake.answering import Answer
from app.ledger.models import Entry
from app.notifications import told
from app.notifications.models import Notice
from app.requirements import ruling
from app.reviews import (
    absences,
    asking,
    booking,
    claiming,
    deciding,
    desk_settings,
    finders,
    finding,
    inspecting,
    looking,
    noting,
    proposing,
    signing,
    slots,
)
from app.reviews.examining import ItemDecision
from app.reviews.filtering import Filter
from app.reviews.inspection_examining import Order
from app.reviews.models import Review
from app.reviews.question_examining import Asking
from app.reviews.thread_models import QuestionFile, QuestionMessage
from app.risk import proposing as indicators
from app.risk.proposing import Proposal
from tests.intake import amendments

VET, CUSTOMS = "BY-DVPN", "BY-GTK"
CERTIFICATE = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[2]"
DESCRIPTION = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/Commodity/Description"
YARD = "06611-2"
Filing = Callable[[], uuid.UUID]
"""Files one more package of Belmyaso's and returns its id."""


def add(ids: dict[str, dict[str, Any]], file: Filing, file_by_broker: Filing) -> None:
    """Make everything of the desk; ``ids`` gets it by the name of the URL's value and by variant."""
    _talked_about(ids["declaration_id"]["filed"])
    names = ("asked", "waiting", "agreed", "four-eyes", "proposed", "held", "decided", "changed", "amended")
    packages = {name: file() for name in names}
    packages["by broker"] = file_by_broker()
    ids["declaration_id"] |= {name: packages[name] for name in ("asked", "changed", "amended", "by broker")}
    ids["file_id"] = {"": _asked(packages["asked"])}
    _inspected(packages["waiting"], packages["agreed"], ids)
    for name in ("four-eyes", "proposed"):
        review_of(packages[name]).four_eyes = True
        session().flush()
    _claimed(packages["four-eyes"])
    ids["proposal_id"] = {"proposed": _proposed(packages["proposed"]), "held": _held(packages["held"])}
    decide(_claimed(packages["decided"]), "olga")
    _changed(packages["changed"])
    amendments.change(packages["amended"], (DESCRIPTION, "Flakes for dogs"))
    asking.ask(_claimed(packages["by broker"]), _question("Which seal is it?"), version=1, by=founding.actor("olga"))
    _photographed(ids["attachment_id"]["filed"])
    ids["review_id"] |= {name: review_of(key).id for name, key in packages.items()}
    ids["review_id"]["asked by vet"] = review_of(packages["asked"], CUSTOMS).id
    ids["ruling_id"] = {"": _ruled()}
    ids["version_id"] = {"": _indicated()}
    _habits(ids)


def _ruled() -> uuid.UUID:
    """An advance ruling that customs gave Belmyaso."""
    said = ruling.Typed(
        number="PR-112/26-0001", kind="classification", holder_unp="190142358", goods="Beef", goods_code="0201300000",
        reasons="Rule 1", valid_from="01.01.2026", valid_until="31.12.2029",
    )  # fmt: skip
    return ruling.enter(said, by=founding.actor("mikola")).id


def _indicated() -> uuid.UUID:
    """A risk indicator of the environment agency that names customs, waiting for its answer."""
    today = clock.today()
    said = Proposal(
        titles={"en": "Heavy plastic"}, reasons={"en": "More than a lorry carries"}, basis="our own figures", confidence="measured",
        condition={"fact": "item.net_kg", "op": "above", "value": 25000}, valid_from=today, valid_until=today, weight=20,
        prefixes=("3915",), agencies=("BY-GTK",),
    )  # fmt: skip
    return indicators.propose(said, by=founding.actor("nina")).id


def review_of(declaration_id: uuid.UUID, agency: str = VET) -> Review:
    """The review of an agency that counts now."""
    query = sa.select(Review).where(
        Review.declaration_id == declaration_id, Review.agency == agency, Review._status != "superseded"
    )
    query = query.options(joinedload(Review.declaration))
    return session().scalars(query).one()


def decide(review: Review, officer: str) -> None:
    """Approve every goods item of a case that the officer has claimed."""
    paid = {"payment": "paid", "payment_reference": "PP-1"} if review.releases else {}
    deciding.decide(review, **_approval(review), **paid, by=founding.actor(officer))


def ask_revocation(clearance: Clearance) -> None:
    """One supervisor of customs asks; another may confirm."""
    revoking.ask_revocation(clearance, reason="The seal number is wrong", by=founding.actor("ihar"))


def notice(to: str) -> Notice:
    """Something that somebody was told, and has not read."""
    person = session().scalars(sa.select(Person).where(Person.email.startswith(f"{to}@"))).one()
    entry = session().scalars(sa.select(Entry.position).order_by(Entry.position.desc()).limit(1)).one()
    made = Notice(
        person_id=person.id, entry_position=entry, organisation_id=founding.actor(to).organisation_id,
        event="question.asked", side="trader", at=clock.now(), path="/packages", facts={"number": "1"}, shown=True,
        mail="none",
    )  # fmt: skip
    session().add(made)
    session().flush()
    return made


def question_form() -> dict[str, Any]:
    """A question that can be sent."""
    return {
        "version": "1", "claim": "yes", "path": CERTIFICATE, "sign": "UNCLEAR", "text": "Which seal is it?",
        "wanted": "01201", "deadline": _due().isoformat(), "closed": "yes", "on_silence": "on-file", "nevertheless": "yes",
    }  # fmt: skip


def order_form() -> dict[str, Any]:
    """An order of an inspection that can be given."""
    return {"version": "1", "kind": "documents", "items": "1", "claim": "yes", "instructions": "Compare the seals"}


def slot_form() -> dict[str, Any]:
    """Another slot that is free."""
    place = _yard()
    return {"place": place.code, "slot": booking.next_free(place, 4)[3].key}


def finding_form() -> dict[str, Any]:
    """A finding that can be recorded: an unfavourable one needs no answer of a laboratory."""
    return {
        "outcome": "unfavourable", "against": "1", "findings": "Boxes at +9", "act_type": "09028", "act_number": "V-1",
        "act_on": f"{clock.today():%Y-%m-%d}",
    }  # fmt: skip


def sample_form() -> dict[str, Any]:
    """A sample that can be written down."""
    return {
        "sample_number": "P-2", "sample_item": "1", "laboratory": "BELGOSVETCENTR",
        "expected_on": f"{clock.today() + timedelta(days=3):%Y-%m-%d}",
    }  # fmt: skip


def absence_form() -> dict[str, Any]:
    """An absence that can be entered."""
    day = f"{clock.today() + timedelta(days=50):%Y-%m-%d}"
    return {"officer": membership("vasil", VET), "from_on": day, "until_on": day}


def change_form(declaration_id: uuid.UUID) -> dict[str, Any]:
    """What the page of a change sends: the version and the bytes that were shown."""
    changed = session().get_one(Declaration, declaration_id)
    return {"version": str(changed.version), "digest": codec.digest(changed.draft_xml or b"")}


def choices_form() -> dict[str, Any]:
    """No letter for anything."""
    return {f"mail-{row.event}": "none" for row in told.ROWS}


def membership(name: str, agency: str) -> str:
    """The membership of an officer, as forms send it."""
    query = (
        sa.select(Membership.id)
        .join(Membership.person)
        .join(Membership.organisation)
        .where(Person.email.startswith(f"{name}@"), Organisation.agency == agency)
    )
    return str(session().scalars(query).one())


def talk(declaration_id: uuid.UUID) -> None:
    """One more of everything that is said about a package: a question with an answer and a file, notes, an inspection."""
    olga = founding.actor("olga")
    question = asking.ask(_claimed(declaration_id), _question("Which seal is it?"), version=1, by=olga)
    answering.answer(question, Answer("The seal is 0815."), version=1, by=founding.actor("anna"))
    _with_file(declaration_id, question.id)
    for agency, name in ((VET, "vasil"), (CUSTOMS, "maria")):
        noting.write(
            review_of(declaration_id, agency), audience="case", text="A word",
            mentions=[founding.actor("oleg").person_id], by=founding.actor(name),  # type: ignore[list-item]
        )  # fmt: skip
    inspection = inspecting.order(
        _claimed(declaration_id), order=Order("documents", (1,), (CUSTOMS,)), version=1, by=olga
    )
    inspecting.call(inspection, service="canine", reason="A double floor", by=olga)
    inspecting.cancel(inspection, reason="The goods are elsewhere", by=olga)


# --- parts ---------------------------------------------------------------------------------------------------------


def _talked_about(declaration_id: uuid.UUID) -> None:
    """Notes of two agencies, for each audience, and an officer who has the case on the screen."""
    for agency, name in ((VET, "vasil"), (CUSTOMS, "maria")):
        for audience in ("agency", "case"):
            noting.write(review_of(declaration_id, agency), audience=audience, text="A word", by=founding.actor(name))
    looking.look(review_of(declaration_id), by=founding.actor("vasil"))


def _asked(declaration_id: uuid.UUID) -> uuid.UUID:
    """Question 1 is answered with a file, question 2 waits. Returns the id of the file."""
    anna, olga = founding.actor("anna"), founding.actor("olga")
    first = asking.ask(_claimed(declaration_id), _question("Which seal is it?"), version=1, by=olga)
    answering.answer(first, Answer("The seal is 0815."), version=1, by=anna)
    file = _with_file(declaration_id, first.id)
    asking.ask(_claimed(declaration_id), _question("And which number?"), version=1, by=olga)
    return file


def _with_file(declaration_id: uuid.UUID, question_id: uuid.UUID) -> uuid.UUID:
    """Let a file of the package stand at the answer too. Returns the id of the file of the thread."""
    one = session().scalars(sa.select(Attachment).where(Attachment.declaration_id == declaration_id)).first()
    of_trader = sa.select(QuestionMessage.id).where(
        QuestionMessage.question_id == question_id, QuestionMessage.side == "trader"
    )
    assert one is not None
    made = QuestionFile(
        message_id=session().scalars(of_trader).one(), document_id=one.document_id, sha256=one.sha256,
        file_name=one.file_name,
    )  # fmt: skip
    session().add(made)
    session().flush()
    return made.id


def _changed(declaration_id: uuid.UUID) -> None:
    """A change of the description of item 3 is written and not sent."""
    declaration = session().get_one(Declaration, declaration_id)
    tree = amendments.tree_of(declaration_id)
    editing.set_leaf(tree, DESCRIPTION, "Flakes for cats")
    amendment_drafts.bring(declaration, etree.tostring(tree), by=founding.actor("anna"))


def _photographed(attachment_id: uuid.UUID) -> None:
    """Page 1 of a file is there as a picture; which picture does not matter here."""
    sha256 = session().get_one(Attachment, attachment_id).sha256
    for page in (0, 1):
        picture = sha256 if page else None
        session().add(
            Rendition(sha256=sha256, page=page, pages=1, state="drawn", picture_sha256=picture, asked_at=clock.now())
        )
    session().flush()


def _question(text: str) -> Asking:
    return Asking(CERTIFICATE, "UNCLEAR", text, ("01201",), _due(), "on-file", nevertheless=True, closed=True)


def _due() -> Any:
    return clock.now().replace(microsecond=0) + timedelta(days=3)


def _inspected(asked: uuid.UUID, over: uuid.UUID, ids: dict[str, dict[str, Any]]) -> None:
    """One that waits for customs' answer, and one whose slot is over, with a sample of the veterinarians'."""
    olga, maria = founding.actor("olga"), founding.actor("maria")
    waiting = inspecting.order(_claimed(asked), order=_order(0, CUSTOMS), version=1, by=olga)
    agreed = inspecting.order(_claimed(over), order=_order(1, CUSTOMS), version=1, by=olga)
    inspecting.accept(agreed, by=maria)
    assert agreed.slot_from is not None
    assert agreed.slot_to is not None
    begun = clock.now() - timedelta(hours=5)
    agreed.slot_from, agreed.slot_to = begun, begun + (agreed.slot_to - agreed.slot_from)
    session().flush()
    sample = finding.take_sample(
        agreed,
        number="P-1",
        item=1,
        laboratory="BELGOSVETCENTR",
        expected_on=clock.today() + timedelta(days=2),
        by=olga,
    )
    inspecting.call(agreed, service="canine", reason="A double floor", by=maria)
    ids["inspection_id"] = {"waiting": waiting.id, "agreed": agreed.id}
    ids["sample_id"] = {"": sample.id}


def _order(skip: int, *agencies: str) -> Order:
    start = booking.next_free(_yard(), skip + 1)[skip].from_at
    return Order("sampling", (1,), agencies, "Count the boxes", YARD, start)


def _yard() -> slots.Place:
    found = slots.find_place(YARD)
    assert found is not None
    return found


def _claimed(declaration_id: uuid.UUID, officer: str = "olga") -> Review:
    by = founding.actor(officer)
    return claiming.claim(finders.get_review(review_of(declaration_id, by.agency).id, actor=by), by=by)


def _approval(review: Review) -> dict[str, Any]:
    items = [ItemDecision(number, "approved") for number in review.items]
    return {"version": review.version, "digest": review.declaration.digest, "items": items}


def _proposed(declaration_id: uuid.UUID) -> uuid.UUID:
    review = _claimed(declaration_id)
    return proposing.propose(review, **_approval(review), by=founding.actor("olga")).id


def _held(declaration_id: uuid.UUID) -> uuid.UUID:
    review = _claimed(declaration_id)
    return signing.hold(review, **_approval(review), by=founding.actor("olga")).id


def _habits(ids: dict[str, dict[str, Any]]) -> None:
    olga, oleg = founding.actor("olga"), founding.actor("oleg")
    own = desk_settings.save_filter("Beef", Filter(code="02"), shared=False, by=olga)
    shared = desk_settings.save_filter("Late", Filter(due="late"), shared=True, by=olga)
    key = uuid.UUID(membership("vasil", VET))
    officer = session().get_one(Membership, key, options=[joinedload(Membership.person)])
    away = clock.today() + timedelta(days=40)
    absence = absences.enter(absences.Leave(officer, away, away), by=oleg)
    ids["filter_id"] = {"own": own.id, "shared": shared.id}
    ids["absence_id"] = {"": absence.id}
