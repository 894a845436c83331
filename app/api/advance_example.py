"""The message of the examples: bicycles for «Вела Мінск» on a lorry, planned two days from now, so that it can be sent as it is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app import clock
from app.advance.message import Advance, Container, Goods, Paper, Party, Stop, Vehicle
from app.advance.writing import write


def message(description: str = "City bicycles, 28 inches") -> bytes:
    """Return the message; another ``description`` makes it a change of the first."""
    planned = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    return write(
        Advance(
            reference="TRIP-8812", direction="import", mode="3", vehicles=(Vehicle("AB12345", "BY"), Vehicle("A1234B5", "BY")),
            post="BP-KOZ", planned_at=planned, consignee=Party("192381579", "ТАА «Вела Мінск»", "BY"),
            declarant=Party("192381579"), carrier=Party("590123450"), dispatch="PL", warehouse="291678906",
            route=(Stop("PL"), Stop("BY", "BP-KOZ"), Stop("BY", "BYMSQ")),
            containers=(Container("MSKU1234565", ("S-100", "S-101")),), papers=(Paper("02015", "CMR-1188"),),
            goods=(Goods(1, "8712003000", description, "CN", Decimal(2400), 120, "CT", Decimal(24000), "EUR"),),
        )
    )  # fmt: skip
