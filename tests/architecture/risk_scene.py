"""The part of the scene in ``access`` that is about risk: what waits for an officer in each of its rooms, and checks after
release."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.cases import answering as post_clearance
from app.cases import concluding, opening
from app.cases.concluding import Conclusion, Finding
from app.cases.models import PostClearanceCheck
from app.cases.opening import Request
from app.cli import founding
from app.database import new_id, session
from app.declarations.models import Declaration
from app.documents.models import Document
from app.reviews import finders, green_ruling
from app.reviews.green_ruling import Typed
from app.reviews.greening_models import GreenRule, SecondLook
from app.reviews.lifecycle import SECOND_LOOK
from app.reviews.models import Decision
from app.risk import registering, suspending, watching
from app.risk.anomaly_lifecycle import LIFECYCLE as ANOMALY
from app.risk.peers_models import Anomaly
from app.risk.registering import MarkMeant
from app.risk.rights_matching import Marked
from app.risk.rights_models import Suspension
from app.risk.watch_matching import Found, Watched
from app.risk.watch_models import WatchCandidate, WatchEntry
from app.risk.watching import Meant

OWN_VARIANTS = {
    "greening.agree_rule": ("proposed", "agreed"), "greening.decline_rule": ("proposed", "agreed"),
    "greening.end_rule": ("agreed", "proposed"),
    "watch.show": ("active", "proposed"), "watch.confirm": ("proposed", "active"), "watch.refuse": ("proposed",),
    "watch.end": ("active",),
    "cases.new": ("released", "vet"), "cases.open_post": ("released", "vet"),
    "cases.show": ("asked", "closed"), "cases.answer": ("asked", "closed"), "cases.conclude": ("answered", "asked"),
    "cases.confirm": ("concluded", "asked"), "cases.give_back": ("concluded",), "cases.drop": ("asked", "closed"),
    "cases.file": ("answered",),
}  # fmt: skip


def add(ids: dict[str, dict[str, Any]], file_released: Callable[[], uuid.UUID]) -> None:
    """Make everything; ``file_released`` files and releases one more package of Belmyaso's and returns its id."""
    declaration = session().get_one(Declaration, ids["declaration_id"]["released"])
    document = session().get_one(Document, ids["document_id"][""])
    ids["rule_id"] = _rules()
    ids["look_id"] = {"": _look(declaration)}
    ids["anomaly_id"] = {"": _odd(declaration)}
    entries = _watched()
    ids["entry_id"] = {name: entry.id for name, entry in entries.items()} | {"": entries["active"].id}
    ids["candidate_id"] = {"": _candidate(declaration, entries["active"])}
    ids["mark_id"], ids["suspension_id"] = _marked(session().get_one(Declaration, ids["declaration_id"]["filed"]))
    packages = {name: file_released() for name in ("asked", "answered", "concluded", "closed", "released")}
    checks = {name: _check(packages[name], name, document) for name in ("asked", "answered", "concluded", "closed")}
    ids["check_id"] = {name: one.id for name, one in checks.items()}
    ids["file_id"] |= {"answered": checks["answered"].files[0].id}
    ids["review_id"]["released"] = _customs(packages["released"])


def _rules() -> dict[str, uuid.UUID]:
    day = clock.today().strftime("%d.%m.%Y")
    rows = {
        name: green_ruling.propose(Typed(measure, "A rule", "aeo", "100", day), by=founding.actor("mikola"))
        for name, measure in (("proposed", "CUS-001"), ("agreed", "CUS-004"))
    }
    rows["agreed"] = green_ruling.agree(rows["agreed"], by=founding.actor("ihar"))
    return {name: row.id for name, row in rows.items()}


def _look(declaration: Declaration) -> uuid.UUID:
    """A sign-off of customs that was drawn for a look."""
    made = (
        session()
        .scalars(sa.select(Decision).where(Decision.declaration_id == declaration.id, Decision.agency == "BY-GTK"))
        .first()
    )
    assert made is not None
    rule = session().scalars(sa.select(GreenRule)).first()
    assert rule is not None
    look = SecondLook(
        id=new_id(), review_id=made.review_id, declaration_id=declaration.id, decision_id=made.id, agency="BY-GTK",
        rule_code=rule.code, opened_at=clock.now(),
    )  # fmt: skip
    SECOND_LOOK.begin(look)
    session().add(look)
    session().flush()
    return look.id


def _odd(declaration: Declaration) -> uuid.UUID:
    odd = Anomaly(
        id=new_id(), declaration_id=declaration.id, version=1, item=1, kind="value", direction="import", code="8712003000",
        origin="CN", agencies=" BY-GTK BY-DVPN ", unit="EUR", value=1.0, median=9.0, spread=0.2, route="", peers=40,
        cell="v", bins={"10": 40}, score=900, package_score=300, found_at=clock.now(),
    )  # fmt: skip
    ANOMALY.begin(odd)
    session().add(odd)
    session().flush()
    return odd.id


def _watched() -> dict[str, WatchEntry]:
    meant = Meant(
        "name", "Zubr Trading", "foreign", "12/26", "high", "Told by the border service", "red", ("BY-DVPN",),
        clock.today() + timedelta(days=90),
    )  # fmt: skip
    made = {name: watching.propose(meant, by=founding.actor("maria")) for name in ("active", "proposed")}
    made["active"] = watching.confirm(made["active"], by=founding.actor("mikola"))
    return made


def _candidate(declaration: Declaration, entry: WatchEntry) -> uuid.UUID:
    looked = Watched(
        entry.id,
        entry.agencies,
        entry.kind,
        entry.words,
        entry.compared,
        entry.effect,
        entry.valid_from,
        entry.valid_to,
    )
    watching.keep(declaration, [Found(looked, "exporter", "Zubr Tradings", "zubr tradings", 93, (), False)])
    return session().scalars(sa.select(WatchCandidate.id).where(WatchCandidate.entry_id == entry.id)).one()


def _marked(declaration: Declaration) -> tuple[dict[str, uuid.UUID], dict[str, uuid.UUID]]:
    meant = MarkMeant("IP-1", "Holder AG", "a@holder.example", "en", "ZUBROVKA", (), clock.today() + timedelta(days=90))
    mark = registering.enter(meant, by=founding.actor("mikola"))
    suspending.propose(declaration, [Marked(mark.id, 1, "zubrovka")])
    found = session().scalars(sa.select(Suspension.id).where(Suspension.mark_id == mark.id)).one()
    return {"": mark.id}, {"": found}


def _customs(declaration_id: uuid.UUID) -> uuid.UUID:
    return next(one.id for one in finders.list_reviews(declaration_id) if one.agency == "BY-GTK")


def _check(declaration_id: uuid.UUID, state: str, document: Document) -> PostClearanceCheck:
    maria = founding.actor("maria")
    review = finders.get_review(_customs(declaration_id), actor=maria)
    check = opening.open_check(
        review, Request("risk", "Cheap for its kind", (1,), ("04021",), "The contract", 5), by=maria
    )
    if state == "asked":
        return check
    check = post_clearance.answer(check, text="Here it is", files=[document], by=founding.actor("anna"))
    weight = {"concluded": "serious", "closed": "minor"}.get(state)
    if weight is None:
        return check
    return concluding.conclude(
        check, Conclusion((Finding(1, "value", weight),), "The value is higher", "7/26"), by=founding.actor("maksim")
    )


def bodies() -> dict[str, Callable[[str], Any]]:
    """What is sent to each route: it would succeed for the right one on the right variant."""
    until = (clock.today() + timedelta(days=60)).strftime("%d.%m.%Y")
    watch = {
        "kind": "name", "words": "Somebody Else", "source": "own", "confidence": "low", "reason": "So it is",
        "effect": "yellow", "until": until,
    }  # fmt: skip
    mark = {"number": "IP-9", "holder": "Holder", "email": "a@holder.example", "mark": "OTHER", "until": until}
    asked = {
        "ground": "hand", "reason": "So it is", "items": "1", "wanted": "04021", "asked": "The contract", "days": "5",
    }  # fmt: skip
    rule = {
        "measure": "CUS-001", "name": "A rule", "proof": "aeo", "second_look": "100", "valid_from": until,
    }  # fmt: skip
    return {
        "greening.propose_rule": lambda _on: dict(rule), "greening.end_rule": lambda _on: {"reason": "No longer"},
        "greening.decline_rule": lambda _on: {"reason": "Not now"},
        "greening.settle_look": lambda _on: {"outcome": "agreed", "note": "As it should be"},
        "anomalies.mark": lambda _on: {"reason": "A sale at the end of the season"},
        "watch.enter": lambda _on: dict(watch), "watch.refuse": lambda _on: {"why": "Too vague"},
        "watch.end": lambda _on: {"why": "The case is closed"}, "watch.settle": lambda _on: {"same": "no", "why": "Another town"},
        "rights.enter": lambda _on: dict(mark), "rights.end": lambda _on: {"why": "It has ended"},
        "rights.act": lambda _on: {"why": "Another word"},
        "cases.open_post": lambda _on: dict(asked), "cases.answer": lambda _on: {"text": "Here it is"},
        "cases.conclude": lambda _on: {"kind-0": "none", "conclusion": "All is as declared"},
        "cases.give_back": lambda _on: {"return-reason": "No act"}, "cases.drop": lambda _on: {"drop-reason": "By mistake"},
    }  # fmt: skip
