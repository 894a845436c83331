"""Five goods items released in turn, by the activities: the veterinary inspectorate holds two lots, customs releases three."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cli import founding
from app.cli.cases import OFFICERS
from app.declarations import finders
from app.declarations.models import Declaration
from app.documents import uploading
from app.intake import receiving
from app.reviews import claiming, deciding
from app.reviews.examining import ItemDecision
from app.reviews.finders import list_reviews
from app.reviews.grounds import list_grounds
from app.reviews.models import Decision
from tests.factories.five import five_items

VET, CUSTOMS = "BY-DVPN", "BY-GTK"


def filed() -> Declaration:
    """File the five items as Belmyaso's owner."""
    by = founding.actor("anna")
    packed = five_items()
    for name, data in packed.files.items():
        uploading.upload(owner_id=by.organisation_id, data=data, file_name=name, by=by)  # type: ignore[arg-type]
    receipt = receiving.receive(packed.xml, body_name="five.xml", channel="xml", by=by, confirmed=True)
    assert receipt.declaration_id is not None, [(fault["code"], fault["path"]) for fault in receipt.faults]
    return finders.get_declaration(receipt.declaration_id, actor=by)


def decide(declaration: Declaration, agency: str, outcomes: Mapping[int, str] | None = None, **more: str) -> Decision:
    """Decide as the agency's supervisor; items that are not named are approved."""
    by = founding.actor(OFFICERS[agency])
    review = next(one for one in list_reviews(declaration.id) if one.agency == agency)
    if review.status == "queued":
        claiming.claim(review, by=by)
    said = outcomes if outcomes is not None else {number: "approved" for number in review.items}
    items = [_item(agency, number, outcome) for number, outcome in said.items()]
    paid = {"payment": "secured", "payment_reference": "GS-26/7"} if agency == CUSTOMS else {}
    return deciding.decide(
        review, version=declaration.version, digest=declaration.digest, items=items, by=by, **(paid | more)
    )


def _item(agency: str, number: int, outcome: str) -> ItemDecision:
    if outcome == "held":
        return ItemDecision(number, "held", conditions="Чакаем вынік лабараторыі.")
    if outcome == "refused":
        return ItemDecision(
            number, "refused", reason_code=list_grounds(agency)[0].code, legal_ground="Рашэнне КМС 317", appeal_office="Галоўны інспектар",
            appeal_contact="+375 17 200-00-00", appeal_days=30,
        )  # fmt: skip
    return ItemDecision(number, outcome)


def first_release(declaration: Declaration) -> Decision:
    """Vets approve one lot and hold two; plants and nature approve; customs releases three and holds two."""
    decide(declaration, VET, {1: "approved", 4: "held", 5: "held"})
    decide(declaration, "BY-GGISKZR")
    decide(declaration, "BY-MPR")
    return decide(declaration, CUSTOMS, {1: "approved", 2: "approved", 3: "approved", 4: "held", 5: "held"})


def second_release(declaration: Declaration, last: str = "approved") -> Decision:
    """Vets and customs let the fourth item go; the fifth gets the outcome ``last`` of both."""
    decide(declaration, VET, {4: "approved", 5: last})
    return decide(declaration, CUSTOMS, {4: "approved", 5: last})


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that a session sends meanwhile."""
    statements: list[str] = []

    def saw(*facts: object) -> None:
        statements.append(str(facts[2]))

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", saw)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", saw)
