"""A small register for the tests of rules: some traders, one mandate, a few permits, one earlier package."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.declarations.package import Quantity
from app.declarations.quoted import AdvanceRuling
from app.declarations.rules.declaring import Permit, Trader
from app.traders.advantages import Held

UNKNOWN, CLOSED, BROKER, STRANGER = "100000022", "100000035", "191678343", "100000048"
USED_LRN, EARLIER = "BMT-26-USED", "11206611/101126/0000123"

PERMITS = {
    permit.number: permit
    for permit in (
        Permit("BY-VET-2026-004417", holder="190142358", remaining=Quantity(Decimal(20000), "KGM")),
        Permit("BY-VET-REVOKED", holder="190142358", revoked=True),
        Permit("BY-VET-OF-OTHERS", holder=BROKER),
        Permit("BY-VET-NEARLY-USED", holder="190142358", remaining=Quantity(Decimal("0.5"), "TNE")),
    )
}

VELO = "192381579"
RULINGS = {
    ruling.number: ruling
    for ruling in (
        AdvanceRuling("PR-112/26-0007", "05013", VELO, date(2026, 1, 1), date(2029, 1, 1), "8712003000"),
        AdvanceRuling("PR-112/26-OTHERS", "05013", BROKER, date(2026, 1, 1), date(2029, 1, 1), "8712003000"),
        AdvanceRuling("PR-112/22-OLD", "05013", VELO, date(2022, 1, 1), date(2025, 1, 1), "8712003000"),
        AdvanceRuling("PR-112/26-TOYS", "05013", VELO, date(2026, 1, 1), date(2029, 1, 1), "9503001009"),
        AdvanceRuling("PR-112/26-CN", "06015", VELO, date(2026, 1, 1), date(2029, 1, 1), "", "CN"),
        AdvanceRuling("PR-112/26-VN", "06015", VELO, date(2026, 1, 1), date(2029, 1, 1), "", "VN"),
    )
}


class Register:
    """Knows every well-written UNP but one; the broker may act for everybody, a stranger for nobody."""

    def find_trader(self, unp: str) -> Trader | None:
        """Return the trader."""
        return None if unp == UNKNOWN else Trader(unp, f"Trader {unp}", active=unp != CLOSED)

    def mandate(self, broker: str, trader: str, direction: str, on: date) -> bool:
        """Whether the broker may act."""
        return broker != STRANGER

    def lrn_used(self, owner: str, lrn: str) -> str | None:
        """Return the earlier registration number."""
        return EARLIER if lrn == USED_LRN else None

    def permit(self, number: str) -> Permit | None:
        """Return the permit."""
        return PERMITS.get(number)

    def registered(self, number: str) -> bool:
        """Whether the number is registered."""
        return number == EARLIER

    def rulings(self, numbers: frozenset[str]) -> dict[str, AdvanceRuling]:
        """Return the rulings."""
        return {number: RULINGS[number] for number in numbers if number in RULINGS}

    def held(self, on: date) -> tuple[Held, ...]:
        """Nobody is accredited."""
        return ()
