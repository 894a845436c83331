"""/api/v1/webhooks: the endpoints of an organisation, their secret, what became of each delivery, and sending again."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, url_for

from app import web
from app.api import door
from app.api.webhooks_shapes import (
    DeliveriesAsked,
    DeliveriesShape,
    DeliveryPath,
    DeliveryShape,
    DeliveryWholeShape,
    EndpointChanged,
    EndpointMade,
    EndpointPath,
    EndpointShape,
    EndpointsShape,
    ReplayAsked,
    ReplayShape,
    RotationAsked,
    SecretShape,
)
from app.webhooks import finders, managing, policy, replaying, signing
from app.webhooks.models import Delivery, Endpoint

blueprint = door.resource(
    "webhooks", __name__, "Be told instead of asking: signed messages by Standard Webhooks 1.0, with a log and replay."
)

_ONE = "/webhooks/<uuid:endpoint_id>"
_MINE = door.guarded(policy.manage, finders.get_endpoint, path=EndpointPath)
_TOLD = door.guarded(policy.manage, finders.get_delivery, path=DeliveryPath)


@blueprint.get("/webhooks", responses=door.answers(shape=EndpointsShape))
@door.guarded(policy.manage)
def list_webhooks() -> Any:
    """Your organisation's webhooks."""
    rows = [_endpoint(one) for one in finders.list_endpoints(web.actor())]
    return door.said(EndpointsShape(rows=rows))


@blueprint.post(
    "/webhooks",
    responses=door.answers(shape=EndpointShape, status=201, refusals=(422,), headers={"Location": "The webhook"}),
)
@door.guarded(policy.manage)
def add_webhook(body: EndpointMade) -> Any:
    """Add a webhook.

    It is told of what happens from now on. Where the address leads is looked at again at every delivery: only public addresses
    are connected to, and no redirect is followed.
    """
    made = managing.register(url=body.url, label=body.label, events=body.events, by=web.actor())
    shape = _endpoint(made)
    return door.said(shape, 201, Location=shape.links.self)


@blueprint.get(_ONE, responses=door.answers(shape=EndpointShape, refusals=(404,)))
@_MINE
def show_webhook(endpoint: Endpoint) -> Any:
    """One webhook."""
    return door.said(_endpoint(endpoint))


@blueprint.patch(_ONE, responses=door.answers(shape=EndpointShape, refusals=(404, 422)))
@_MINE
def change_webhook(endpoint: Endpoint, body: EndpointChanged) -> Any:
    """Change a webhook: address, name, filter.

    What waits goes to the new address; the filter holds for what happens from now on.
    """
    changed = managing.change(endpoint, url=body.url, label=body.label, events=body.events, by=web.actor())
    return door.said(_endpoint(changed))


@blueprint.delete(_ONE, responses=door.answers(status=204, refusals=(404,)))
@_MINE
def remove_webhook(endpoint: Endpoint) -> Any:
    """Remove a webhook. Nothing leaves for it any more."""
    managing.remove(endpoint, by=web.actor())
    return Response(status=204)


@blueprint.post(f"{_ONE}/pause", responses=door.answers(shape=EndpointShape, refusals=(404, 409)))
@_MINE
def pause_webhook(endpoint: Endpoint) -> Any:
    """Let a webhook stand still.

    What waits goes on waiting; what happens meanwhile is not queued for it and stands in the feed.
    """
    return door.said(_endpoint(managing.pause(endpoint, by=web.actor())))


@blueprint.post(f"{_ONE}/enable", responses=door.answers(shape=EndpointShape, refusals=(404, 409)))
@_MINE
def enable_webhook(endpoint: Endpoint) -> Any:
    """Let a webhook work again. What waits is tried at once."""
    return door.said(_endpoint(managing.enable(endpoint, by=web.actor())))


@blueprint.get(f"{_ONE}/secret", responses=door.answers(shape=SecretShape, refusals=(404,)))
@_MINE
def show_webhook_secret(endpoint: Endpoint) -> Any:
    """The secret of a webhook: two for some time after a rotation."""
    return door.said(SecretShape(secrets=[signing.shown(one) for one in managing.secrets_of(endpoint)]))


@blueprint.post(f"{_ONE}/rotate", responses=door.answers(shape=SecretShape, refusals=(404, 422)))
@_MINE
def rotate_webhook_secret(endpoint: Endpoint, body: RotationAsked) -> Any:
    """Make a new secret. For the hours you say, each message carries two signatures, one by the older secret."""
    rotated = managing.rotate(endpoint, hours=body.hours, by=web.actor())
    return door.said(SecretShape(secrets=[signing.shown(one) for one in managing.secrets_of(rotated)]))


@blueprint.post(f"{_ONE}/test", responses=door.answers(shape=DeliveryShape, status=202, refusals=(404, 409)))
@_MINE
def test_webhook(endpoint: Endpoint) -> Any:
    """Send a test event (`webhook.test`), past everything that waits. It is tried once; its outcome stands in the log."""
    return door.said(_delivery(replaying.send_test(endpoint, by=web.actor())), 202)


@blueprint.post(f"{_ONE}/replay", responses=door.answers(shape=ReplayShape, status=202, refusals=(404, 409, 422)))
@_MINE
def replay_webhook(endpoint: Endpoint, body: ReplayAsked) -> Any:
    """Send events again: a range of the feed, or what was lost while the webhook stood still.

    At most 1 000 at once, behind what waits already, each under the id it has in the feed.
    """
    if body.after is None and body.until is None:
        done = replaying.replay_lost(endpoint, by=web.actor())
    else:
        until = finders.end_of_feed(endpoint.organisation_id) if body.until is None else body.until
        done = replaying.replay_range(endpoint, after=body.after or 0, until=until, by=web.actor())
    return door.said(ReplayShape(queued=done.number, after=done.following), 202)


@blueprint.get(f"{_ONE}/deliveries", responses=door.answers(shape=DeliveriesShape, refusals=(404,)))
@_MINE
def list_deliveries(endpoint: Endpoint, query: DeliveriesAsked) -> Any:
    """The delivery log of a webhook, newest first."""
    page = finders.list_deliveries(endpoint, query.cursor, status=query.status or "", limit=query.limit)
    return door.said(DeliveriesShape(rows=[_delivery(one) for one in page.rows], next=page.following))


@blueprint.get(
    f"{_ONE}/deliveries/<uuid:delivery_id>", responses=door.answers(shape=DeliveryWholeShape, refusals=(404,))
)
@_TOLD
def show_delivery(told: finders.Told) -> Any:
    """One delivery: what was sent, and every attempt with the beginning of its answer."""
    attempts = [
        {
            "number": one.number, "at": one.at, "milliseconds": one.milliseconds, "status": one.status_code,
            "error": one.error or None, "answer": one.answer,
        }
        for one in told.attempts
    ]  # fmt: skip
    shown = {"delivery": _delivery(told.delivery), "attempts": attempts, "payload": told.delivery.payload}
    whole = DeliveryWholeShape.model_validate(shown).model_dump(mode="json")
    # What was sent stands as it was sent: a shape would write its moments in another way and add what it has not.
    return jsonify(whole | {"payload": told.delivery.payload})


@blueprint.post(
    f"{_ONE}/deliveries/<uuid:delivery_id>/replay",
    responses=door.answers(shape=DeliveryShape, status=202, refusals=(404, 409)),
)
@_TOLD
def replay_delivery(told: finders.Told) -> Any:
    """Send one event again, under the same id, behind what waits already."""
    return door.said(_delivery(replaying.replay(told, by=web.actor())), 202)


def _endpoint(endpoint: Endpoint) -> EndpointShape:
    key = str(endpoint.id)
    return EndpointShape.model_validate(
        {
            "id": endpoint.id, "url": endpoint.url, "label": endpoint.label, "events": endpoint.events,
            "status": endpoint.status, "created_at": endpoint.created_at, "disabled_at": endpoint.disabled_at,
            "disabled_because": endpoint.disabled_because or None,
            "two_secrets_until": endpoint.previous_until if len(managing.secrets_of(endpoint)) > 1 else None,
            "lost_from": endpoint.lost_from,
            "links": {
                "self": url_for("api_webhooks.show_webhook", endpoint_id=key),
                "deliveries": url_for("api_webhooks.list_deliveries", endpoint_id=key),
            },
        }
    )  # fmt: skip


def _delivery(delivery: Delivery) -> DeliveryShape:
    where: dict[str, Any] = {"endpoint_id": str(delivery.endpoint_id), "delivery_id": str(delivery.id)}
    return DeliveryShape.model_validate(
        {
            "id": delivery.id, "event_id": delivery.payload["data"]["id"], "type": delivery.event,
            "position": delivery.feed_position or None, "status": delivery.status,
            "created_at": delivery.created_at, "ended_at": delivery.ended_at, "attempts": delivery.attempts,
            "next_at": delivery.next_at, "replay": delivery.replay if delivery.feed_position else 0,
            "links": {"self": url_for("api_webhooks.show_delivery", **where)},
        }
    )  # fmt: skip
