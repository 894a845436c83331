"""Verification: what anyone who holds the code may learn, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.clearance import finders
from app.clearance.facts import ClearanceFacts, EarlierFacts
from app.clearance.models import Clearance
from app.errors import Text

STATES = {"issued": "genuine", "superseded": "superseded", "revoked": "revoked"}
"""State of the row: what the page says. A clearance that is only requested has no paper, so nothing can be compared.
That a revocation is asked for is no state: until a second supervisor confirms it, the clearance is genuine."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer to a code: ``state`` is genuine, superseded, revoked or unknown; ``clearance`` None when unknown.

    ``successor``: number of the clearance that holds in place of a superseded one. ``later``: numbers of the clearances
    that hold for further goods of the package.
    """

    state: str
    clearance: Clearance | None = None
    successor: str = ""
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What somebody at the border compares with the paper and the goods. No name, no address, no document number."""

    number: str
    issued_at: datetime
    office: Text
    item_count: int
    net_kg: Decimal
    released: tuple[int, ...]
    earlier: tuple[EarlierFacts, ...]
    held_back: tuple[int, ...]
    version: int
    serial: int


def verify(code: str) -> Verified:
    """Answer a code, however it was typed. A registration number or a clearance number is no code: unknown."""
    clearance = finders.find_by_code(code)
    if clearance is None or clearance.status not in STATES:
        return Verified("unknown")
    package = finders.list_clearances(clearance.declaration_id)
    later = tuple(one.number for one in package if one.serial > clearance.serial and one.status == "issued")
    return Verified(STATES[clearance.status], clearance, _successor(clearance, package), later)


def _successor(clearance: Clearance, package: Sequence[Clearance]) -> str:
    """The last paper in the row of those that took each other's place."""
    follows = {one.replaces_id: one for one in package if one.replaces_id is not None and one.status != "requested"}
    last = clearance
    while (following := follows.get(last.id)) is not None:
        last = following
    return last.number if last is not clearance else ""


def compared(facts: ClearanceFacts) -> Compared:
    """Take from the facts what the public page shows."""
    return Compared(
        number=facts.number,
        issued_at=facts.issued_at,
        office=facts.office,
        item_count=len(facts.goods),
        net_kg=facts.released_net_kg,
        released=facts.released,
        earlier=facts.earlier,
        held_back=facts.held_back,
        version=facts.version,
        serial=facts.serial,
    )
