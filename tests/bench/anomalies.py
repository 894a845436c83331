"""Anomalies planted among many packages: how many of as many that rank highest are the planted ones, and how fast it goes.

The packages are figures, not files: what of a package is counted (``book.Taken``) is drawn, and goes through the same book, the
same tables and the same judgement as in the worker. Prices, masses and quantities scatter as the goods and the origin have it,
three headings of ten with tails heavier than normal; each trader has a level of its own. Nothing is told to the judgement.
The first tenth only teaches: among the first packages of a window nothing can be unusual.
"""

from __future__ import annotations

import math
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from app.database import Database, session, transaction
from app.identity.models import Organisation
from app.risk import anomalies, peering
from app.risk.anomalies import Odd
from app.risk.book import Book, Taken
from app.risk.peers import Figures

BATCH = 5_000
SINCE = datetime(2025, 1, 1, 6, tzinfo=UTC)
ORIGINS = ("CN", "TR", "DE", "PL", "IT", "US", "VN", "IN", "KR", "UZ", "RU", "KZ")
WAYS = ("PL", "LT", "LV", "DE", "RU", "KZ", "NL", "FI", "UA", "TR", "AE", "GE", "RS", "CZ")
STRANGE = ("PA", "SC", "BZ", "MH", "VU", "LR", "HK", "MU")
KINDS = ("value", "mass", "quantity", "route")
OWN_WAY = 0.00001
"""Share of goods items that take a way of their own by nature: among the peers nobody else does."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What is usual for goods of six digits and an origin: logarithms of price and mass of a package, their scatter, ways."""

    code: str
    origin: str
    price: float
    price_sigma: float
    mass: float
    mass_sigma: float
    heavy: bool
    packing: str
    ways: tuple[str, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trader:
    """A trader: what it deals in, how large its consignments are, how it pays."""

    key: uuid.UUID
    goods: tuple[Goods, ...]
    size: float
    size_sigma: float
    level: float


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run. ``missed`` by kind; ``unseen``: planted, but not called unusual at all, of all missed."""

    packages: int
    planted: int
    precision: float
    flagged: int
    missed: Mapping[str, int]
    unseen: int
    others: Mapping[str, int]
    rate: float


def run(database: Database, *, packages: int, planted: int, seed: int = 6) -> Result:
    """Draw, count and judge; returns the precision at as many as were planted."""
    drawn = random.Random(seed)
    traders = _traders(drawn, max(20, packages // 150))
    with transaction(database):
        session().execute(sa.insert(Organisation), [_organisation(number, one) for number, one in enumerate(traders)])
    where = {
        place: KINDS[number % 4] for number, place in enumerate(drawn.sample(range(packages // 10, packages), planted))
    }
    found: list[tuple[float, int, tuple[str, ...]]] = []
    began = time.perf_counter()
    for start in range(0, packages, BATCH):
        some = [
            _package(drawn, traders, number, where.get(number)) for number in range(start, min(packages, start + BATCH))
        ]
        with transaction(database):
            found += _judged(some, start)
    spent = time.perf_counter() - began
    return _result(found, where, packages, spent)


def told(result: Result) -> str:
    """Return what was missed and what stands in its place, in words."""
    missed = ", ".join(f"{many} of {kind}" for kind, many in sorted(result.missed.items())) or "none"
    others = ", ".join(f"{many} by {kind}" for kind, many in sorted(result.others.items())) or "nothing"
    return (
        f"{result.planted} planted in {result.packages}, {result.flagged} called unusual; missed {missed} "
        f"({result.unseen} not called unusual at all: too few peers, too short a past, or goods that scatter as much); "
        f"in their place {others}"
    )


def _judged(some: Sequence[Taken], start: int) -> Iterator[tuple[float, int, tuple[str, ...]]]:
    book, found = Book(some), []
    for place, taken in enumerate(some, start):
        odd: list[Odd] = peering.odd_of(taken, book)
        if odd:
            found.append((anomalies.combined(odd), place, tuple(one.kind for one in odd)))
        book.count(taken, 1)
    book.close()
    return iter(found)


def _result(
    found: list[tuple[float, int, tuple[str, ...]]], where: Mapping[int, str], packages: int, spent: float
) -> Result:
    first = sorted(found, reverse=True)[: len(where)]
    hit = {place for _score, place, _kinds in first if place in where}
    seen = {place for _score, place, _kinds in found}
    return Result(
        packages, len(where), len(hit) / len(where), len(found),
        Counter(kind for place, kind in where.items() if place not in hit), len(set(where) - seen),
        Counter("+".join(kinds) for _score, place, kinds in first if place not in where), packages / spent,
    )  # fmt: skip


# --- what is drawn ----------------------------------------------------------------------------------------------------


def _traders(drawn: random.Random, many: int) -> list[Trader]:
    headings = [f"{drawn.randint(1, 97):02d}{drawn.randint(1, 30):02d}" for _ in range(max(6, many // 25))]
    goods = [_goods(drawn, heading, number) for heading in headings for number in range(drawn.randint(2, 6))]
    return [
        Trader(
            uuid.UUID(int=drawn.getrandbits(128)), tuple(drawn.choices(goods, k=drawn.randint(1, 4))),
            drawn.gauss(math.log(3000), 1.2), drawn.uniform(0.2, 0.5), drawn.gauss(0, 0.08),
        )
        for _ in range(many)
    ]  # fmt: skip


def _goods(drawn: random.Random, heading: str, number: int) -> Goods:
    ways = tuple(drawn.sample(WAYS, drawn.randint(1, 4)))
    return Goods(
        f"{heading}{number + 1:02d}0000", drawn.choice(ORIGINS), drawn.gauss(1.0, 1.5), drawn.uniform(0.1, 0.22),
        drawn.gauss(3.0, 0.8), drawn.uniform(0.05, 0.25), drawn.random() < 0.3, drawn.choice(("BX", "BG", "CT", "DR")),
        ways, tuple(drawn.uniform(0.1, 1.0) for _ in ways),
    )  # fmt: skip


def _package(drawn: random.Random, traders: Sequence[Trader], number: int, planted: str | None) -> Taken:
    trader = drawn.choice(traders)
    items = [_item(drawn, trader, one + 1) for one in range(drawn.choice((1, 1, 1, 2, 3)))]
    if planted:
        items[0] = _odd(drawn, items[0], planted)
    at = SINCE + timedelta(minutes=number * 3)
    return Taken(uuid.UUID(int=number + 1), 1, trader.key, at, "11216710", "import", "", tuple(items))


def _item(drawn: random.Random, trader: Trader, number: int) -> Figures:
    goods = drawn.choice(trader.goods)
    price = math.exp(goods.price + trader.level + goods.price_sigma * _scatter(drawn, goods.heavy))
    mass = math.exp(goods.mass + goods.mass_sigma * drawn.gauss(0, 1))
    net = math.exp(trader.size + trader.size_sigma * drawn.gauss(0, 1))
    own_way = drawn.random() < OWN_WAY
    way = drawn.choice(STRANGE) if own_way else drawn.choices(goods.ways, goods.weights)[0]
    return Figures(
        number, "import", goods.code, goods.origin, price, "EUR", mass, goods.packing, net, way, price * net,
    )  # fmt: skip


def _scatter(drawn: random.Random, heavy: bool) -> float:
    """One draw of spread one: normal, or of Student's t with eight degrees of freedom."""
    if not heavy:
        return drawn.gauss(0, 1)
    return drawn.gauss(0, 1) / math.sqrt(drawn.gammavariate(4, 2) / 8)


def _odd(drawn: random.Random, item: Figures, kind: str) -> Figures:
    if kind == "value":
        return replace(
            item,
            unit_value=(item.unit_value or 1) * drawn.choice((drawn.uniform(0.1, 0.3), drawn.uniform(0.1, 0.3), 5.0)),
        )
    if kind == "mass":
        return replace(item, per_package=(item.per_package or 1) * drawn.choice((0.15, 6.0)))
    if kind == "quantity":
        return replace(item, net_kg=(item.net_kg or 1) * 20)
    return replace(item, route=drawn.choice(STRANGE))


def _organisation(number: int, trader: Trader) -> dict[str, object]:
    return {"id": trader.key, "name": f"Trader {number}", "kind": "trader", "unp": None, "created_at": SINCE}
