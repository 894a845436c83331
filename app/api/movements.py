"""Reports from the road: position, arrival, departure, seals."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.advance import policy, reporting
from app.api import door
from app.api.movements_shapes import MovementReported, MovementShape
from app.web import actor

blueprint = door.resource("movements", __name__, "Report where goods are, that they have come, and how the seals are.")


@blueprint.post("/movements", responses=door.answers(shape=MovementShape, status=201, refusals=(422,)))
@door.guarded(policy.report_any)
def report_movement(body: MovementReported) -> Response:
    """Report position, arrival, departure or seals of a consignment that you sent, carry or keep.

    The same report sent twice is one. What officers make of it is theirs.
    """
    seals: Any = None if body.seals is None else [(one.number, one.state) for one in body.seals]
    said = reporting.Said(
        kind=body.kind, at=body.at, number=body.number, vehicle=body.vehicle, container=body.container,
        latitude=body.latitude, longitude=body.longitude, post=body.post, seals=seals,
    )  # fmt: skip
    made = reporting.report(said, by=actor())
    return door.said(_shape(made), 201)


def _shape(made: Any) -> MovementShape:
    info = made.advance
    return MovementShape(
        id=made.id, number=info.number, kind=made.kind, at=made.at, reported_at=made.reported_at, status=info.status
    )
