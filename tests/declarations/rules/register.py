"""A small register for the tests of rules: some traders, one mandate, a few permits, one earlier package."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.declarations.package import Quantity
from app.declarations.rules.declaring import Permit, Trader

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
