"""Verification: what anyone who holds the code may learn, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.clearance import finders
from app.clearance.facts import ClearanceFacts
from app.clearance.models import Clearance
from app.errors import Text

STATES = {"issued": "genuine", "superseded": "superseded", "revoked": "revoked"}
"""State of the row: what the page says. A clearance that is only requested has no paper, so nothing can be compared."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer to a code: ``state`` is genuine, superseded, revoked or unknown; ``clearance`` None when unknown."""

    state: str
    clearance: Clearance | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What somebody at the border compares with the paper and the goods. No name, no address, no document number."""

    number: str
    issued_at: datetime
    office: Text
    item_count: int
    net_kg: Decimal
    released: tuple[int, ...]
    held_back: tuple[int, ...]
    version: int


def verify(code: str) -> Verified:
    """Answer a code, however it was typed. A registration number or a clearance number is no code: unknown."""
    clearance = finders.find_by_code(code)
    if clearance is None or clearance.status not in STATES:
        return Verified("unknown")
    return Verified(STATES[clearance.status], clearance)


def compared(facts: ClearanceFacts) -> Compared:
    """Take from the facts what the public page shows."""
    return Compared(
        number=facts.number,
        issued_at=facts.issued_at,
        office=facts.office,
        item_count=len(facts.goods),
        net_kg=facts.net_kg,
        released=facts.released,
        held_back=facts.held_back,
        version=facts.version,
    )
