"""What was announced about a package, laid beside its case: for officers alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.access import Actor, can
from app.advance import differing, finders, naming, policy, quoting
from app.advance.differing import Difference
from app.advance.finders import Quoted
from app.advance.models import Alert
from app.declarations.package import Package
from app.markup import HIDDEN
from app.requirements.compiling import CompiledEdition


@dataclass(frozen=True, slots=True)
class Announced:
    """Advance information that the package quotes: what differs as far as this officer sees both, and the alerts on the way."""

    quoted: Quoted
    differences: Sequence[Difference]
    alerts: Sequence[Alert]


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything the fragment of the case needs. ``elsewhere``: numbers that are not registered here: nothing can be told."""

    rows: Sequence[Announced]
    elsewhere: Sequence[str]
    words: dict[str, Any]


def lay_out(package: Package, owner_id: uuid.UUID | None, edition: CompiledEdition, *, actor: Actor) -> Beside:
    """Return what a package quotes; no statement where it quotes nothing."""
    numbers = quoting.numbers_of(package)
    if not numbers or not can(policy.expect, actor):
        return Beside((), (), {})
    found = finders.find_quoted(numbers, owner_id)
    alerts = finders.list_alerts(one.info.id for one in found.values())
    rows = [
        Announced(
            one,
            [
                difference
                for difference in differing.differences(one.message, package)
                if HIDDEN not in difference.declared
            ],
            [alert for alert in alerts if alert.advance_id == one.info.id],
        )
        for one in found.values()
        if one.own
    ]
    return Beside(rows, [number for number in numbers if number not in found], naming.words(edition))
