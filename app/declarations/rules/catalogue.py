"""The whole list of rules, and how it is run: the public catalogue, the tests and the verdict read the same functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import ModuleType

from app.declarations.rules import (
    documents,
    environment,
    goods,
    header,
    measures,
    parties,
    registry,
    rulings,
    transport,
)
from app.declarations.rules.declaring import REGISTRY, Given, Rule
from app.errors import Fault

ROOMS: tuple[tuple[str, ModuleType], ...] = (
    ("header", header), ("parties", parties), ("goods", goods), ("measures", measures), ("transport", transport),
    ("documents", documents), ("environment", environment), ("registry", registry), ("rulings", rulings),
)  # fmt: skip
"""Where a rule stands, in the order the catalogue shows."""

_STEP = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?")
_ITEM = re.compile(r"/GovernmentAgencyGoodsItem\[(\d+)\]")


def rules_of(module: ModuleType) -> tuple[Rule, ...]:
    """Return the rules of a module in the order they are written."""
    return tuple(value for value in vars(module).values() if isinstance(value, Rule))


def _by_code() -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for _name, module in ROOMS:
        for one in rules_of(module):
            if one.code in found:
                raise ValueError(f"two rules have the code {one.code}")
            found[one.code] = one
    return found


_RULES = _by_code()
RULES: tuple[Rule, ...] = tuple(_RULES.values())
"""Every rule, in the order the catalogue shows. Two rules under one code are refused at import."""


def rules() -> Mapping[str, Rule]:
    """Return every rule by its code."""
    return _RULES


def not_asked() -> tuple[str, ...]:
    """Return the codes of the rules that need a registry: offline they are not asked."""
    return tuple(code for code, one in _RULES.items() if one.needs == REGISTRY)


def find_faults(given: Given) -> list[Fault]:
    """Return every fault of a package, all at once, rule by rule (``in_order`` sorts them once, when all that is wrong is
    together). Without a registry its rules are left out."""
    found: list[Fault] = []
    for one in RULES:
        if given.registry is not None or one.needs != REGISTRY:
            found.extend(one.faults(given))
    return found


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults by goods item (the header first), then path with its indexes as numbers, then code."""
    return sorted(faults, key=_place)


def _place(fault: Fault) -> tuple[int, tuple[tuple[str, int], ...], str]:
    item = _ITEM.search(fault.path)
    steps = tuple((name, int(index or 0)) for name, index in _STEP.findall(fault.path))
    return int(item[1]) if item else 0, steps, fault.code
