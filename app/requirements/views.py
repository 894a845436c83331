"""The public page "What do I need?": the answer of the law for one goods code, before anything is filed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.access import Permission
from app.errors import Fault
from app.insights import chosen, needs
from app.requirements import inquiry, searching, wording
from app.requirements.alphabet import place
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition
from app.requirements.inquiry import Said
from app.reviews.naming import Names
from app.shell import language, t
from app.web import actor, public

blueprint = Blueprint("requirements", __name__)

BOXES = {"hs": 100, "origin": 60, "region": 35, "destination": 60, "procedure": 7, "on": 20}
"""The boxes of the page and how much of each is read."""


@blueprint.get("/measures")
@public
def measures() -> Any:
    """Ask by code, direction, countries, procedure, day and answers; the address holds the question and can be
    shared.
    """
    edition = current_edition()
    said = read_said()
    by_words = bool(said.hs) and not inquiry.digits_of(said.hs) and not said.hs.replace(" ", "").isdigit()
    asked, faults = inquiry.read(said, edition, today=clock.today())
    errors = errors_of(faults) if said.hs and not by_words else {}
    said = replace(said, origin=asked.origin, region=asked.region, destination=asked.destination)
    answer = needs.answer(edition, asked) if said.hs and not by_words and not errors else None
    page = render_template(
        "requirements/measures.html",
        said=said,
        asked=asked,
        errors=errors,
        hits=searching.search(edition, said.hs) if by_words else None,
        before=chosen.find_before(said.hs, owner_id=_whose()) if by_words else None,
        answer=answer,
        share=address_of(said, _external=True),
        elsewhere=lambda code: address_of(said, hs=code),
        name_of=lambda code: searching.name_of(edition, code),
        edition=edition,
        **lists(edition, asked.direction),
    )
    return (page, 422) if errors else page


def read_said() -> Said:
    """Return the question of the address, as much of it as is read."""
    args = request.args
    typed = {box: args.get(box, "").strip()[:most] for box, most in BOXES.items()}
    direction = args.get("direction", "import")
    return Said(
        direction=direction if direction in inquiry.DIRECTIONS else "import",
        yes=tuple(args.getlist("yes")[: inquiry.MOST_ANSWERS]),
        no=tuple(args.getlist("no")[: inquiry.MOST_ANSWERS]),
        **typed,
    )


def errors_of(faults: list[Fault]) -> dict[str, str]:
    """Return what cannot be asked, by box; the first thing wrong with each."""
    return {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in reversed(faults)}


def address_of(said: Said, *, hs: str = "", _external: bool = False) -> str:
    """Return the address that asks the same, of another code where one is given."""
    kept = {box: getattr(said, box) or None for box in BOXES} | {"hs": hs or said.hs or None}
    return url_for(
        "requirements.measures", direction=said.direction, yes=list(said.yes), no=list(said.no), _external=_external, **kept
    )  # fmt: skip


def lists(edition: CompiledEdition, direction: str) -> dict[str, Any]:
    """Return the lists and words that the form and the answer need."""
    return {
        "countries": sorted(_named(edition, "countries"), key=lambda entry: place(entry[1])),
        "procedures": [
            (code, f"{code} · {words}")
            for code, words in sorted(_named(edition, "procedures"))
            if direction in edition.lists["procedures"][code].note
        ],
        "wording": wording,
        "names": Names(edition),
        "directions": {"import": _("Import"), "export": _("Export"), "transit": _("Transit")},
    }


def _named(edition: CompiledEdition, listing: str) -> list[tuple[str, str]]:
    """Return code and name of a list in the reader's language, in another where it has none."""
    return [
        (row.code, str(getattr(row, f"name_{language()}") or row.name_ru or row.name_en))
        for row in edition.lists[listing].values()
    ]


def _whose() -> uuid.UUID | None:
    """Whose earlier choices the reader may see: those of the own organisation, of one that files."""
    who = actor()
    return who.organisation_id if who.kind == "trader" and who.can(Permission.DECLARATION_READ) else None
