"""What stands on a clearance, as plain values: the paper and the page of verification show the same facts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.errors import Text

RELEASED = ("approved", "conditions")


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """Somebody in the package. ``role``: a key of ``words``; ``id`` the tax number."""

    role: str
    name: str
    id: str
    address: str


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """A goods item in the trader's words, with the result derived from its agencies. Masses in kilograms."""

    number: int
    code: str
    description: str
    origin_code: str
    origin: Text
    net_kg: Decimal | None
    packages: str
    result: str


@dataclass(frozen=True, slots=True)
class JudgementFacts:
    """What one agency decided on some items alike: outcome, conditions and ground as the officer wrote them."""

    items: tuple[int, ...]
    outcome: str
    conditions: str
    ground: str


@dataclass(frozen=True, slots=True)
class SignOffFacts:
    """One agency's pane: who signed, when, what. ``name`` of the officer is empty unless the setting shows it.

    ``law``: the acts its measures rest on. ``stands_for``: agencies that issue but have no desk here.
    """

    agency: str
    agency_name: Text
    post: str
    personal_number: str
    name: str
    decided_at: datetime
    judgements: tuple[JudgementFacts, ...]
    law: tuple[str, ...]
    stands_for: Text | None
    releases: bool

    @property
    def light(self) -> str:
        """How its pane looks: lit, or refused when it let nothing of what it judged go."""
        return "lit" if any(one.outcome in RELEASED for one in self.judgements) else "refused"


@dataclass(frozen=True, slots=True)
class ClearanceFacts:
    """Everything on the paper. ``left``: language of the left column (be or ru); the right one is English."""

    number: str
    code: str
    verify_url: str
    left: str
    registration_number: str
    registered_at: datetime
    released_at: datetime
    issued_at: datetime
    version: int
    digest: str
    direction: str
    reference: str
    office_code: str
    office: Text
    invoice: str
    parties: tuple[PartyFacts, ...]
    goods: tuple[GoodsFacts, ...]
    sign_offs: tuple[SignOffFacts, ...]
    not_asked: Text | None

    @property
    def released(self) -> tuple[int, ...]:
        """Numbers of the items that may go."""
        return tuple(item.number for item in self.goods if item.result in RELEASED)

    @property
    def held_back(self) -> tuple[int, ...]:
        """Numbers of the items that may not go."""
        return tuple(item.number for item in self.goods if item.result not in RELEASED)

    @property
    def net_kg(self) -> Decimal:
        """Net mass of all items whose mass is known."""
        return sum((item.net_kg for item in self.goods if item.net_kg is not None), Decimal(0))


def ranges(numbers: Iterable[int]) -> str:
    """Write item numbers shortly: ``1–3, 5``."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}\N{EN DASH}{last}" for first, last in runs)
