"""The pages of risk and of checks after release that no walk comes to: each looked at wide and narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.advance.models import AdvanceInfo, AdvanceReceipt
from app.cases import opening
from app.cases.opening import Request
from app.cli import founding
from app.database import session, transaction
from app.declarations.models import Declaration
from app.reviews.finders import get_review, list_reviews
from app.reviews.releasing import find_released
from app.risk.models import IndicatorVersion
from tests.architecture import risk_scene
from tests.architecture import scene as desk
from tests.browser.conftest import Site
from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
SENDERS = ("stas", "zoya", "anna", "vera", "bogdan", "sofia", "les")


def test_pages_that_no_walk_comes_to(visit: Callable[..., Visitor], site: Site) -> None:
    found = _made(site)
    mikola, nina, maria, sender = visit("mikola"), visit("nina"), visit("maria"), visit(str(found["sender"]))
    for who, addresses in (
        (
            mikola,
            (
                "/risk/watch", f"/risk/watch/{found['entry']}", f"/intellectual-property/marks/{found['mark']}",
                f"/risk/anomalies/{found['odd']}", "/risk/figures", "/risk/inconsistent", "/intellectual-property/suspensions",
            ),
        ),
        (maria, (f"/post-clearance/{found['check']}", f"/cases/{found['other case']}/post-clearance", "/risk/watch/found")),
        (nina, (f"/risk/indicators/{found['indicator']}/revise", f"/risk/figures/{found['code']}")),
        (sender, (f"/advance/{found['advance']}/change", f"/advance/receipts/{found['receipt']}")),
    ):  # fmt: skip
        for address in addresses:
            answer = who.go(f"{address}?lang=en")
            assert answer.status == 200, f"{answer.status} {address}"
            who.look()


def _made(site: Site) -> dict[str, object]:
    with site.app.app_context(), transaction(site.app.extensions["akno.database"]):
        released = [
            one
            for one in session().scalars(sa.select(Declaration).order_by(Declaration.id)).all()
            if find_released(one.id) and one.status in ("released", "partly-released")
        ]
        first, maria = released[0], founding.actor("maria")
        case = next(one.id for one in list_reviews(first.id) if one.agency == "BY-GTK")
        items = (min(find_released(first.id)),)
        check = opening.open_check(
            get_review(case, actor=maria),
            Request("risk", "Cheap for its kind", items, ("04021",), "The contract", 5),
            by=maria,
        )
        indicator = session().get_one(
            IndicatorVersion, desk._indicated(), options=[sa.orm.joinedload(IndicatorVersion.indicator)]
        )
        # As if it had been agreed to: the page of its figures is asked for.
        indicator._status = "shadow"
        mark, _suspension = risk_scene._marked(first)
        sent = session().scalars(sa.select(AdvanceInfo).where(AdvanceInfo._status == "registered").limit(1)).one()
        own = next(name for name in SENDERS if founding.actor(name).organisation_id == sent.filer_id)
        receipts = sa.select(AdvanceReceipt.id).where(AdvanceReceipt.filer_id == sent.filer_id)
        return {
            "entry": risk_scene._watched()["active"].id, "mark": mark[""], "odd": risk_scene._odd(first), "check": check.id,
            "other case": next(one.id for one in list_reviews(released[1].id) if one.agency == "BY-GTK")
            if len(released) > 1 else case,
            "indicator": indicator.id, "code": indicator.indicator.code, "advance": sent.id, "receipt": session().scalars(receipts).first(), "sender": own,
        }  # fmt: skip
