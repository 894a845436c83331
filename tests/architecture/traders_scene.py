"""The part of the scene in ``access`` that is about accreditation: one of Belmyaso's in each state in which somebody can act."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from app import clock
from app.cli import founding
from app.cli.accrediting import Given
from app.database import session
from app.documents.models import Document
from app.traders import applying, deciding, ending, examining
from app.traders.deciding import Appeal
from app.traders.kinds import get_kind
from app.traders.models import Accreditation
from app.traders.reading import Terms

OWN_VARIANTS = {
    "traders.show": ("draft", "applied", "granted"), "traders.edit": ("draft", "applied"), "traders.save": ("draft", "applied"),
    "traders.send": ("draft", "applied"), "traders.withdraw": ("draft", "granted"), "traders.file": ("draft", "applied"),
    "accrediting.take": ("applied", "draft"), "accrediting.examine": ("examined", "granted"),
    "accrediting.send_back": ("proposed", "granted"), "accrediting.grant": ("proposed", "granted"),
    "accrediting.refuse": ("proposed", "granted"), "accrediting.restore": ("suspended", "granted"),
}  # fmt: skip
"""Which states each route is tried on; the others on what is in force."""
OPERATOR = Given("aeo", "1", "anna", "maria", "ihar", 900)
RECYCLER = Given("recycler", "", "anna", "nina", "nazar", 900, {"waste": "B3011", "facilities": "Цэх"})


def accreditations(document: Document) -> dict[str, uuid.UUID]:
    """Make them, the oldest first; the same file stands behind every answer that wants one."""
    granted = _decided(_proposed(OPERATOR, document))
    suspended = _decided(_proposed(OPERATOR, document))
    ending.suspend(
        suspended, ground="AEO-CASE", reason="A case", appeal=Appeal("Court", "", 30), by=founding.actor("ihar")
    )
    operator = Given("aeo", "2", "anna", "maksim", "mikola", 900)
    made = {
        "granted": granted, "suspended": suspended, "proposed": _proposed(operator, document),
        "draft": _written(OPERATOR, document), "applied": _written(RECYCLER, document),
        "examined": _written(Given("aeo", "3", "anna", "maria", "ihar", 900), document),
    }  # fmt: skip
    for name in ("applied", "examined"):
        applying.send(made[name], by=founding.actor("anna"))
    examining.take(made["examined"], by=founding.actor("maria"))
    return {name: one.id for name, one in made.items()}


def _written(given: Given, document: Document) -> Accreditation:
    owner, asked = founding.actor(given.owner), get_kind(given.kind).asks(given.type)
    made = applying.start(given.kind, given.type, by=owner)
    applying.save(made, answers={one.code: "It is so." for one in asked}, scope=given.scope, by=owner)
    for one in asked:
        applying.attach(made, criterion=one.code, document=document, by=owner)
    session().flush()
    return made


def _proposed(given: Given, document: Document) -> Accreditation:
    made, examiner = _written(given, document), founding.actor(given.examiner)
    applying.send(made, by=founding.actor(given.owner))
    examining.take(made, by=examiner)
    examining.mark(made, findings=_findings(given.kind, given.type), by=examiner)
    examining.propose(made, proposal=examining.GRANT, note="", by=examiner)
    return made


def _decided(made: Accreditation) -> Accreditation:
    return deciding.grant(made, terms=_terms(), by=founding.actor("ihar"))


def _findings(kind: str, type_code: str) -> dict[str, dict[str, str]]:
    return {one.code: {"met": examining.MET} for one in get_kind(kind).asks(type_code)}


def _terms() -> Terms:
    today = clock.today()
    until = today + timedelta(days=300)
    return Terms(
        valid_from=today.isoformat(), valid_until=until.isoformat(), guarantee_reference="BG-1",
        guarantee_amount="1000", guarantee_currency="EUR",
    )  # fmt: skip


def bodies() -> dict[str, Callable[[str], Any]]:
    """What is sent to each route: it would succeed for the right one on the right variant."""
    against = {"ground": "AEO-UNMET", "reason": "So it is", "appeal_office": "Court", "appeal_days": "30"}
    met = {f"met-{one.code}": "yes" for one in get_kind("aeo").asks("3")}
    return {
        "traders.start": lambda _on: {"kind": "environmental-compliance"},
        "traders.save": lambda _on: {"answer-AEO-DUTIES": "Nothing is due."},
        "traders.give_up": lambda _on: {"reason": "No need"},
        "accrediting.examine": lambda _on: met | {"then": "propose", "proposal": "grant"},
        "accrediting.send_back": lambda _on: {"returned": "Look again"},
        "accrediting.grant": lambda _on: asdict(_terms()),
        "accrediting.refuse": lambda _on: dict(against),
        "accrediting.suspend": lambda _on: against | {"ground": "AEO-CASE"},
        "accrediting.restore": lambda _on: {"reason": "The case is closed"},
        "accrediting.revoke": lambda _on: against | {"ground": "AEO-OFFENCE"},
    }
