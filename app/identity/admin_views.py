"""Organisations and people, for the administrator of the window. No password passes through these pages."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock, web
from app.errors import Invalid, Refusal
from app.identity import accounts, factors, finders, invitations, policy
from app.identity.forms import KINDS, ROLES, MembershipForm, OrganisationForm, PersonForm, after, choices, show_faults
from app.identity.models import Membership, Organisation, Person
from app.identity.signin_views import blueprint
from app.identity.stepping import stepped
from app.web import guard


@blueprint.get("/organisations")
@guard(policy.manage_organisations)
def organisation_list() -> str:
    """All organisations by name."""
    page = finders.list_organisations(request.args.get("cursor"))
    return render_template("identity/organisations.html", page=page, kinds=dict(KINDS))


@blueprint.get("/organisations/new")
@guard(policy.manage_organisations)
def organisation_new() -> str:
    """Register an organisation."""
    return render_template("identity/organisation_new.html", form=OrganisationForm())


@blueprint.post("/organisations/new")
@guard(policy.manage_organisations)
def organisation_register() -> Any:
    """Register it, or say everything that is missing."""
    form = OrganisationForm()
    try:
        if form.validate():
            made = accounts.register_organisation(
                kind=form.kind.data,
                name=form.name.data or "",
                unp=form.unp.data,
                agency=form.agency.data,
                city=form.city.data or "",
                address_line=form.address_line.data or "",
                by=web.actor(),
            )
            flash(_("%(name)s is registered.", name=made.name), "success")
            return web.back("identity.organisation", organisation_id=made.id)
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return render_template("identity/organisation_new.html", form=form), 422


@blueprint.get("/organisations/<uuid:organisation_id>")
@guard(policy.manage_organisations, finders.get_organisation)
def organisation(found: Organisation) -> str:
    """One organisation and its people."""
    return render_template(
        "identity/organisation.html",
        organisation=found,
        members=finders.list_members(found.id),
        kinds=dict(KINDS),
        roles=dict(ROLES),
        today=clock.today(),
    )


@blueprint.get("/people")
@guard(policy.manage_people)
def people() -> str:
    """Everybody with an account, by name."""
    page = finders.list_people(request.args.get("cursor"))
    return render_template("identity/people.html", page=page, roles=dict(ROLES), today=clock.today())


@blueprint.get("/people/new")
@guard(policy.manage_people)
def person_new() -> str:
    """Invite somebody."""
    form = PersonForm(valid_from=clock.today(), organisation=request.args.get("organisation", ""))
    return _new_person(form)


@blueprint.post("/people/new")
@guard(policy.manage_people)
@stepped()
def person_invite() -> Any:
    """Make the account and its first place; the answer shows the link where the person sets a password."""
    form, by = PersonForm(), web.actor()
    form.organisation.choices = _choices()
    try:
        if form.validate():
            person = accounts.create_person(
                email=form.email.data or "",
                full_name=form.full_name.data or "",
                language=form.language.data,
                personal_number=form.personal_number.data or "",
                by=by,
            )
            _add_place(person, form)
            return _invited(person)
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _new_person(form), 422


@blueprint.get("/people/<uuid:person_id>")
@guard(policy.manage_people, finders.get_person)
def person(found: Person) -> str:
    """One person and their places."""
    return _person(found)


@blueprint.post("/people/<uuid:person_id>/link")
@guard(policy.manage_people, finders.get_person)
@stepped()
def person_link(found: Person) -> Any:
    """A letter with a new link for setting a password."""
    return _invited(found)


def _invited(found: Person) -> Any:
    """The link goes to the person alone; only in the demonstration, whose letters leave for nowhere, it is shown."""
    if current_app.extensions["akno.settings"].demonstration:
        return _person(found, link=_link(invitations.hand_over(found, by=web.actor())))
    invitations.invite(found, by=web.actor())
    words = _(
        "A letter with a link goes to %(email)s. It is good once, for %(hours)s hours.",
        email=found.email,
        factors=len(factors.list_factors(found.id)),
        hours=invitations.HOURS,
    )
    flash(words, "success")
    return web.back("identity.person", person_id=found.id)


@blueprint.post("/people/<uuid:person_id>/disable")
@guard(policy.manage_people, finders.get_person)
@stepped()
def person_disable(found: Person) -> Any:
    """Disable the account; its sessions and keys are dead at once."""
    accounts.disable(found, by=web.actor())
    flash(_("%(name)s can no longer sign in.", name=found.full_name), "success")
    return web.back("identity.person", person_id=found.id)


@blueprint.post("/people/<uuid:person_id>/sessions/end")
@guard(policy.manage_people, finders.get_person)
def person_sessions_end(found: Person) -> Any:
    """End every session of the person; the account stays."""
    number = accounts.end_sessions(found, by=web.actor())
    flash(ngettext("%(num)d session has ended.", "%(num)d sessions have ended.", number), "success")
    return web.back("identity.person", person_id=found.id)


@blueprint.post("/people/<uuid:person_id>/memberships")
@guard(policy.manage_people, finders.get_person)
@stepped()
def membership_add(found: Person) -> Any:
    """Give the person another place."""
    form = MembershipForm()
    form.organisation.choices = _choices()
    try:
        if form.validate():
            _add_place(found, form)
            flash(_("The place is added."), "success")
            return web.back("identity.person", person_id=found.id)
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _person(found, form=form), 422


@blueprint.post("/memberships/<uuid:membership_id>/end")
@guard(policy.manage_people, finders.get_membership)
@stepped()
def membership_end(membership: Membership) -> Any:
    """End a place today."""
    accounts.end_membership(membership, by=web.actor())
    flash(_("The place has ended."), "success")
    return web.back("identity.person", person_id=membership.person_id)


def _add_place(person: Person, form: MembershipForm) -> Membership:
    chosen = next(house for house in finders.list_choices() if str(house.id) == form.organisation.data)
    return accounts.add_membership(
        person,
        chosen,
        roles=form.roles.data,
        post=form.post.data or "",
        office_code=form.office_code.data or "",
        valid_from=form.valid_from.data,
        valid_to=after(form.valid_until.data),
        by=web.actor(),
    )


def _choices() -> list[Any]:
    return choices([("", _("Choose")), *((str(house.id), house.name) for house in finders.list_choices())])


def _new_person(form: PersonForm) -> str:
    form.organisation.choices = _choices()
    return render_template("identity/person_new.html", form=form)


def _person(found: Person, *, form: MembershipForm | None = None, link: str = "") -> str:
    form = form or MembershipForm(formdata=None, valid_from=clock.today())
    form.organisation.choices = _choices()
    return render_template(
        "identity/person.html",
        person=finders.get_person(found.id),
        form=form,
        link=link,
        factors=len(factors.list_factors(found.id)),
        hours=invitations.HOURS,
        roles=dict(ROLES),
        today=clock.today(),
    )


def _link(token: str) -> str:
    """The whole address, from the settings and never from the Host header (S-HOST)."""
    base = current_app.extensions["akno.settings"].base_url
    return f"{base}{url_for('identity.invitation', token=token)}"
