"""What is announced in the demonstration country: a lorry that comes tomorrow, one that left its way, one with seals broken."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from app import clock
from app.advance import filing, reporting
from app.advance.message import Advance, Container, Goods, Party, Stop, Vehicle
from app.advance.models import AdvanceInfo
from app.advance.writing import write
from app.cli import founding
from app.cli.country import HOUSES
from app.database import session

UNP = {house.key: house.unp or "" for house in HOUSES}


def found() -> int:
    """Announce the consignments of the country unless any is announced; returns how many."""
    if session().scalar(sa.select(AdvanceInfo.id).limit(1)) is not None:
        return 0
    carrier = founding.actor("stas")
    made = [
        filing.file(write(one), channel="xml", by=carrier, body_name=f"{one.reference}.xml") for one in _consignments()
    ]
    lost, opened = made[1].advance, made[2].advance
    if lost is not None and opened is not None:
        at = clock.now()
        off = reporting.Said(
            "position", at, number=lost.number, latitude=Decimal("52.1100"), longitude=Decimal("29.2000")
        )
        reporting.report(off, by=carrier)
        seals = [("PL-88120", "broken"), ("PL-88121", "whole")]
        reporting.report(reporting.Said("arrival", at, number=opened.number, post="BP-BRU", seals=seals), by=carrier)
    return len(made)


def _consignments() -> tuple[Advance, ...]:
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    return (
        Advance(
            reference="BTS-2026-1188", direction="import", mode="3", vehicles=(Vehicle("AB12345", "BY"), Vehicle("A1234B5", "BY")),
            post="BP-KOZ", planned_at=hour + timedelta(hours=14), consignee=Party(UNP["velo"], "ТАА «Вела Мінск»", "BY"),
            declarant=Party(UNP["velo"]), carrier=Party(UNP["carrier"]), dispatch="PL", warehouse=UNP["warehouse"],
            route=(Stop("PL"), Stop("BY", "BP-KOZ"), Stop("BY", "BYMSQ")),
            containers=(Container("TCNU4471909", ("CN7719342",)),),
            goods=(Goods(1, "8712003000", "Веласіпеды двухколавыя без рухавіка", "CN", Decimal(4860), 288, "CT"),),
        ),
        Advance(
            reference="BTS-2026-1189", direction="transit", mode="3", vehicles=(Vehicle("AE77015", "BY"),), post="BP-KOZ",
            planned_at=hour + timedelta(hours=5), consignee=Party("", "ООО «Восток Импорт»", "RU"), carrier=Party(UNP["carrier"]),
            dispatch="DE", destination="RU", route=(Stop("PL"), Stop("BY", "BP-KOZ"), Stop("BY", "BYBAR"), Stop("BY", "BYOSH")),
            containers=(Container("MSKU1234565", ("DE-4410",)),),
            goods=(Goods(1, "8418102001", "Халадзільнікі камбінаваныя", "DE", Decimal(14200), 190, "PK"),),
        ),
        Advance(
            reference="BTS-2026-1190", direction="import", mode="3", vehicles=(Vehicle("AK20417", "BY"),), post="BP-BRU",
            planned_at=hour + timedelta(hours=3), consignee=Party(UNP["belmyaso"], "ТАА «Белмяса Трэйд»", "BY"),
            declarant=Party(UNP["belmyaso"]), carrier=Party(UNP["carrier"]), dispatch="PL",
            route=(Stop("PL"), Stop("BY", "BP-BRU"), Stop("BY", "BYMSQ")), containers=(Container("AK20417", ("PL-88120", "PL-88121")),),
            goods=(Goods(1, "0201300000", "Ялавічына без костак, астуджаная", "PL", Decimal(18400), 920, "CT"),),
        ),
    )  # fmt: skip
