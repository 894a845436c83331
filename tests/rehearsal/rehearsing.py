"""What the tests of test mode do again and again: a key made on the page, a filing with it, a look at what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from app.clearance.models import Clearance
from app.declarations.models import Declaration
from app.rehearsal.window import Rehearsal
from app.reviews.models import Review
from tests.factories.world import Someone
from tests.intake.arrivals import DOOR, bearer
from tests.journeys.roads import packed

SCOPES = ["file", "read", "answer", "withdraw"]
KEYS = "/account/test-keys"


def make_key(who: Someone, **fields: Any) -> str:
    """Make a test key on the page and read it there, as somebody does who copies it."""
    who.get(KEYS)
    answer = who.submit(KEYS, **({"label": "Склад", "scopes": SCOPES} | fields))
    assert answer.status_code == 200, answer.text
    found = re.search(r'id="secret">(akno_test_[^<]+)<', answer.text)
    assert found, answer.text
    return found[1]


class Integrator:
    """A program with a test key: it files, and the test looks at the second window's rows."""

    def __init__(self, beside: Rehearsal, who: Someone) -> None:
        self.beside, self.who, self.live = beside, who, who.app
        self.key = make_key(who)

    def post(self, body: bytes, **headers: str) -> Any:
        """File at the door of the live application."""
        return self.live.test_client().post(DOOR, data=body, headers=bearer(self.key, **headers))

    def get(self, path: str) -> Any:
        """Ask something at the door of the live application."""
        return self.live.test_client().get(f"/api/v1{path}", headers=bearer(self.key))

    def file(self, sample: str, lrn: str) -> str:
        """File a sample package with its papers; return its number."""
        answer = self.post(packed(sample, lrn=lrn).as_zip(), Idempotency_Key=lrn, X_Second_Consignment="yes")
        assert answer.status_code == 201, answer.text
        assert answer.headers["Akno-Mode"] == "test"
        return str(answer.get_json()["number"])

    def look(self, found: Callable[[Declaration, Sequence[Review]], Any], lrn: str) -> Any:
        """Ask something of a package and its cases in the second window."""
        with self.beside.opened(writing=False):
            from app.database import session

            declaration = session().scalars(sa.select(Declaration).where(Declaration.lrn == lrn)).one()
            reviews = session().scalars(
                sa.select(Review)
                .where(Review.declaration_id == declaration.id)
                .order_by(Review.releases, Review.agency)
            )
            return found(declaration, reviews.all())

    def id_of(self, lrn: str) -> str:
        """The id of a package."""
        return str(self.look(lambda declaration, _reviews: declaration.id, lrn))

    def status(self, lrn: str) -> str:
        """The state of a package."""
        return str(self.look(lambda declaration, _reviews: declaration.status, lrn))

    def cases(self, lrn: str) -> list[str]:
        """The states of its cases, customs last."""
        return list(self.look(lambda _declaration, reviews: [one.status for one in reviews], lrn))

    def clearances(self, lrn: str) -> list[Clearance]:
        """The clearances of a package in their order."""

        def found(declaration: Declaration, _reviews: Sequence[Review]) -> list[Clearance]:
            from app.database import session

            query = sa.select(Clearance).where(Clearance.declaration_id == declaration.id).order_by(Clearance.serial)
            return list(session().scalars(query))

        return list(self.look(found, lrn))
