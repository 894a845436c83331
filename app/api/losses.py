"""What of a message the window does not keep (goal: nothing), and what it keeps without a field of its own."""

from __future__ import annotations

from flask import Response, request
from pydantic import Field

from app import web
from app.api import door, raw
from app.api.declarations_shapes import PackagePath
from app.api.shapes import Shape, example
from app.declarations import finders, losses, policy
from app.declarations.models import Declaration
from app.errors import NotFound
from app.intake import kept
from app.ledger import witnessing

blueprint = door.resource("losses", __name__, "Whether everything that was sent is kept, value by value.")

_UNNAMED = {"xpath": "/Declaration/AuthorisationHolder[1]/ID", "pointer": "42A/17C/R144", "value": "GB553202734852"}


class LeafShape(Shape):
    """One value of a message."""

    model_config = example(_UNNAMED)

    xpath: str = Field(description="Element names and true indexes")
    pointer: str = Field(description="WCO pointer; empty outside the declaration")
    value: str


class LossesShape(Shape):
    """How many values a message says, and what becomes of those that are not simply kept."""

    model_config = example({"values": 312, "kept": 312, "lost": [], "unnamed": [_UNNAMED], "around": []})

    values: int = Field(description="Values of the declaration as received, attributes among them")
    kept: int = Field(description="Of these, how many stand in the package")
    lost: list[LeafShape] = Field(description="Values that the package does not hold; the received bytes always do")
    unnamed: list[LeafShape] = Field(description="Values that are kept and have no field of their own in the web form")
    around: list[LeafShape] = Field(
        description="Values of the envelope and hints for programs: in the received bytes only"
    )


@blueprint.get("/declarations/<uuid:declaration_id>/losses", responses=door.answers(shape=LossesShape, refusals=(404,)))
@door.guarded(policy.read, finders.get_declaration, path=PackagePath)
def show_losses(declaration: Declaration) -> Response:
    """Compare a filed package with the very bytes it came in: what was lost (goal: nothing), what has no field of its own."""
    if not declaration.version:
        raise NotFound()
    witnessing.package_read(declaration.id)
    return door.said(_shape(kept.report_of(finders.get_version(declaration))))


@blueprint.post(
    "/check/losses",
    responses=door.answers(shape=LossesShape, refusals=(413, 422), by_key=False),
    openapi_extensions=raw.asked("A declaration as for filing: XML or a ZIP."),
)
@web.only_reads
@web.public
def check_losses() -> Response:
    """Say what the window would keep of a file, before it is filed. Nothing is stored. 422 for what cannot be read."""
    return door.said(_shape(kept.report_of_file(request.get_data(cache=False))))


def _shape(report: losses.Report) -> LossesShape:
    return LossesShape(
        values=report.values,
        kept=report.kept,
        lost=[_leaf(one) for one in report.lost],
        unnamed=[_leaf(one) for one in report.unnamed],
        around=[_leaf(one) for one in report.around],
    )


def _leaf(leaf: losses.Leaf) -> LeafShape:
    return LeafShape(xpath=leaf.path, pointer=leaf.pointer, value=leaf.value)
