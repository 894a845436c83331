"""The pages of watch-lists: what is looked for, the form that proposes an entry, what was found and waits for a word.

Every reading of a list or of an entry is remembered; the auditor reads who has read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app import web
from app.declarations.masking import PARTIES
from app.errors import Conflict, Invalid
from app.identity.stepping import stepped
from app.requirements.finders import current_edition
from app.requirements.inquiry import day_of
from app.reviews import finders as reviews
from app.reviews import naming, needs
from app.risk import watch_finders as finders
from app.risk import watch_policy as policy
from app.risk import watch_words as words
from app.risk import watching
from app.risk.watch_lifecycle import WATCH_CANDIDATE, WATCH_ENTRY
from app.risk.watch_models import WatchCandidate, WatchEntry
from app.risk.watching import Meant
from app.shell import t
from app.web import actor, back, guard

blueprint = Blueprint("watch", __name__, url_prefix="/risk/watch")
FIELDS = ("kind", "words", "source", "reference", "confidence", "reason", "effect", "until")


@blueprint.get("")
@guard(policy.see)
def index() -> str:
    """What is looked for, or waits to be, or has ended."""
    status = request.args.get("status", "active")
    status = status if status in WATCH_ENTRY.states else "active"
    page = finders.list_entries(actor(), request.args.get("cursor"), status=status)
    _remember(page.rows)
    return render_template(
        "risk/watch_list.html", page=page, status=status, policy=policy, names=naming.names(), **_words()
    )


@blueprint.get("/found")
@guard(policy.see)
def found() -> str:
    """What was found in packages and waits for an officer's word."""
    page = finders.list_candidates(actor(), request.args.get("cursor"))
    _remember({one.entry.id: one.entry for one in page.rows}.values())
    return render_template("risk/watch_found.html", page=page, shows=_shows(), names=naming.names(), **_words())


@blueprint.get("/new")
@guard(policy.enter)
def new() -> str:
    """The form that proposes an entry."""
    return _form(dict.fromkeys(FIELDS, "") | {"shared": []}, {})


@blueprint.post("/new")
@guard(policy.enter)
@stepped()
def enter() -> Any:
    """Propose it; a form that cannot be taken comes back as typed."""
    typed: dict[str, Any] = {name: request.form.get(name, "") for name in FIELDS}
    typed["shared"] = request.form.getlist("shared")
    meant = Meant(
        **{name: typed[name] for name in FIELDS if name != "until"},
        shared=tuple(typed["shared"]),
        until=day_of(typed["until"]),
    )
    try:
        entry = watching.propose(meant, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _form(typed, _said(refusal)), refusal.status
    flash(_("The entry waits for a supervisor of your agency."), "success")
    return back("watch.show", entry_id=entry.id)


@blueprint.get("/<uuid:entry_id>")
@guard(policy.read, finders.get_entry)
def show(entry: WatchEntry) -> str:
    """One entry with its reason."""
    return _page(entry)


@blueprint.post("/<uuid:entry_id>/confirm")
@guard(policy.confirm, finders.get_entry)
@stepped()
def confirm(entry: WatchEntry) -> Any:
    """Take it on."""
    watching.confirm(entry, by=actor())
    flash(_("It is looked for in every package from now on."), "success")
    return back("watch.show", entry_id=entry.id)


@blueprint.post("/<uuid:entry_id>/refuse")
@guard(policy.confirm, finders.get_entry)
def refuse(entry: WatchEntry) -> Any:
    """Do not take it on."""
    return _put_away(entry, watching.refuse, _("The entry is not taken on."))


@blueprint.post("/<uuid:entry_id>/end")
@guard(policy.end, finders.get_entry)
@stepped()
def end(entry: WatchEntry) -> Any:
    """Take it off."""
    return _put_away(entry, watching.end, _("It is no longer looked for."))


@blueprint.post("/found/<uuid:candidate_id>")
@guard(policy.settle, finders.get_candidate)
def settle(candidate: WatchCandidate) -> Any:
    """Say whether what was found is what is looked for."""
    key, case = candidate.id, _case(candidate)
    same = request.form.get("same", "")
    try:
        if same not in ("yes", "no"):
            raise Invalid([words.fault("WATCH-CHOICE", "same")])
        watching.settle(candidate, same=same == "yes", reason=request.form.get("why", ""), by=actor())
    except (Invalid, Conflict) as refusal:
        web.refuse_and_read(refusal)
        page = finders.list_candidates(actor())
        typed = {str(key): dict(request.form)}
        return render_template(
            "risk/watch_found.html",
            page=page,
            shows=_shows(),
            names=naming.names(),
            typed=typed,
            errors=_said(refusal),
            **_words(),
        ), refusal.status
    flash(_("Your word is written down."), "success")
    return back("reviews.case", review_id=case, _anchor="watch") if case else back("watch.found")


def _shows() -> bool:
    """Whether the reader's agency may see who stands in a package."""
    return actor().kind == "auditor" or needs.grants(actor().agency, PARTIES)


def _put_away(entry: WatchEntry, deed: Any, told: str) -> Any:
    key, reason = entry.id, request.form.get("why", "")
    try:
        deed(entry, reason=reason, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _page(finders.get_entry(key, actor=actor()), reason, _said(refusal)), refusal.status
    flash(told, "success")
    return back("watch.show", entry_id=key)


def _remember(entries: Iterable[WatchEntry]) -> None:
    with web.remembering():
        watching.remember_reading(entries, by=actor())


def _case(candidate: WatchCandidate) -> Any:
    """The case of the reader's agency on this package, where it has one."""
    here = reviews.list_reviews(candidate.declaration_id)
    return next((one.id for one in here if one.agency == actor().agency), None)


def _said(refusal: Invalid | Conflict) -> dict[str, str]:
    if isinstance(refusal, Invalid):
        return {one.field: f"{t(one.message)} {t(one.remedy)}" for one in refusal.faults}
    return {"": str(refusal.message)}


def _words() -> dict[str, Any]:
    return {
        "kinds": words.KINDS, "sources": words.SOURCES, "confidence": words.CONFIDENCE, "effects": words.EFFECTS,
        "states": WATCH_ENTRY.words, "answers": WATCH_CANDIDATE.words,
    }  # fmt: skip


def _form(typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    edition = current_edition()
    agencies = [code for code in edition.agencies if code in edition.judging and code != actor().agency]
    return render_template(
        "risk/watch_new.html", typed=typed, errors=errors, agencies=agencies, names=naming.names(), **_words()
    )


def _page(entry: WatchEntry, reason: str = "", errors: Mapping[str, str] | None = None) -> str:
    _remember([entry])
    return render_template(
        "risk/watch_entry.html",
        entry=entry,
        policy=policy,
        reason=reason,
        errors=errors or {},
        names=naming.names(),
        **_words(),
    )
