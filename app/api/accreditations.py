"""GET /api/v1/accreditations: the public register for anyone, and what one's own accreditations give."""

from __future__ import annotations

from typing import Any

from app import clock, web
from app.api import door
from app.api.accreditations_shapes import OwnShape, RegisterQuery, RegisterShape
from app.traders import finders, policy
from app.traders.advantages import Advantage, Held, Scope
from app.traders.kinds import get_kind
from app.traders.models import Accreditation

blueprint = door.resource(
    "accreditations", __name__, "Who is accredited: authorised economic operators, environmental compliance, recyclers."
)


@blueprint.get("/accreditations", responses=door.answers(shape=RegisterShape, refusals=(404,), by_key=False))
@web.public
def list_register(query: RegisterQuery) -> Any:
    """The public register.

    Everything that was ever granted, newest first, also what is suspended, revoked or over. It names organisations, no person.
    """
    page = finders.list_register(query.cursor or None, search=query.q, kind=query.kind or "", holding=query.holding)
    rows = [_line(row) for row in page.rows]
    return door.said(RegisterShape.model_validate({"rows": rows, "next": page.following}))


@blueprint.get("/accreditations/own", responses=door.answers(shape=OwnShape))
@door.guarded(policy.see_own)
def list_own() -> Any:
    """What your organisation holds.

    The accreditations that count today, with their scope, security and advantages. Suspended ones are not here: they give
    nothing.
    """
    held = finders.list_held(web.actor().organisation_id, clock.today())
    return door.said(OwnShape.model_validate({"rows": [_held(one) for one in held]}))


def _line(row: Accreditation) -> dict[str, Any]:
    return {
        "number": row.number, "kind": row.kind, "type": row.type, "title": dict(get_kind(row.kind).title),
        "agency": row.agency, "holder": row.holder.name, "unp": row.holder.unp or "", "state": row.status,
        "holds": row.holds_on(clock.today()), "valid_from": row.valid_from, "valid_to": row.valid_to,
        "scope": Scope.from_dict(row.scope).as_dict(),
    }  # fmt: skip


def _held(one: Held) -> dict[str, Any]:
    guarantee = one.guarantee
    return {
        "number": one.number, "kind": one.kind, "type": one.type, "valid_to": one.valid_to, "scope": one.scope.as_dict(),
        "guarantee": None if guarantee is None else {
            "reference": guarantee.reference, "amount": guarantee.amount, "currency": guarantee.currency,
        },
        "advantages": [_advantage(advantage) for advantage in one.advantages],
    }  # fmt: skip


def _advantage(one: Advantage) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": dict(one.title),
        "words": dict(one.words),
        "documents": list(one.documents),
    }
