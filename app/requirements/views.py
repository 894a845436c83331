"""The public page "What do I need?": the answer of the law for one goods code, before anything is filed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from app import clock
from app.requirements import showing, wording
from app.requirements.alphabet import place
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition, search_goods
from app.requirements.rows import CodeRow, GoodsCodeRow
from app.reviews.naming import Names
from app.shell import language
from app.web import public

blueprint = Blueprint("requirements", __name__)

DIRECTIONS = ("import", "export", "transit")
USUAL = {"import": "40", "export": "10", "transit": "80"}
"""The procedure asked about when none is named."""
MOST_FLAGS = 60


@blueprint.get("/measures")
@public
def measures() -> Any:
    """Ask by code, direction, countries, procedure, day and answers; the address holds the question and can be
    shared.
    """
    edition = current_edition()
    asked = _asked()
    errors = _errors(asked, edition) if asked["hs"] else {}
    digits = "".join(filter(str.isdigit, asked["hs"]))
    by_words = bool(asked["hs"]) and not digits
    answer = None
    if asked["hs"] and not errors and not by_words:
        answer = _answer(edition, asked, digits)
    page = render_template(
        "requirements/measures.html",
        asked=asked,
        errors=errors,
        hits=search_goods(edition, asked["hs"][:100]) if by_words else None,
        name=_goods_name(edition, digits),
        answer=answer,
        edition=edition,
        countries=_names(edition, "countries"),
        procedures=[
            (code, f"{code} · {words}")
            for code, words in _names(edition, "procedures")
            if asked["direction"] in edition.lists["procedures"][code].note
        ],
        wording=wording,
        names=Names(edition),
    )
    return (page, 422) if errors else page


def _asked() -> dict[str, Any]:
    said = request.args
    direction = said.get("direction", "import")
    return {
        "hs": said.get("hs", "").strip()[:100],
        "direction": direction if direction in DIRECTIONS else "import",
        "origin": said.get("origin", "").strip()[:60],
        "destination": said.get("destination", "").strip()[:60],
        "procedure": said.get("procedure", "").strip()[:7],
        "on": said.get("on", "").strip()[:20],
        "yes": said.getlist("yes")[:MOST_FLAGS],
        "no": said.getlist("no")[:MOST_FLAGS],
    }


def _errors(asked: dict[str, Any], edition: CompiledEdition) -> dict[str, str]:
    """What cannot be asked, by box; countries typed by name become codes on the way."""
    errors = {}
    digits = "".join(filter(str.isdigit, asked["hs"]))
    if digits and not 2 <= len(digits) <= 10:
        errors["hs"] = _("A goods code has 2 to 10 digits.")
    for box in ("origin", "destination"):
        asked[box] = _country(edition, asked[box])
        if asked[box] and asked[box] not in edition.lists["countries"]:
            errors[box] = _("We do not know this country. Write its two letters or its name.")
    if asked["on"] and _day(asked["on"]) is None:
        errors["on"] = _("Write the date as day.month.year, for example 22.11.2026.")
    return errors


def _answer(edition: CompiledEdition, asked: dict[str, Any], digits: str) -> dict[str, Any]:
    known = {code for code in asked["yes"] + asked["no"] if code in edition.flags or _is_measure(edition, code)}
    return showing.requirements_for(
        edition,
        hs=digits,
        direction=asked["direction"],
        origin=asked["origin"],
        destination=asked["destination"],
        procedure=asked["procedure"] or USUAL[asked["direction"]],
        on=_day(asked["on"]) or clock.today(),
        answers={code: code in asked["yes"] for code in known},
    )


def _is_measure(edition: CompiledEdition, code: str) -> bool:
    return any(measure.code == code for measure in edition.measures)


def _day(said: str) -> date | None:
    for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(said, pattern).date()
        except ValueError:
            continue
    return None


def _country(edition: CompiledEdition, said: str) -> str:
    wanted = said.casefold()
    for code, row in edition.lists["countries"].items():
        if wanted in (code.casefold(), row.name_be.casefold(), row.name_ru.casefold(), row.name_en.casefold()):
            return code
    return said


def _names(edition: CompiledEdition, listing: str) -> list[tuple[str, str]]:
    """Return code and name of a list in the reader's language, by name."""
    rows = edition.lists[listing].values()
    named = [(row.code, _name(row)) for row in rows]
    return sorted(named, key=lambda entry: place(entry[1]) if listing == "countries" else entry[0])


def _name(row: GoodsCodeRow | CodeRow) -> str:
    """A row's name in the reader's language, in another where it has none."""
    return str(getattr(row, f"name_{language()}") or row.name_ru or row.name_en)


def _goods_name(edition: CompiledEdition, digits: str) -> str:
    """The longest name the classification holds for a code in the reader's language; in another where it has none."""
    rows = [edition.goods[digits[:n]] for n in (6, 4, 2) if len(digits) >= n and digits[:n] in edition.goods]
    own = [row for row in rows if getattr(row, f"name_{language()}")]
    return _name((own or rows)[0]) if rows else ""
