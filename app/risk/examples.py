"""The indicators that are shipped: 25 worked examples and two more, proposed by the agencies' own people, never put in force by
the program."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.database import session
from app.errors import Text
from app.risk import proposing
from app.risk.facts import DATA
from app.risk.models import IndicatorVersion
from app.risk.proposing import Proposal

DAYS = 365
"""How long a shipped example holds from the day it is proposed."""


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """The examples as they travel with the program. ``note``: what an example of the sources asks and the window cannot tell."""
    return tuple(json.loads((DATA / "indicators.json").read_text(encoding="utf-8")))


def note_of(example: str) -> Text:
    """What the source of an example asks and the window cannot tell; empty where nothing is missing or it is no example."""
    found = next((one for one in shipped() if one["example"] == example), None)
    note: Text = found["note"] if found else {}
    return note


def proposal_of(example: dict[str, Any]) -> Proposal:
    """An example as a proposal that begins today."""
    today = clock.today()
    return Proposal(
        titles=example["titles"], reasons=example["reasons"], treatments=example["treatments"],
        condition=example["condition"], valid_from=today, valid_until=today + timedelta(days=DAYS),
        weight=example["weight"], effect=example["effect"], direction=example["direction"],
        prefixes=tuple(example["prefixes"]), agencies=tuple(example["agencies"]), basis=example["basis"],
        confidence=example["confidence"], example=example["example"],
    )  # fmt: skip


def load(*, by: Actor) -> list[IndicatorVersion]:
    """Propose the examples of this person's agency that it does not have yet. Raises NotAllowed."""
    had = set(session().scalars(sa.select(IndicatorVersion.example).where(IndicatorVersion.agency == by.agency)))
    return [
        proposing.propose(proposal_of(example), by=by)
        for example in shipped()
        if example["agency"] == by.agency and example["example"] not in had
    ]
