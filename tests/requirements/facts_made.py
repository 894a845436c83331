"""Small builders for the facts of a package, as the tests of this room speak of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.requirements import deriving
from app.requirements.compiling import CompiledEdition
from app.requirements.facts import DocumentFacts, ItemFacts, PackageFacts
from app.requirements.outcome import Outcome

DAY = date(2026, 11, 22)
BY_OWN_LORRY = frozenset(
    {"FOREIGN_CARRIER", "VEHICLE_EU", "THIRD_COUNTRY_CARRIAGE", "ADR", "WOOD_PACKAGING", "PREFERENCE"}
)
"""What the data rule out when a Belarusian lorry brings cartons."""

CUSTOMS_PAPERS = tuple(DocumentFacts(code, number="1") for code in ("10060", "03011", "04021", "02015"))


def goods(edition: CompiledEdition, number: int, code: str, origin: str = "CN", **more: Any) -> ItemFacts:
    """Return an item with what its own data prove or rule out."""
    derived = deriving.from_goods(edition, pointer=f"42A/67A/68A[{number}]", code=code)
    more.setdefault("procedure", "40")
    return ItemFacts(
        number,
        code,
        origin,
        data_flags=derived.flags | more.pop("data_flags", frozenset()),
        settled=derived.settled | more.pop("settled", frozenset()),
        evidence=derived.evidence,
        **more,
    )


def package(*items: ItemFacts, direction: str = "import", **more: Any) -> PackageFacts:
    """Return a package that a Belarusian lorry carries, with the customs papers declared."""
    more.setdefault("on", DAY)
    more.setdefault("destination", "BY")
    more.setdefault("settled", BY_OWN_LORRY)
    more.setdefault("documents", CUSTOMS_PAPERS)
    return PackageFacts(direction=direction, items=items, **more)


def agencies(outcome: Outcome) -> list[str]:
    """Return the agencies with a lane, in the order of the answer."""
    return [lane.agency for lane in outcome.lanes]


def all_no(outcome: Outcome) -> Mapping[str, bool]:
    """Return the answer no to every box of every question."""
    return {option.code: False for question in outcome.questions for option in question.options}


def shown(code: str, **more: Any) -> DocumentFacts:
    """Return a document with a file."""
    more.setdefault("number", "A-1")
    return DocumentFacts(code, attached=True, **more)
