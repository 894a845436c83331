"""What if: a draft's own answer beside the one it would get with another origin, procedure, day or answer. Nothing is written."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, render_template, request

from app.declarations import codec, drafting, finders, policy, whatif
from app.declarations.facts import facts_of
from app.declarations.models import Declaration
from app.declarations.whatif import Supposed
from app.errors import NotFound
from app.insights import needs
from app.intake import submission
from app.requirements import inquiry, matching, searching, showing, wording
from app.requirements.facts import ItemFacts, PackageFacts
from app.requirements.inquiry import Said
from app.requirements.views import BOXES, errors_of, lists
from app.web import actor, guard

blueprint = Blueprint("whatif", __name__, url_prefix="/packages/<uuid:declaration_id>")


def find(declaration_id: uuid.UUID, *, actor: Any) -> Declaration:
    """The draft of an address."""
    return finders.get_declaration(declaration_id, actor=actor)


@blueprint.get("/what-if")
@guard(policy.prepare, find)
def show(declaration: Declaration) -> Any:
    """Suppose something else of one goods item, and see which agencies and documents would come and go."""
    package = codec.to_package(drafting.tree_of(declaration))
    judged = submission.judge(package, by=actor(), of=declaration)
    facts = facts_of(
        package, edition=judged.edition, on=submission.filing_day(declaration if declaration.version else None),
        attached=frozenset(judged.standing),
    )  # fmt: skip
    item = _item(facts)
    said = _said(facts, item)
    asked, faults = inquiry.read(said, judged.edition, today=facts.on)
    errors = errors_of(faults) if item.code or "hs" in request.args else {}
    before = matching.match(judged.edition, facts)
    after = None if errors or not asked.code else whatif.answer(facts, _supposed(item, asked), judged.edition)
    page = render_template(
        "declarations/whatif.html",
        declaration=declaration,
        lines=package.lines,
        number=item.number,
        said=said,
        asked=asked,
        errors=errors,
        difference=whatif.differs(before, after) if after is not None else None,
        answer=needs.timed(showing.answer(after, judged.edition)) if after is not None else None,
        changed=bool(set(request.args) - {"item", "lang"}),
        goods_name=searching.name_of(judged.edition, asked.code),
        edition=judged.edition,
        missing=lambda paper: wording.documents(paper.ways, judged.edition),
        **lists(judged.edition, facts.direction or "import"),
    )
    return (page, 422) if errors else page


def _item(facts: PackageFacts) -> ItemFacts:
    """The goods item asked about, the first when none is named. Raises NotFound for one that is not there."""
    named = request.args.get("item", "1")
    for item in facts.items:
        if str(item.number) == named:
            return item
    raise NotFound()


def _said(facts: PackageFacts, item: ItemFacts) -> Said:
    """What the draft says, overlaid with what is supposed. An answer that was put as a box and is not ticked is taken back."""
    known = {
        "hs": item.code, "origin": item.origin, "region": item.origin_region, "destination": facts.destination,
        "procedure": item.procedure, "on": f"{facts.on:%d.%m.%Y}",
    }  # fmt: skip
    typed = {box: request.args.get(box, known[box]).strip()[:most] for box, most in BOXES.items()}
    given = {**facts.answers, **item.answers}
    yes, no = [code for code, said in given.items() if said], [code for code, said in given.items() if not said]
    if "asked" in request.args:
        shown = request.args.getlist("asked")[: inquiry.MOST_ANSWERS]
        yes = [code for code in yes if code not in shown] + request.args.getlist("yes")[: inquiry.MOST_ANSWERS]
        no = [code for code in given if code not in yes]
    return Said(direction=facts.direction or "import", yes=tuple(yes), no=tuple(no), **typed)


def _supposed(item: ItemFacts, asked: inquiry.Inquiry) -> Supposed:
    return Supposed(
        number=item.number,
        code=asked.code,
        origin=asked.origin,
        region=asked.region,
        destination=asked.destination,
        procedure=asked.procedure,
        on=asked.on,
        answers=asked.answers,
    )
