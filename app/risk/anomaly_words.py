"""Anomalies in words: kinds, what was compared with whom, and the sentence that explains one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.declarations.package import EXPORT
from app.risk import peers
from app.risk.peers_models import Anomaly
from app.shell import number, unit_words

KINDS: Mapping[str, Any] = {
    peers.VALUE: _l("Price per kilogram"),
    peers.MASS: _l("Mass of a package"),
    peers.QUANTITY: _l("Quantity against the trader's own past"),
    peers.ROUTE: _l("Route"),
}
GROUPS: Mapping[str, Any] = {
    "@BY": _l("Belarus"),
    "@EAEU": _l("the other member States of the EAEU"),
    "@EU27": _l("the European Union"),
    "@OECD": _l("OECD countries outside the European Union"),
    "@REST": _l("all other countries"),
    "@": _l("no origin given"),
}


def figure(value: float | None, anomaly: Anomaly) -> str:
    """Write a figure of an anomaly with three digits that count, and its unit: 0,123 EUR/kg, 1 250 kg."""
    if value is None:
        return ""
    kilogram = unit_words("KGM")
    unit = kilogram if anomaly.unit == "KGM" else f"{anomaly.unit}/{kilogram}"
    return f"{number(Decimal(f'{value:.3g}'))} {unit}"


def compared_with(anomaly: Anomaly, country: Any) -> str:
    """Return with whom a figure was compared; ``country`` names a country by its code."""
    if anomaly.kind == peers.QUANTITY:
        return str(_("earlier packages of this trader with goods of %(code)s", code=anomaly.cell))
    _measure, _direction, code, origin, unit = (anomaly.cell.split(":") + [""] * 5)[:5]
    where = str(GROUPS[origin]) if origin in GROUPS else str(country(origin))
    if anomaly.kind == peers.MASS and unit:
        return str(
            _(
                "goods of %(code)s, origin: %(origin)s, kind of package: %(packing)s",
                code=code,
                origin=where,
                packing=unit,
            )
        )
    return str(_("goods of %(code)s, origin: %(origin)s", code=code, origin=where))


def sentence(anomaly: Anomaly, country: Any) -> str:
    """Return the sentence that explains an anomaly with its numbers."""
    if anomaly.kind == peers.ROUTE:
        way = {
            "country": country(anomaly.route), "seen": number(round(anomaly.spread)), "peers": number(anomaly.peers),
            "compared": compared_with(anomaly, country),
        }  # fmt: skip
        if anomaly.direction == EXPORT:
            return str(_("Goes to %(country)s: %(seen)s of %(peers)s goods items went there (%(compared)s).", **way))
        return str(_("Comes from %(country)s: %(seen)s of %(peers)s goods items came that way (%(compared)s).", **way))
    value, median = anomaly.value or 0.0, anomaly.median or 0.0
    about = {
        "value": figure(value, anomaly), "median": figure(median, anomaly), "peers": number(anomaly.peers),
        "times": times(value, median), "compared": compared_with(anomaly, country),
    }  # fmt: skip
    if value < median:
        return str(
            _(
                "%(value)s where half of %(peers)s have %(median)s or more: %(times)s times less (%(compared)s).",
                **about,
            )
        )
    return str(
        _("%(value)s where half of %(peers)s have %(median)s or less: %(times)s times more (%(compared)s).", **about)
    )


def times(value: float, median: float) -> str:
    """Write how many times more or less a value is than the median."""
    more = max(value / median, median / value) if value and median else 0.0
    return number(Decimal(f"{more:.2g}"))


def hundredths(score: int) -> str:
    """Write what is kept in hundredths (deviations, limits): 5,1."""
    return number(Decimal(score) / 100, 1)


def factor(spread: float) -> str:
    """Write what one deviation is: a spread of 0.2 on the natural logarithm is a factor of 1,22."""
    return number(Decimal(f"{math.exp(spread):.3g}"))
