"""What stands on a clearance, as plain values: the paper and the page of verification show the same facts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.errors import Text

RELEASED = ("approved", "conditions")
"""The results of goods that this clearance lets go."""
EARLIER, HELD, REFUSED, UNKNOWN = "earlier", "held", "refused", "unknown"


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """Somebody in the package. ``role``: a key of ``words``; ``id`` the tax number."""

    role: str
    name: str
    id: str
    address: str


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """A goods item in the trader's words, with its result at the moment of the release. Masses in kilograms.

    ``result``: approved or conditions (released by this clearance), earlier (by the clearance numbered ``by``), held
    (``waits``: the agencies it waits for) or refused.
    """

    number: int
    code: str
    description: str
    origin_code: str
    origin: Text
    net_kg: Decimal | None
    packages: str
    result: str
    by: str = ""
    waits: Text | None = None


@dataclass(frozen=True, slots=True)
class JudgementFacts:
    """What one officer decided on some items alike: outcome, conditions and ground as written; of a refusal where and
    until when to appeal (``appeal_days`` from its delivery)."""

    items: tuple[int, ...]
    outcome: str
    conditions: str
    ground: str
    appeal: str = ""
    appeal_days: int | None = None


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """One decision of an agency: who signed, when, what. Names of officers are empty unless the setting shows them.

    ``how``: decided, countersigned (``second_*`` is the second officer), overridden (the supervisor) or automatic: nobody
    signed but the window, by the agency's ``rule``. ``payment``:
    paid, secured or not-due with its reference; customs only. ``id``: under which the ledger knows the decision.
    """

    post: str
    personal_number: str
    name: str
    decided_at: datetime
    judgements: tuple[JudgementFacts, ...]
    how: str = "decided"
    second_post: str = ""
    second_number: str = ""
    second_name: str = ""
    payment: str = ""
    payment_reference: str = ""
    id: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class SignOffFacts:
    """One agency's pane: its decisions, oldest first; none while it has not decided.

    ``law``: the acts its measures rest on. ``stands_for``: agencies that issue but have no desk here.
    """

    agency: str
    agency_name: Text
    signatures: tuple[SignatureFacts, ...]
    law: tuple[str, ...]
    stands_for: Text | None
    releases: bool

    @property
    def light(self) -> str:
        """How its pane looks: lit when it let anything go, refused when it only refused, dark while it is undecided."""
        outcomes = {one.outcome for signed in self.signatures for one in signed.judgements}
        if outcomes & set(RELEASED):
            return "lit"
        return "refused" if outcomes == {REFUSED} else "dark"


@dataclass(frozen=True, slots=True)
class EarlierFacts:
    """A clearance that released other items of the same package before this one."""

    number: str
    items: tuple[int, ...]
    released_at: datetime


@dataclass(frozen=True, slots=True)
class ClearanceFacts:
    """Everything on the paper. ``left``: language of the left column (be or ru); the right one is English.

    ``serial``: the how-many-th release of the package. ``replaces``: number of the clearance whose place this one takes.
    ``test``: a paper of test mode, which says so on each of its pages; ``demonstration``: one that the demonstration authority signs,
    which does as well. ``claims``: the same in short and signed, for the QR
    code; none while nothing is drawn.
    """

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
    serial: int = 1
    replaces: str = ""
    earlier: tuple[EarlierFacts, ...] = ()
    test: bool = False
    demonstration: bool = False
    claims: str = ""

    @property
    def released(self) -> tuple[int, ...]:
        """Numbers of the items that may go by this clearance."""
        return tuple(item.number for item in self.goods if item.result in RELEASED)

    @property
    def released_before(self) -> tuple[int, ...]:
        """Numbers of the items that an earlier clearance released."""
        return tuple(item.number for item in self.goods if item.result == EARLIER)

    @property
    def held(self) -> tuple[int, ...]:
        """Numbers of the items that are not decided yet."""
        return tuple(item.number for item in self.goods if item.result in (HELD, UNKNOWN))

    @property
    def refused(self) -> tuple[int, ...]:
        """Numbers of the items that were refused."""
        return tuple(item.number for item in self.goods if item.result == REFUSED)

    @property
    def held_back(self) -> tuple[int, ...]:
        """Numbers of the items that may not go, held and refused."""
        return tuple(sorted(self.held + self.refused))

    @property
    def in_parts(self) -> bool:
        """Whether this is one release of several: there was one before, or something is still held."""
        return self.serial > 1 or bool(self.held)

    @property
    def net_kg(self) -> Decimal:
        """Net mass of all items whose mass is known."""
        return _net(self.goods)

    @property
    def released_net_kg(self) -> Decimal:
        """Net mass of the items that this clearance releases, of those whose mass is known."""
        return _net(item for item in self.goods if item.result in RELEASED)


def _net(goods: Iterable[GoodsFacts]) -> Decimal:
    return sum((item.net_kg for item in goods if item.net_kg is not None), Decimal(0))


def ranges(numbers: Iterable[int]) -> str:
    """Write item numbers shortly: ``1–3, 5``."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}\N{EN DASH}{last}" for first, last in runs)
