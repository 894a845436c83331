"""The filter of a queue: read out of an address by an allow-list, and written back into one. Pure.

What an address says that we never wrote is left out; an unknown tab leads nowhere.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from app.reviews.models import OPEN_STATES

TABS = ("to-review", "mine", "questions", "inspections", "second", "today", "decided")
TAGS = ("documents", "prohibited", "unclassified")
RISKS = ("green", "yellow", "red")
DIRECTIONS = ("import", "export", "transit")
DUE = ("late", "today", "at-risk")
SORTS = ("due", "longest", "newest")
WORDS = 70
"""Characters of a search: as long as the longest mark of a package."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a queue is shown, and in which order.

    ``q``: a search over every state; ``code``: two to ten digits a goods code begins with; ``tag``: the kind of check; ``risk``: the lane;
    ``due``: late, today or at-risk; ``sort``: due (oldest deadline first), longest (on the queue) or newest.
    """

    tab: str = "to-review"
    q: str = ""
    office: str = ""
    tag: str = ""
    risk: str = ""
    direction: str = ""
    country: str = ""
    code: str = ""
    trader: uuid.UUID | None = None
    state: str = ""
    unassigned: bool = False
    four_eyes: bool = False
    due: str = ""
    sort: str = "due"

    @property
    def active(self) -> tuple[str, ...]:
        """The names of what narrows the queue: neither the tab nor the order."""
        return tuple(name for name in NAMES if name not in ("tab", "sort") and getattr(self, name))

    def query(self, **changes: Any) -> str:
        """Return the filter as the query of an address, with changes; what is as usual is left out."""
        changed = replace(self, **changes)
        said = [(name, getattr(changed, name)) for name in NAMES]
        usual = Filter()
        return urlencode([(name, _text(value)) for name, value in said if value != getattr(usual, name)])

    def without(self, name: str) -> str:
        """Return the query without one part of the filter."""
        return self.query(**{name: getattr(Filter(), name)})


NAMES = tuple(one.name for one in fields(Filter))


def parse(args: Mapping[str, str]) -> Filter:
    """Read a filter. Raises ValueError for a tab that is not ours."""
    tab = args.get("tab") or "to-review"
    if tab not in TABS:
        raise ValueError(f"no such tab: {tab[:20]}")
    read = {name: reader(args.get(name, "").strip()) for name, reader in _READERS.items()}
    return Filter(tab=tab, **read)


def is_said(args: Mapping[str, str]) -> bool:
    """Return whether an address says anything about the queue at all."""
    return any(name in args for name in NAMES)


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    return lambda text: text if text in allowed else ""


def _like(pattern: str, *, upper: bool = False) -> Callable[[str], str]:
    shape = re.compile(pattern, re.ASCII)

    def read(text: str) -> str:
        text = text.upper() if upper else text
        return text if shape.fullmatch(text) else ""

    return read


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _text(value: Any) -> str:
    return "yes" if value is True else str(value)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "q": lambda text: text[:WORDS],
    "office": _like(r"[A-Z0-9]{1,17}", upper=True),
    "tag": _one_of(TAGS),
    "risk": _one_of(RISKS),
    "direction": _one_of(DIRECTIONS),
    "country": _like(r"[A-Z]{2}", upper=True),
    "code": _like(r"[0-9]{2,10}"),
    "trader": _key,
    "state": _one_of(OPEN_STATES),
    "unassigned": lambda text: text == "yes",
    "four_eyes": lambda text: text == "yes",
    "due": _one_of(DUE),
    "sort": lambda text: text if text in SORTS else "due",
}
