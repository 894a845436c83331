"""The pages behind ``type``: every code that a refusal of the API can carry, what it means and what to do."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.api.problem_codes import CODES
from app.errors import NotFound
from app.web import public

blueprint = Blueprint("problems", __name__)


@blueprint.get("/problems")
@public
def index() -> str:
    """Every code with its statuses, meaning and remedy."""
    return render_template("api/problems.html", codes=CODES)


@blueprint.get("/problems/<code>")
@public
def show(code: str) -> str:
    """One code, in the three languages. Raises NotFound for one that is none."""
    if code not in CODES:
        raise NotFound(code)
    return render_template("api/problem.html", code=code, meaning=CODES[code])
