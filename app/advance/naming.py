"""Names that pages of this room need: posts, countries, modes, kinds of reports and alerts, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.advance import rules, tables
from app.advance.lifecycle import ADVANCE
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition
from app.shell import language, t

DIRECTIONS: Mapping[str, Any] = {"import": _l("Import"), "export": _l("Export"), "transit": _l("Transit")}
MODES: Mapping[str, Any] = {
    "3": _l("Road"), "2": _l("Rail"), "4": _l("Air"), "8": _l("Inland water"), "1": _l("Sea"), "5": _l("Postal"),
    "7": _l("Pipes and wires"),
}  # fmt: skip
REPORTS: Mapping[str, Any] = {
    "position": _l("Place on the road"), "arrival": _l("Arrival"), "departure": _l("Departure"), "seal": _l("Seals"),
}  # fmt: skip
ALERTS: Mapping[str, Any] = {
    "off_route": _l("Off the route"), "late": _l("Behind its time"), "seal_broken": _l("A seal is broken"),
    "seal_missing": _l("A seal is missing"), "seal_other": _l("A seal nobody announced"),
}  # fmt: skip
OUTCOMES: Mapping[str, Any] = {
    "explained": _l("Explained by the carrier"), "checked": _l("Checked on the spot"),
    "handed_on": _l("Handed on to others"), "device": _l("Error of a device"),
}  # fmt: skip
LANES: Mapping[str, Any] = {
    "": _l("Not assessed"), "green": _l("Green"), "yellow": _l("Yellow"), "red": _l("Red"),
}  # fmt: skip
DIFFERENCES: Mapping[str, Any] = {
    "origin": _l("Country of origin"), "code": _l("Goods code"), "mass": _l("Gross mass"), "packages": _l("Number of packages"),
    "consignee": _l("Consignee"), "vehicle": _l("Vehicle or container"), "route": _l("Country of dispatch or destination"),
    "seals": _l("Seals"), "item": _l("Goods item"),
}  # fmt: skip


def post_name(code: str, edition: CompiledEdition | None = None) -> str:
    """Return the name of a post or place in the reader's language, its code where the list has none."""
    office = (edition or current_edition()).offices.get(code)
    return str(getattr(office, f"name_{language()}", "") or getattr(office, "name_en", "") or code)


def posts(edition: CompiledEdition) -> list[tuple[str, str]]:
    """Return the border posts as choices, by name."""
    named = [(code, post_name(code, edition)) for code in edition.offices if rules.is_post(code)]
    return sorted(named, key=lambda one: one[1])


def words(edition: CompiledEdition | None = None) -> dict[str, Any]:
    """Return what every page of this room may name; ``edition``: from a caller that has asked for it already."""
    edition = edition or current_edition()
    return {
        "post_name": lambda code: post_name(code, edition),
        "country": lambda code: t(edition.name_of("countries", code) or code),
        "directions": DIRECTIONS, "modes": MODES, "report_kinds": REPORTS, "alert_kinds": ALERTS, "outcomes": OUTCOMES,
        "lanes": LANES, "states": ADVANCE.words, "kinds_of_difference": DIFFERENCES,
    }  # fmt: skip


def mode_choices() -> list[tuple[str, str]]:
    """Return the modes of transport that have a lead time, as choices."""
    return [(code, str(MODES[code])) for code in MODES if code in tables.lead_times()]
