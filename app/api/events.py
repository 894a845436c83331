"""GET /api/v1/events: the feed of what happened to one's packages, the source of truth beside every webhook."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from app import web
from app.api import door, problem
from app.api.events_shapes import FeedAsked, FeedShape
from app.webhooks import finders, policy, queueing
from app.webhooks.knowledge import KNOWN
from app.webhooks.wording import fault

blueprint = door.resource(
    "events", __name__, "What happened to your organisation's packages, in order, from the beginning."
)

PAUSE = "5"
"""Seconds after which it is worth asking again when there is nothing more."""


@blueprint.get(
    "/events",
    responses=door.answers(
        shape=FeedShape, headers={"Retry-After": "Seconds after which to ask again; only where `more` is false"}
    ),
)
@door.guarded(policy.read_feed)
def list_events(query: FeedAsked) -> Any:
    """What happened, in order.

    The source of truth: every event that a webhook carries stands here under the same id, and what is long past stays
    readable. Keep `after` of the answer and ask with it next time: nothing comes twice, nothing is passed over. The packages
    are those your organisation owns or has filed.
    """
    wanted = [one for one in query.types.split(",") if one]
    unknown = sorted(set(wanted) - set(KNOWN))
    if unknown:
        return problem.problem(
            400, "request", errors=[problem.error_of(fault("EVENT-UNKNOWN", "types", ", ".join(unknown)))]
        )
    feed = finders.list_feed(web.actor(), after=query.after, limit=query.limit, events=wanted)
    # The messages are made of plain values by the one function that makes webhooks: they are the same to the letter.
    answer: Response = jsonify(
        events=[queueing.told(one) for one in feed.entries], after=feed.following, more=feed.more
    )
    if not feed.more:
        answer.headers["Retry-After"] = PAUSE
    return answer
