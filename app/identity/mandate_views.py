"""Mandates between traders and brokers."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.errors import Invalid, Refusal
from app.identity import finders, mandates, policy
from app.identity.forms import DIRECTIONS, MandateForm, after, show_faults
from app.identity.lifecycle import MANDATE
from app.identity.models import Mandate
from app.identity.signin_views import blueprint
from app.identity.stepping import stepped
from app.identity.wording import fault, refuse
from app.web import guard


@blueprint.get("/mandates")
@guard(policy.see_mandates)
def mandate_list() -> str:
    """The mandates my organisation gave or holds, ended ones too."""
    page = finders.list_mandates(web.actor(), request.args.get("cursor"))
    steps = {mandate.id: [row.name for row in MANDATE.available(mandate, web.actor())] for mandate in page.rows}
    return render_template(
        "identity/mandates.html", page=page, steps=steps, today=clock.today(), directions=dict(DIRECTIONS)
    )


@blueprint.get("/mandates/new")
@guard(policy.offer_mandate)
def mandate_new() -> str:
    """Which broker, for what, until when."""
    return render_template("identity/mandate_new.html", form=MandateForm(valid_from=clock.today()))


@blueprint.post("/mandates/new")
@guard(policy.offer_mandate)
@stepped()
def mandate_offer() -> Any:
    """Offer the mandate; it holds once the broker has accepted it."""
    form, actor = MandateForm(), web.actor()
    broker = finders.find_organisation_by_unp((form.broker_unp.data or "").strip().upper())
    try:
        if form.validate() and actor.organisation_id is not None:
            mandates.offer(
                finders.get_organisation(actor.organisation_id),
                broker,
                scope=form.scope.data,
                valid_from=form.valid_from.data,
                valid_to=after(form.valid_until.data),
                by=actor,
            )
            flash(_("The mandate is offered. It holds once the broker has accepted it."), "success")
            return web.back("identity.mandate_list")
        # What WTForms found is said together with what only the registers know.
        if broker is None or broker.kind != "broker":
            refuse([fault("BROKER-UNKNOWN", "broker_unp")])
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return render_template("identity/mandate_new.html", form=form), 422


@blueprint.post("/mandates/<uuid:mandate_id>/accept")
@guard(policy.accept_mandate, finders.get_mandate)
@stepped()
def mandate_accept(mandate: Mandate) -> Any:
    """Accept as the broker."""
    mandates.accept(mandate, by=web.actor())
    flash(_("You may now file for %(trader)s.", trader=mandate.trader.name), "success")
    return web.back("identity.mandate_list")


@blueprint.post("/mandates/<uuid:mandate_id>/end")
@guard(policy.end_mandate, finders.get_mandate)
def mandate_end(mandate: Mandate) -> Any:
    """End it: as the trader, or as the broker who declines or lays it down."""
    mandates.end(mandate, by=web.actor())
    flash(_("The mandate has ended."), "success")
    return web.back("identity.mandate_list")
