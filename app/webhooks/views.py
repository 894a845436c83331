"""The pages of webhooks: which there are, how they fare, what became of each event, and sending again."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app import web
from app.errors import Invalid, Refusal
from app.identity.forms import show_faults
from app.identity.stepping import stepped
from app.web import back, guard
from app.webhooks import finders, managing, policy, replaying, signing
from app.webhooks.forms import EndpointForm, RangeForm, RotationForm
from app.webhooks.knowledge import KNOWN
from app.webhooks.lifecycle import DELIVERY, ENDPOINT
from app.webhooks.models import Endpoint
from app.webhooks.wording import outcome_words

blueprint = Blueprint("webhooks", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """Give the pages of webhooks the words of events, states and outcomes."""
    if request.blueprint != "webhooks":
        return {}
    return {
        "known": KNOWN, "endpoint_words": ENDPOINT.words, "delivery_words": DELIVERY.words,
        "outcome_words": outcome_words,
    }  # fmt: skip


@blueprint.get("/account/webhooks")
@guard(policy.manage)
def index() -> str:
    """The webhooks of my organisation."""
    endpoints = finders.list_endpoints(web.actor())
    return render_template("webhooks/list.html", endpoints=endpoints, waiting=finders.count_waiting(endpoints))


@blueprint.get("/account/webhooks/new")
@guard(policy.manage)
def new() -> str:
    """What a new webhook needs to know."""
    return render_template("webhooks/form.html", form=EndpointForm(), endpoint=None)


@blueprint.post("/account/webhooks/new")
@guard(policy.manage)
def new_post() -> Any:
    """Add a webhook."""
    form = EndpointForm()
    try:
        if form.validate():
            made = managing.register(**_typed(form), by=web.actor())
            flash(_("The webhook is added. Give its secret to your program, then send a test event."), "success")
            return back("webhooks.show", endpoint_id=made.id)
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return render_template("webhooks/form.html", form=form, endpoint=None), 422


@blueprint.get("/account/webhooks/<uuid:endpoint_id>")
@guard(policy.manage, finders.get_endpoint)
def show(endpoint: Endpoint) -> str:
    """One webhook: how it fares, its secret, its log."""
    return _page(endpoint)


@blueprint.get("/account/webhooks/<uuid:endpoint_id>/change")
@guard(policy.manage, finders.get_endpoint)
def change(endpoint: Endpoint) -> str:
    """Address, name and events, to be changed."""
    return render_template("webhooks/form.html", form=EndpointForm(obj=endpoint), endpoint=endpoint)


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/change")
@guard(policy.manage, finders.get_endpoint)
def change_post(endpoint: Endpoint) -> Any:
    """Change address, name and events."""
    form = EndpointForm()
    try:
        if form.validate():
            managing.change(endpoint, **_typed(form), by=web.actor())
            flash(_("The webhook is changed."), "success")
            return back("webhooks.show", endpoint_id=endpoint.id)
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return render_template("webhooks/form.html", form=form, endpoint=endpoint), 422


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/pause")
@guard(policy.manage, finders.get_endpoint)
def pause(endpoint: Endpoint) -> Any:
    """Let it stand still."""
    managing.pause(endpoint, by=web.actor())
    flash(_("The webhook stands still. What happens meanwhile stands in the feed and can be sent later."), "success")
    return back("webhooks.show", endpoint_id=endpoint.id)


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/enable")
@guard(policy.manage, finders.get_endpoint)
def enable(endpoint: Endpoint) -> Any:
    """Let it work again."""
    managing.enable(endpoint, by=web.actor())
    flash(_("The webhook works again."), "success")
    return back("webhooks.show", endpoint_id=endpoint.id)


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/remove")
@guard(policy.manage, finders.get_endpoint)
def remove(endpoint: Endpoint) -> Any:
    """Remove it."""
    managing.remove(endpoint, by=web.actor())
    flash(_("The webhook is removed. Nothing is sent to it any more."), "success")
    return back("webhooks.index")


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/secret")
@guard(policy.manage, finders.get_endpoint)
@stepped()
def secret(endpoint: Endpoint) -> str:
    """Show the secret on the page that answers, so that it stands in no history."""
    return _page(endpoint, secrets=[signing.shown(one) for one in managing.secrets_of(endpoint)])


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/rotate")
@guard(policy.manage, finders.get_endpoint)
@stepped()
def rotate(endpoint: Endpoint) -> Any:
    """Make a new secret and show it."""
    form = RotationForm()
    try:
        if form.validate():
            rotated = managing.rotate(endpoint, hours=form.hours.data, by=web.actor())
            return _page(rotated, secrets=[signing.shown(one) for one in managing.secrets_of(rotated)])
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _page(endpoint, rotation=form), 422


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/test")
@guard(policy.manage, finders.get_endpoint)
def send_test(endpoint: Endpoint) -> Any:
    """Send a test event."""
    replaying.send_test(endpoint, by=web.actor())
    flash(_("A test event is on its way. Its outcome stands in the log in a few seconds."), "success")
    return back("webhooks.show", endpoint_id=endpoint.id, _anchor="log")


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/lost")
@guard(policy.manage, finders.get_endpoint)
def replay_lost(endpoint: Endpoint) -> Any:
    """Send what it missed."""
    _tell(replaying.replay_lost(endpoint, by=web.actor()))
    return back("webhooks.show", endpoint_id=endpoint.id, _anchor="log")


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/replay")
@guard(policy.manage, finders.get_endpoint)
def replay_range(endpoint: Endpoint) -> Any:
    """Send a range of the feed again."""
    form = RangeForm()
    try:
        if form.validate():
            after, until = form.after.data, form.until.data
            _tell(replaying.replay_range(endpoint, after=after, until=until, by=web.actor()))
            return back("webhooks.show", endpoint_id=endpoint.id, _anchor="log")
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _page(endpoint, again=form), 422


@blueprint.get("/account/webhooks/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>")
@guard(policy.manage, finders.get_delivery)
def delivery(told: finders.Told) -> str:
    """What became of one event: every attempt with its answer, and what was sent."""
    sent = json.dumps(told.delivery.payload, ensure_ascii=False, indent=2)
    return render_template(
        "webhooks/delivery.html", told=told, endpoint=told.endpoint, delivery=told.delivery, sent=sent
    )


@blueprint.post("/account/webhooks/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/replay")
@guard(policy.manage, finders.get_delivery)
def replay(told: finders.Told) -> Any:
    """Send one event again."""
    made = replaying.replay(told, by=web.actor())
    flash(_("The event is sent again, behind what waits already."), "success")
    return back("webhooks.delivery", endpoint_id=told.endpoint.id, delivery_id=made.id)


def _typed(form: EndpointForm) -> dict[str, Any]:
    return {"url": form.url.data or "", "label": form.label.data or "", "events": form.events.data or []}


def _tell(done: replaying.Replayed) -> None:
    flash(ngettext("%(num)d event is sent again.", "%(num)d events are sent again.", done.number), "success")
    if done.following is not None:
        flash(_("That was not everything. Go on from position %(position)s.", position=done.following), "info")


def _page(endpoint: Endpoint, **given: Any) -> str:
    status = request.args.get("status", "")
    status = status if status in DELIVERY.states else ""
    page = finders.list_deliveries(endpoint, request.args.get("cursor"), status=status)
    return render_template(
        "webhooks/show.html",
        endpoint=endpoint,
        page=page,
        status=status,
        attempts=finders.last_attempts(page.rows),
        waiting=finders.count_waiting([endpoint]).get(endpoint.id, 0),
        lost=len(finders.list_lost(endpoint)),
        counted=finders.COUNTED,
        two=len(managing.secrets_of(endpoint)) > 1,
        secrets=given.get("secrets", []),
        rotation=given.get("rotation") or RotationForm(formdata=None),
        again=given.get("again") or RangeForm(formdata=None),
    )
