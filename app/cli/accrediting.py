"""Accreditations of the demonstration country, made through the activities: applied for, examined by one, granted by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.cli import founding
from app.cli.packing import stand_in
from app.database import session
from app.documents import uploading
from app.traders import applying, deciding, examining
from app.traders.kinds import get_kind
from app.traders.models import Accreditation
from app.traders.reading import Terms


@dataclass(frozen=True, slots=True)
class Given:
    """One accreditation of the country: who holds it, who examined it, who granted it, for how many days from today."""

    kind: str
    type: str
    owner: str
    examiner: str
    granter: str
    days: int
    scope: Mapping[str, str] = field(default_factory=dict)
    guarantee: str = ""


COUNTRY = (
    Given("aeo", "2", "vera", "maria", "mikola", 1095, guarantee="BG-2026-0117"),
    Given(
        "recycler", "", "sofia", "nina", "nazar", 900,
        {"waste": "A1180 Y49 B1110", "facilities": "Цэх перапрацоўкі панэляў, Мінск, вул. Сурганава, 7", "goods": "8541 8549"},
    ),
    Given("environmental-compliance", "", "les", "natallia", "nazar", 50),
)  # fmt: skip
"""Velo is an operator with a security; Sonca recovers old panels; the certificate of Palesse ends soon, so its holder is told."""


def found() -> int:
    """Make the accreditations of the country unless there are any; returns how many were made."""
    if session().scalar(sa.select(Accreditation.id).limit(1)) is not None:
        return 0
    for one in COUNTRY:
        give(one)
    return len(COUNTRY)


def give(one: Given) -> Accreditation:
    """Take one accreditation from its first draft to the register."""
    kind, owner, examiner = get_kind(one.kind), founding.actor(one.owner), founding.actor(one.examiner)
    made = applying.start(one.kind, one.type, by=owner)
    answers = {criterion.code: criterion.title["be"] for criterion in kind.asks(one.type)}
    applying.save(made, answers=answers, scope=one.scope, by=owner)
    for criterion in kind.asks(one.type):
        if criterion.files and owner.organisation_id is not None:
            data = stand_in(criterion.code, owner.unp)
            uploading.keep(data, media_type="application/pdf", ours=True)
            document = uploading.upload(
                owner_id=owner.organisation_id, data=data, file_name=f"{criterion.code}.pdf", by=owner
            )
            applying.attach(made, criterion=criterion.code, document=document, by=owner)
    applying.send(made, by=owner)
    examining.take(made, by=examiner)
    findings = {criterion.code: {"met": examining.MET} for criterion in kind.asks(one.type)}
    examining.mark(made, findings=findings, by=examiner)
    examining.propose(made, proposal=examining.GRANT, note="", by=examiner)
    return deciding.grant(made, terms=_terms(one), by=founding.actor(one.granter))


def _terms(one: Given) -> Terms:
    today = clock.today()
    security = (one.guarantee, "1000000", "EUR") if one.guarantee else ("", "", "")
    return Terms(
        **one.scope, valid_from=today.isoformat(), valid_until=(today + timedelta(days=one.days)).isoformat(),
        guarantee_reference=security[0], guarantee_amount=security[1], guarantee_currency=security[2],
    )  # fmt: skip
