"""The public catalogue of rules: every code with the words a trader reads, generated from the functions that check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import lazy_gettext as _l

from app.declarations.rules.catalogue import ROOMS, rules, rules_of
from app.declarations.rules.declaring import REGISTRY, Rule
from app.errors import NotFound, Text
from app.requirements import wording
from app.web import public
from config import ROOT

blueprint = Blueprint("rules", __name__)

SAMPLES = ROOT / "tests" / "samples" / "faults"
"""One faulty package for every rule; where the program is installed without its tests there is nothing to link to."""
MENDED = SAMPLES.parent / "mended"
"""The same packages with that one fault mended."""

TITLES = {
    "header": _l("The package as a whole"),
    "parties": _l("Parties"),
    "goods": _l("Goods"),
    "measures": _l("Masses, sums and counts"),
    "transport": _l("Transport, containers, seals"),
    "documents": _l("Documents"),
    "environment": _l("Species, waste, ozone, dangerous goods"),
    "registry": _l("What the window already knows"),
    "rulings": _l("Advance rulings that a package quotes"),
}
NEEDS = {
    "package": _l("needs the package alone"),
    "edition": _l("needs the code lists"),
    "registry": _l("needs a registry (not checked offline)"),
}
OF_THE_LAW: tuple[tuple[str, Text, Any], ...] = (
    ("QUESTION-UNANSWERED", wording.UNANSWERED, _l("A measure depends on something that only you can know.")),
    ("DOC-MISSING", wording.MISSING, _l("A measure asks for a document that the package does not have.")),
    ("PROHIBITED", wording.PROHIBITED, _l("A measure forbids these goods and no exception is proved.")),
)
"""Faults that come from measures and not from a rule: which measures there are is on the page of requirements."""

_PARAMETER = re.compile(r"\{[a-z_]+\}(?:\.$)?")


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule as the page shows it; parameters of its texts are dots. ``runs``: its sample can be checked without a
    registry."""

    code: str
    message: Text
    remedy: Text
    needs: Any
    two_places: bool
    sample: bool
    runs: bool


@blueprint.get("/rules")
@public
def catalogue() -> str:
    """Show all rules, by what they are about; each code is an anchor."""
    groups = [(TITLES[room], [_shown(one) for one in rules_of(module)]) for room, module in ROOMS]
    law = [(code, dotted(text), why) for code, text, why in OF_THE_LAW]
    return render_template("declarations/rules.html", groups=groups, law=law, count=len(rules()))


@blueprint.get("/rules/<code>.xml")
@public
def sample(code: str) -> Response:
    """Hand out the package that breaks exactly this rule. Raises NotFound for a code that is none."""
    return _handed(sample_of(code), f"{code}.xml")


@blueprint.get("/rules/<code>.mended.xml")
@public
def mended(code: str) -> Response:
    """Hand out the same package with the one fault mended. Raises NotFound for a code that is none."""
    return _handed(sample_of(code, MENDED), f"{code}.mended.xml")


def sample_of(code: str, folder: Path = SAMPLES) -> bytes:
    """Return the sample of a rule. Raises NotFound for a code that is none, and where there are no samples."""
    path = folder / f"{code}.xml"
    if code not in rules() or not path.is_file():
        raise NotFound(code)
    return path.read_bytes()


def _handed(data: bytes, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(data, mimetype="application/xml", headers={"Content-Disposition": disposition})


def dotted(text: Text) -> Text:
    """Return a text of a rule with dots where a fault puts its values."""
    return {language: _PARAMETER.sub("…", sentence) for language, sentence in text.items()}


def _shown(one: Rule) -> Shown:
    there = (SAMPLES / f"{one.code}.xml").is_file()
    return Shown(
        one.code,
        dotted(one.message),
        dotted(one.remedy),
        NEEDS[one.needs],
        bool(one.between),
        there,
        there and one.needs != REGISTRY,
    )
