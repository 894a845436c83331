"""Check before filing, for anybody: the page that stores nothing, and the offline checker to take along."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import clock
from app.declarations.rules.catalogue import rules
from app.declarations.rules_views import OF_THE_LAW, sample_of
from app.errors import NotFound
from app.intake import bundling, kept, telling
from app.intake.container import is_zip, unpack
from app.intake.verdicts import UNREADABLE, as_bytes, verdict
from app.requirements.finders import current_edition
from app.requirements.inquiry import DATE_WRONG, day_of
from app.shell import language
from app.web import metered, only_reads, public

blueprint = Blueprint("checking", __name__)

KINDS = {
    "container": (_l("The ZIP file"), _l("It has to be packed again before its content can be looked at.")),
    "schema": (_l("The form of the file"), _l("Elements, their order, and the form of their values: the published schema.")),
    "rule": (_l("What contradicts itself or is missing"), _l("The rules that every package is checked by.")),
    "requirement": (_l("What the law asks for these goods"), _l("Questions, documents and bans of the measures in force.")),
}  # fmt: skip


@blueprint.get("/check")
@public
def show() -> str:
    """The page to drop a file on; with ``?sample=`` the verdict on the sample of a rule. Raises NotFound for no code."""
    code = request.args.get("sample", "")
    if code:
        day = bundling.FIXTURES_ON
        return _answered(sample_of(code), f"{code}.xml", date.fromisoformat(day), day)
    return _page()


@blueprint.post("/check")
@only_reads
@metered
@public
def answer() -> Any:
    """The verdict on a file; neither the file nor the verdict is kept."""
    typed = request.form.get("on", "").strip()
    given = request.files.get("package")
    errors = {}
    if given is None or not given.filename:
        errors["package"] = _("Choose the XML or ZIP file of the package.")
    on = _day(typed)
    if on is None:
        errors["on"] = " ".join(text[language()] for text in DATE_WRONG)
    if errors or given is None or on is None:
        return _page(errors=errors, on=typed), 422
    return _answered(given.stream.read(), given.filename or "", on, on.isoformat() if typed else "")


def _day(typed: str) -> date | None:
    return day_of(typed) if typed else clock.today()


def _answered(body: bytes, name: str, on: date, typed: str) -> str:
    told = verdict(body, edition=current_edition(), on=on)
    return _page(
        told=told,
        name=name,
        on=typed,
        lost=kept.report_of_file(body) if _is_worth_counting(told) else None,
        groups=telling.groups(told["faults"], _xml(body)),
        kinds=KINDS,
        explained={*rules(), *(code for code, _text, _why in OF_THE_LAW)},
        as_json=_inline("application/json", as_bytes(told)),
        as_csv=_inline("text/csv", telling.as_csv(told["faults"], language())),
    )


def _is_worth_counting(told: dict[str, Any]) -> bool:
    """Whether the page says what would be kept: not of a flood of faults, where reading the file once more would double the
    time of an answer that helps nobody yet."""
    return told["verdict"] != UNREADABLE and told["items"] <= kept.MOST_ITEMS and not told["more"]


def _page(**values: Any) -> str:
    ready = {"told": None, "lost": None, "errors": {}, "on": "", "name": ""} | values
    return render_template("intake/check.html", bundle=bundling.bundle(), **ready)


def _xml(body: bytes) -> bytes:
    """The declaration as it was received, to show lines of; out of its ZIP."""
    if not is_zip(body):
        return body
    container, _faults = unpack(body)
    return container.declaration if container is not None else b""


def _inline(kind: str, data: bytes) -> str:
    """A file inside the page: nothing is kept here that could be fetched later."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


@blueprint.get("/developers/bundle")
@blueprint.get("/developers/bundle/<name>")
@public
def bundle(name: str = "") -> Response:
    """The offline checker as one wheel. Raises NotFound for a name that is not the present one's."""
    made = bundling.bundle()
    if name not in ("", made.file_name):
        raise NotFound(name)
    told = Response(made.data, mimetype="application/zip")
    told.headers["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    told.set_etag(made.sha256)
    told.make_conditional(request)
    return told
