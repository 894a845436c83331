"""The keys of my organisation's software: made, rotated, revoked, and what was asked with each of them."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.api import remembered
from app.errors import Invalid, Refusal
from app.identity import apikeys, finders, policy
from app.identity.forms import KEY_SCOPES, KeyForm, RotationForm, choices, show_faults
from app.identity.models import ApiKey
from app.identity.signin_views import blueprint
from app.identity.stepping import stepped
from app.web import guard


def _scopes(key: ApiKey) -> list[Any]:
    """What a key may do, in words."""
    words = dict(KEY_SCOPES)
    return [words[name] for name, rights in apikeys.SCOPES.items() if {one.value for one in rights} <= set(key.scopes)]


def _form(**options: Any) -> KeyForm:
    """The form of a new key: offered is what this person may do; what was sent all the same is judged by the activity."""
    form, held = KeyForm(**options), web.actor().permissions
    sent = form.scopes.data or ()
    form.scopes.choices = choices(
        (name, words) for name, words in KEY_SCOPES if name in sent or held.issuperset(apikeys.SCOPES[name])
    )
    return form


def _standing(key: ApiKey) -> str:
    return apikeys.standing(key, clock.now())


def _keys(form: KeyForm, shown: str = "") -> str:
    return render_template(
        "identity/keys.html", form=form, keys=finders.list_keys(web.actor()), shown=shown, scopes=_scopes,
        standing=_standing, pattern=apikeys.PATTERN,
    )  # fmt: skip


@blueprint.get("/account/keys")
@guard(policy.manage_keys)
def keys() -> str:
    """The keys of my organisation's software."""
    return _keys(_form())


@blueprint.post("/account/keys")
@guard(policy.manage_keys)
@stepped()
def key_create() -> Any:
    """Make a key and show it once, on the page that answers."""
    form = _form()
    try:
        if form.validate():
            wanted = [right.value for name in form.scopes.data or () for right in apikeys.SCOPES[name]]
            _key, secret = apikeys.create(
                label=form.label.data or "", scopes=wanted, days=form.days.data, by=web.actor()
            )  # fmt: skip
            return _keys(_form(formdata=None), shown=secret)
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _keys(form), 422


def _key(key: ApiKey, form: RotationForm, shown: str = "") -> str:
    return render_template(
        "identity/key.html", key=key, form=form, shown=shown, scopes=_scopes(key), standing=_standing(key),
        maker=finders.get_person(key.person_id), earlier=finders.find_key(key.successor_of_id),
        successor=apikeys.find_successor(key),
    )  # fmt: skip


@blueprint.get("/account/keys/<uuid:key_id>")
@guard(policy.manage_keys, finders.get_key)
def key_show(key: ApiKey) -> str:
    """One key: what it may do, until when, who made it."""
    return _key(key, RotationForm())


@blueprint.post("/account/keys/<uuid:key_id>/rotate")
@guard(policy.manage_keys, finders.get_key)
@stepped()
def key_rotate(key: ApiKey) -> Any:
    """Make a key in the place of this one and show it once; both are good for a while."""
    form = RotationForm()
    try:
        if form.validate():
            made, secret = apikeys.rotate(key, overlap_hours=form.overlap.data, days=form.days.data, by=web.actor())
            return _key(made, RotationForm(formdata=None), shown=secret)
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _key(key, form), 422


@blueprint.post("/account/keys/<uuid:key_id>/revoke")
@guard(policy.manage_keys, finders.get_key)
def key_revoke(key: ApiKey) -> Any:
    """End a key at once."""
    apikeys.revoke(key, by=web.actor())
    flash(_("The key is revoked. Programs that use it are refused from now on."), "success")
    return web.back("identity.keys")


@blueprint.get("/account/keys/<uuid:key_id>/requests")
@guard(policy.manage_keys, finders.get_key)
def key_requests(key: ApiKey) -> str:
    """What was asked with a key in the last thirty days, newest first."""
    kind = request.args.get("kind", "")
    return render_template(
        "identity/key_requests.html", key=key, kind=kind, kinds=remembered.KINDS,
        page=remembered.list_requests(key, kind, request.args.get("cursor")),
    )  # fmt: skip
