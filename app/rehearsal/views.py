"""The page of test keys, in the live portal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.api import remembered
from app.errors import Invalid, Refusal
from app.identity import apikeys, policy
from app.identity.forms import KEY_SCOPES, KeyForm, show_faults
from app.identity.models import ApiKey
from app.rehearsal import keys, magic
from app.web import actor, back, guard

blueprint = Blueprint("rehearsal", __name__, url_prefix="/account/test-keys")


OVERLAP_HOURS = 24


def _page(form: KeyForm, shown: str = "") -> str:
    return render_template(
        "rehearsal/keys.html", form=form, keys=keys.list_keys(actor()), state=keys.state(), shown=shown,
        scopes=apikeys.SCOPES, scope_words=dict(KEY_SCOPES), outcomes=magic.OUTCOMES, standing=lambda key: apikeys.standing(key, clock.now()),
    )  # fmt: skip


@blueprint.get("")
@guard(policy.manage_keys)
def show() -> str:
    """The test keys of my organisation's software, and what its references force."""
    return _page(KeyForm())


@blueprint.post("")
@guard(policy.manage_keys)
def create() -> Any:
    """Make a test key and show it once, on the page that answers."""
    form = KeyForm()
    try:
        if form.validate():
            wanted = [right.value for name in form.scopes.data or () for right in apikeys.SCOPES[name]]
            _key, secret = keys.create(label=form.label.data or "", scopes=wanted, days=form.days.data, by=actor())
            return _page(KeyForm(formdata=None), shown=secret)
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _page(form), 422


@blueprint.get("/<uuid:key_id>/requests")
@guard(policy.manage_keys, keys.get_key)
def requests(key: ApiKey) -> str:
    """What was asked with a test key in the last thirty days, newest first."""
    kind = request.args.get("kind", "")
    page = keys.in_rehearsal(lambda: remembered.list_requests(key, kind, request.args.get("cursor")))
    return render_template("rehearsal/requests.html", key=key, kind=kind, kinds=remembered.KINDS, page=page)


@blueprint.post("/<uuid:key_id>/rotate")
@guard(policy.manage_keys, keys.get_key)
def rotate(key: ApiKey) -> Any:
    """Make a test key in the place of another and show it once; the older one stays good for a day."""
    _key, secret = keys.rotate(key, overlap_hours=OVERLAP_HOURS, by=actor())
    return _page(KeyForm(), shown=secret)


@blueprint.post("/<uuid:key_id>/revoke")
@guard(policy.manage_keys, keys.get_key)
def revoke(key: ApiKey) -> Any:
    """End a test key at once."""
    keys.revoke(key, by=actor())
    flash(_("The test key is revoked. Programs that use it are refused from now on."), "success")
    return back("rehearsal.show")
