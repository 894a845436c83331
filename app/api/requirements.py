"""GET /api/v1/requirements and /goods: what goods need before anything is filed, and their codes by words. For anyone."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, g, url_for

from app import clock, web
from app.access import Permission
from app.api import door, problem
from app.api.requirements_shapes import (
    ChosenShape,
    FoundShape,
    GoodsFound,
    GoodsQuery,
    RequirementsQuery,
    RequirementsShape,
)
from app.insights import chosen, needs
from app.requirements import inquiry, searching
from app.requirements.finders import current_edition

blueprint = door.resource("requirements", __name__, "What goods need before anything is filed, for anyone.")

KEPT_SECONDS = 300
"""How long a cache may answer in our place: an edition holds for days, the paces of agencies move slowly."""
_KEPT = {"Cache-Control": "public, max-age=300: the same for everybody; no-store for who comes with a key"}


@blueprint.get(
    "/requirements", responses=door.answers(shape=RequirementsShape, headers=_KEPT, by_key=False, tagged=True)
)
@web.public
def ask_requirements(query: RequirementsQuery) -> Any:
    """What goods need.

    For a goods code, direction, countries, procedure, day and answers: every agency that is asked and every agency that is not,
    each with the reason; documents and where to get them; the law and how sure we are of it; the time it really takes. The same
    answer as the page /measures. 400 with `errors` for what cannot be asked.
    """
    edition = current_edition()
    asked, faults = inquiry.read(inquiry.Said(**query.model_dump()), edition, today=clock.today())
    if faults:
        return problem.problem(400, "request", errors=[problem.error_of(fault) for fault in faults])
    return _kept(RequirementsShape.model_validate(needs.answer(edition, asked)))


@blueprint.get("/goods", responses=door.answers(shape=FoundShape, headers=_KEPT, by_key=False, tagged=True))
@web.public
def search_goods(query: GoodsQuery) -> Any:
    """Goods codes by words.

    Words in Belarusian, Russian or English, in any form and order, or the first digits of a code; best first. Beside them the
    codes that were declared before for these very words: with a key your own, and those that at least three others chose.
    """
    edition = current_edition()
    hits = searching.search(edition, query.q, limit=query.limit)
    before = chosen.find_before(query.q, owner_id=_whose())
    return _kept(
        FoundShape(
            edition=edition.hash,
            every_word=all(hit.full for hit in hits),
            rows=[_goods(edition, hit) for hit in hits],
            chosen_by_you=[_chosen(one) for one in before.own],
            chosen_by_others=[_chosen(one) for one in before.others],
        )
    )


def _goods(edition: Any, hit: searching.Hit) -> GoodsFound:
    return GoodsFound.model_validate(
        {
            "code": hit.row.code,
            "name": searching.name_of(edition, hit.row.code),
            "own_name": hit.row.name_en,
            "link": url_for("api_requirements.ask_requirements", hs=hit.row.code),
        }
    )


def _chosen(one: chosen.Chosen) -> ChosenShape:
    return ChosenShape(code=one.code, packages=one.times, last_on=one.last_on, traders=one.owners)


def _whose() -> Any:
    """Whose earlier choices the caller may see: those of the trader whose key it is."""
    who = web.actor()
    return who.organisation_id if who.kind == "trader" and who.can(Permission.DECLARATION_READ) else None


def _kept(shape: Any) -> Response:
    """Answer with an ETag of the very answer; caches may keep it unless it was asked with a key."""
    if g.get("key") is None:
        web.share(KEPT_SECONDS)
    said = door.said(shape)
    answer = door.tagged(said, hashlib.sha256(said.get_data()).hexdigest()[:24])
    answer.headers["Vary"] = "Authorization"
    return answer
