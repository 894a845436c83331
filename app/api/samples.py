"""GET /api/v1/samples/package: a package in your own name that registers, to begin with."""

from __future__ import annotations

import secrets
from typing import Any, Literal

from flask import Response
from pydantic import Field

from app import clock
from app.api import door, raw
from app.api.shapes import Shape
from app.declarations import sampling
from app.documents import serving
from app.intake import policy
from app.web import actor

blueprint = door.resource("samples", __name__, "Something to begin with.")


class SampleAsked(Shape):
    """What is to become of the sample in test mode."""

    outcome: Literal["approve", "refuse", "question", "slow", "part"] = Field(
        "approve", description="The ending of its reference (LRN), which forces this outcome in test mode"
    )


@blueprint.get("/samples/package", responses=door.answers(kinds={raw.XML: raw.TEXT}))
@door.guarded(policy.file)
def show_sample(query: SampleAsked) -> Any:
    """A package of your own that registers.

    Bicycles by road, in the name and under the UNP of your organisation, with a fresh reference: file it as it is. It needs no
    document. With a key of test mode robots decide; filed with a live key it is a real declaration, so do not.
    """
    mark = secrets.token_hex(4).upper()
    data = sampling.sample(
        unp=actor().unp,
        name=actor().organisation,
        lrn=f"SAMPLE-{mark}-{query.outcome.upper()}",
        mark=mark,
        on=clock.today(),
    )
    answer: Response = serving.attachment(data, "package.xml", raw.XML)
    return answer
