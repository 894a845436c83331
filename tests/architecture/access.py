"""Who tries what in test_access: everybody with a browser or a key, and one thing of each kind to try it on.

The things belong to Belmyaso. A broker whose mandate has ended filed most of them, so that "after its end" is a column.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import joinedload

from app import clock
from app.access import SYSTEM, Actor
from app.clearance import issuing, publishing
from app.cli import founding
from app.cli.country import DOMAIN
from app.cli.packing import sample
from app.database import Database, session, transaction
from app.declarations import drafting
from app.declarations.models import Attachment
from app.documents import uploading
from app.documents.models import Document
from app.identity import accounts, mandates
from app.identity.factor_models import Factor
from app.identity.models import Membership, Organisation, Person, SignInSession
from app.intake import opening, receiving
from app.intake.models import Receipt
from app.ledger import reading, sealing
from app.ledger.models import Entry
from app.privacy.models import Erasure, PersonExport
from app.reviews import claiming, finders
from app.reviews.models import Review
from tests.architecture import advance_scene, machines, risk_scene, traders_scene
from tests.architecture import scene as desk
from tests.architecture.machines import Sent
from tests.factories.world import PASSWORD, code_of

PEOPLE = {
    "owner": "anna", "clerk": "piotr", "reader": "rita", "other-trader": "vera", "broker": "bogdan",
    "former-broker": "felix", "customs": "maria", "customs-chief": "mikola", "vet": "olga", "vet-chief": "oleg",
    "vet-second": "vasil", "vet-kin": "kira", "vet-elsewhere": "elena", "plants": "fyodar", "nature": "nina", "hygiene": "hanna",
    "transport": "taras", "carrier": "stas", "warehouse": "zoya", "administrator": "admin", "auditor": "audit",
}  # fmt: skip
"""Column: who sits there. ``vet-kin`` also works for Belmyaso; ``vet-elsewhere`` serves another customs office."""

ROLES = ("anonymous", *PEOPLE, *machines.KEYS)
OFFICERS = {
    "BY-GTK": "maria", "BY-DVPN": "olga", "BY-GGISKZR": "fyodar", "BY-MPR": "nina", "BY-RCHEPH": "hanna", "BY-TI": "taras",
}  # fmt: skip
NOTHING = "00000000-0000-7000-8000-000000000000"


@dataclass
class Scene:
    """What was made: ids by name of the URL's value and of the variant, and the secrets of the keys."""

    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    decision: dict[str, dict[str, str]] = field(default_factory=dict)
    colleague: dict[str, str] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: dict[str, Callable[[str], Sent | dict[str, Any]]] = field(default_factory=dict)


def prepare(app: Flask) -> tuple[Scene, dict[str, str]]:
    """Make the scene through the activities, committed, and the cookie of every column."""
    scene, database = Scene(), app.extensions["akno.database"]
    with app.app_context():
        with transaction(database):
            _people()
        with transaction(database):
            _packages(scene)
        with transaction(database):
            _claim(scene)
            _end_mandate()
            _accounts(scene)
        with transaction(database):
            _proofs(scene)
        with transaction(database):
            # Until the log is signed a proof is "not yet", whoever asks.
            app.extensions.pop(sealing.GUARDED, None)  # copies of other tests lie outside
            reading.take_turn(sealing.READER)
            while sealing.seal(limit=1000):
                pass
            assert sealing.sign(pause=timedelta(0)) is not None
    return scene, _cookies(app, scene, database)


def _proofs(scene: Scene) -> None:
    """An entry of the ledger; what Anna asked a copy of; an erasure that waits for another administrator; Olga's code app."""
    anna, olga = founding.actor("anna"), founding.actor("olga")
    entry = sa.select(Entry.position).where(Entry.event == "declaration.submitted").limit(1)
    factor = sa.select(Factor.id).where(Factor.person_id == olga.person_id)
    now = clock.now()
    copy = PersonExport(
        person_id=anna.person_id, asked_at=now, made_at=now, expires_at=now + timedelta(days=1), content=b"PK"
    )
    # Asked for by somebody who is not the one in the column.
    erasure = Erasure(
        person_id=_member("rita").person_id,
        asked_by_id=anna.person_id,
        asked_at=now,
        reason="She left the house for good.",
    )
    session().add_all([copy, erasure])
    publishing.publish()
    session().flush()
    scene.ids |= {
        "position": {"": session().scalars(entry).one()},
        "factor_id": {"": session().scalars(factor).one()},
        "export_id": {"": copy.id},
        "erasure_id": {"": erasure.id},
    }


def _house(unp_or_agency: str) -> Organisation:
    named = sa.or_(Organisation.unp == unp_or_agency, Organisation.agency == unp_or_agency)
    return session().scalars(sa.select(Organisation).where(named)).one()


def _people() -> None:
    belmyaso, vets = _house("190142358"), _house("BY-DVPN")
    formers = accounts.register_organisation(kind="broker", name="Former Broker", unp="100000007", by=SYSTEM)
    since = clock.today() - timedelta(days=9)

    def settle(name: str, *places: tuple[Organisation, str, str]) -> None:
        who = accounts.create_person(
            email=f"{name}@{DOMAIN}", full_name=name.title(), language="en", password=PASSWORD, by=SYSTEM
        )
        for house, role, office in places:
            accounts.add_membership(who, house, roles=(role,), office_code=office, valid_from=since, by=SYSTEM)
        if any(house.kind in founding.OFFICIAL for house, _role, _office in places):
            founding.equip(who)

    settle("rita", (belmyaso, "trader-reader", ""))
    settle("felix", (formers, "broker", ""))
    settle("elena", (vets, "officer", "99999"))
    settle("kira", (vets, "officer", ""))
    trust = mandates.offer(
        belmyaso, formers, scope=["import", "export"], valid_from=since, valid_to=None, by=founding.actor("anna")
    )
    mandates.accept(trust, by=founding.actor("felix"))


def _packages(scene: Scene) -> None:
    """A released package of the owner's; a filed one and a draft of the broker's; what the door refused."""
    anna, felix = founding.actor("anna"), founding.actor("felix")
    released = _file("bicycles_for_belmyaso", anna)
    revoking = _file("bicycles_for_belmyaso", felix)
    papers = {}
    for name, one in (("issued", released), ("revocation asked", revoking)):
        _sign(one)
        papers[name] = issuing.issue(one.declaration_id)  # type: ignore[arg-type]
    desk.ask_revocation(papers["revocation asked"])
    filed, theirs = _file("beef_flowers_pet", felix), _file("beef_flowers_pet", anna)
    refused = receiving.receive(
        _bytes("beef_flowers_pet").replace(b">8240<", b">1<"), body_name="a.xml", channel="xml", by=felix
    )
    assert refused.outcome == "refused"
    tree = opening.open_bytes(_bytes("beef_flowers_pet")).tree
    draft = drafting.open_tree(tree, by=felix, channel="xml")  # type: ignore[arg-type]
    drafting.add_document(draft, None, {"TypeCode": "04021", "ID": "I-1"}, _document(felix), by=felix)
    scene.ids |= {
        "declaration_id": {"filed": filed.declaration_id, "draft": draft.id, "released": released.declaration_id},
        "attachment_id": {"filed": _attached(filed.declaration_id), "draft": _attached(draft.id)},
        "receipt_id": {"filed": filed.id, "refused": refused.id},
        "review_id": {"vet": _case(filed, "BY-DVPN"), "customs": _case(filed, "BY-GTK")},
        "clearance_id": {name: paper.id for name, paper in papers.items()},
        "foreign": {"attachment": _attached(theirs.declaration_id)},
        "document_id": {"": _document(anna).id},
    }
    desk.add(scene.ids, lambda: _filed_by("felix"), lambda: _filed_by("bogdan"))
    risk_scene.add(scene.ids, _released)
    for variant, review_id in scene.ids["review_id"].items():
        review = session().get_one(Review, review_id, options=[joinedload(Review.declaration)])
        scene.decision[variant] = {"version": str(review.version), "digest": review.declaration.digest, "rest": "yes"}


def _released() -> uuid.UUID:
    receipt = _file("bicycles_for_belmyaso", founding.actor("anna"))
    _sign(receipt)
    assert receipt.declaration_id is not None
    return receipt.declaration_id


def _filed_by(name: str) -> uuid.UUID:
    declaration_id = _file("beef_flowers_pet", founding.actor(name)).declaration_id
    assert declaration_id is not None
    return declaration_id


def _document(by: Actor) -> Any:
    name, data = next(iter(sample("beef_flowers_pet", on=clock.today()).files.items()))
    return uploading.upload(owner_id=by.organisation_id, data=data, file_name=name, by=by)  # type: ignore[arg-type]


def _bytes(name: str) -> bytes:
    return sample(name, on=clock.today()).xml


def _file(name: str, by: Actor) -> Receipt:
    package = sample(name.removesuffix("_for_belmyaso"), on=clock.today())
    renamed = name.endswith("_for_belmyaso")
    body = package.xml.replace(b"192381579", b"190142358") if renamed else package.as_zip()
    receipt = receiving.receive(body, body_name="p", channel="xml", by=by, confirmed=True)
    assert receipt.outcome == "registered", receipt.faults
    return receipt


def _case(receipt: Receipt, agency: str) -> Any:
    query = sa.select(Review.id).where(Review.declaration_id == receipt.declaration_id, Review.agency == agency)
    return session().scalars(query).one()


def _attached(declaration_id: Any) -> Any:
    return session().scalars(sa.select(Attachment.id).where(Attachment.declaration_id == declaration_id)).first()


def _sign(receipt: Receipt) -> None:
    for one in finders.list_reviews(receipt.declaration_id):  # type: ignore[arg-type]
        officer = founding.actor(OFFICERS[one.agency])
        review = claiming.claim(finders.get_review(one.id, actor=officer), by=officer)
        desk.decide(review, OFFICERS[one.agency])


def _claim(scene: Scene) -> None:
    olga = founding.actor("olga")
    claiming.claim(finders.get_review(scene.ids["review_id"]["vet"], actor=olga), by=olga)


def _end_mandate() -> None:
    anna, felix = founding.actor("anna"), founding.actor("felix")
    held = mandates.find_mandate(
        trader_id=anna.organisation_id,
        broker_id=felix.organisation_id,
        direction="import",
        on=clock.today(),  # type: ignore[arg-type]
    )
    assert held is not None
    mandates.end(held, by=anna)


def _member(name: str) -> Membership:
    query = sa.select(Membership).join(Membership.person).where(Person.email == f"{name}@{DOMAIN}")
    return session().scalars(query.options(joinedload(Membership.person)).order_by(Membership.id.desc())).first()  # type: ignore[return-value]


def _accounts(scene: Scene) -> None:
    anna = founding.actor("anna")
    offered = mandates.offer(
        _house("190142358"), _house("191678343"), scope=["transit"], valid_from=clock.today(), valid_to=None, by=anna
    )
    kira = _member("kira")
    second = accounts.add_membership(
        kira.person, _house("190142358"), roles=("trader-clerk",), valid_from=clock.today(), by=SYSTEM
    )
    machines.add_keys(scene.ids, scene.keys)
    machines.add_webhooks(scene.ids)
    scene.bodies = machines.bodies(scene.ids) | traders_scene.bodies() | advance_scene.bodies() | risk_scene.bodies()
    scene.ids |= advance_scene.advances()
    document = session().get_one(Document, scene.ids["document_id"][""])
    scene.ids["accreditation_id"] = traders_scene.accreditations(document)
    scene.ids |= {
        "mandate_id": {"": offered.id},
        "membership_id": {"own": second.id, "": _member("piotr").id},
        "organisation_id": {"": anna.organisation_id},
        "person_id": {"": _member("piotr").person_id, "self": _member("admin").person_id},
    }
    scene.colleague = {"vet": str(_member("oleg").id), "customs": str(_member("mikola").id)}
    scene.ids["notice_id"] = {"": desk.notice("anna").id}
    scene.forms = {
        "asking.send": desk.question_form(),
        "asking.follow_up": {"text": "And the date?", "deadline": desk.question_form()["deadline"], "closed": "yes"},
        "inspections.send": desk.order_form(),
        "inspections.propose": desk.slot_form(),
        "board.enter": desk.absence_form(),
        "board.hand_on": {"person": str(_member("olga").person_id), "officer": desk.membership("vasil", desk.VET)},
        "queue.several": {"deed": "claim", "case": str(scene.ids["review_id"]["vet"])},
        "amending.send": desk.change_form(scene.ids["declaration_id"]["changed"]),
        "amending.bring": {"package": _bytes("beef_flowers_pet")},
    }


def _cookies(app: Flask, scene: Scene, database: Database) -> dict[str, str]:
    """Sign everybody in; each cell sends the same cookie again, whatever the cell before it was told to forget."""
    made = {}
    for role, name in PEOPLE.items():
        browser, email = app.test_client(), f"{name}@{DOMAIN}"
        answer = browser.post("/sign-in", data={"email": email, "password": PASSWORD})
        if answer.headers.get("Location", "").startswith("/sign-in/code"):
            answer = browser.post("/sign-in/code", data={"code": code_of(app, email)})
        assert answer.status_code == 303, f"{name}: {answer.text}"
        made[role] = answer.headers["Set-Cookie"].partition(";")[0]
    with transaction(database, writing=False):
        mine = sa.select(SignInSession.id).join(Person, Person.id == SignInSession.person_id)
        scene.ids["session_id"] = {"": session().scalars(mine.where(Person.email == f"anna@{DOMAIN}")).one()}
    return made


def sent_to(endpoint: str, variant: str, scene: Scene) -> Sent | dict[str, Any]:
    """What is sent to a route that changes something: a form, or what software sends."""
    body = scene.bodies.get(endpoint)
    return body(variant) if body else form_of(endpoint, variant, scene)


def form_of(endpoint: str, variant: str, scene: Scene) -> dict[str, Any]:
    """What is sent to a POST route: enough for the activity behind it to be asked, not only the form."""
    if endpoint in DECISIONS:
        paid = {"payment": "paid", "payment_reference": "PP-1"}
        return scene.decision[variant] | paid | {"claim": "yes", "proposal": _proposal(scene, variant)} | REASONS
    if endpoint == "reviews.reassign":
        return {"officer": scene.colleague[variant]}
    if endpoint in ("intake.send", "amending.bring"):
        body = b"<x/>" if endpoint == "intake.send" else scene.forms[endpoint]["package"]
        return {"package": (io.BytesIO(body), "a.xml")}
    if endpoint == "amending.send":
        return scene.forms[endpoint] if variant == "changed" else {"version": "1"}
    return scene.forms.get(endpoint) or FORMS.get(endpoint, dict)()


def _proposal(scene: Scene, variant: str) -> str:
    return str(scene.ids["proposal_id"].get(variant, NOTHING))


DECISIONS = {
    f"deciding.{name}" for name in ("decide", "propose", "countersign", "send_back", "undo", "sign", "override", "reopen")
}  # fmt: skip
REASONS = {
    "override-reason": "Seen anew",
    "return-reason": "Look at item 1",
    "reopen-reason": "A new laboratory answer",
}
FORMS: dict[str, Callable[[], dict[str, Any]]] = {
    "declarations.start": lambda: {"direction": "import"},
    "declarations.withdraw": lambda: {"reason": "a mistake"},
    "documents.upload": lambda: {"files": (io.BytesIO(b"no permit"), "a.exe")},
    "identity.language_post": lambda: {"language": "be"},
    "identity.key_create": lambda: {"label": "A", "scopes": "read"},
    "identity.membership_add": lambda: {"organisation": NOTHING},
    "asking.withdraw": lambda: {"reason": "Asked by mistake"},
    "answering.answer": lambda: {"text": "The seal is 0815.", "version": "1"},
    "inspections.call": lambda: {"service": "police", "call_reason": "A broken seal"},
    "inspections.cancel": lambda: {"cancel_reason": "The goods are elsewhere"},
    "inspections.record": desk.finding_form,
    "inspections.take_sample": desk.sample_form,
    "inspections.answer_sample": lambda: {"outcome": "favourable", "result": "Nothing found"},
    "noting.write": lambda: {"note_text": "A word", "note_audience": "agency"},
    "clocks.extend": lambda: {"extend-step": "2", "extend-reason": "AGENCIES", "extend-words": "They look at it"},
    "clearance.revoke": lambda: {"reason": "The seal number is wrong"},
    "clearance.replace": lambda: {"reason": "The seal number is wrong"},
    "queue.save_filter": lambda: {"name": "Mine", "queue": "tab=mine"},
    "notifications.settings_post": desk.choices_form,
    "queue.keep_settings": lambda: {"keyboard": "yes"},
}
