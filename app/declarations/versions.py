"""Versions: what was filed, kept with its goods items, its digest and the law's answer. Never changed afterwards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.database import new_id, session
from app.declarations.codec import digest
from app.declarations.models import Declaration, Line, Version
from app.declarations.package import Line as GoodsItem
from app.declarations.package import Package, Quantity
from app.requirements.outcome import Outcome

SUMMARY = 256
_VERSION: sa.Insert = sa.insert(Version.__table__)  # type: ignore[arg-type]
_LINES: sa.Insert = sa.insert(Line.__table__)  # type: ignore[arg-type]
"""Core, not ORM: nothing of a filing is read back, so nothing need be tracked."""
_TO_KG = {"KGM": Decimal(1), "": Decimal(1), "TNE": Decimal(1000), "GRM": Decimal("0.001")}


def file_version(
    declaration: Declaration,
    *,
    canonical: bytes,
    package: Package,
    outcome: Outcome,
    edition: str,
    received_sha256: str,
    by: Actor,
    cause: str = "filed",
) -> Version:
    """Keep the newest version of a package: canonical XML, explanation, goods items. Two statements.

    ``cause``: filed, amended or answered (domain.md section 4).
    """
    row = {
        "id": new_id(),
        "declaration_id": declaration.id,
        "number": declaration.version,
        "canonical": canonical,
        "digest": digest(canonical),
        "received_sha256": received_sha256,
        "outcome": outcome.as_dict(),
        "edition": edition,
        "cause": cause,
        "created_at": clock.now(),
        "created_by_id": by.person_id,
    }
    session().execute(_VERSION, row)
    session().execute(_LINES, [_line(declaration, row["id"], item) for item in package.lines])
    return Version(**row)


def _line(declaration: Declaration, version_id: Any, item: GoodsItem) -> dict[str, Any]:
    return {
        "id": new_id(),
        "declaration_id": declaration.id,
        "version_id": version_id,
        "number": item.number,
        "code": item.code,
        "description": item.description[:512],
        "origin": item.origin,
        "net_kg": kilograms(item.net),
        "gross_kg": kilograms(item.gross),
        "price": item.price.value if item.price else None,
        "currency": item.price.currency if item.price else "",
    }


def kilograms(mass: Quantity | None) -> Decimal | None:
    """A mass in kilograms, or None where it is not given or its unit is not a mass we can turn into kilograms."""
    if mass is None or mass.unit not in _TO_KG:
        return None
    return mass.value * _TO_KG[mass.unit]


def goods_summary(package: Package) -> str:
    """A line for lists: the descriptions of the goods items, cut at 256 characters."""
    return "; ".join(item.description for item in package.lines if item.description)[:SUMMARY]
