"""The registries that the window itself holds, as the rules ask them: traders, mandates, references, registrations."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from app.database import session
from app.declarations.models import Declaration
from app.declarations.quoted import AdvanceRuling
from app.declarations.rules.declaring import Permit, Trader
from app.identity.finders import find_organisation_by_unp
from app.identity.mandates import find_mandate
from app.identity.models import Organisation
from app.requirements.ruling_finders import find_quoted
from app.requirements.ruling_models import Ruling
from app.traders.advantages import Held
from app.traders.finders import list_held


class Registers:
    """Answers as of now, from our own tables; one question of one filing is asked of the database once."""

    def __init__(self, own: Organisation | None = None, numbers: Mapping[str, str | None] | None = None) -> None:
        """``own`` owns the package; ``numbers``: its registration number by LRN (None: free) where known already."""
        self.own = own
        self._numbers = numbers or {}
        self._rulings: dict[frozenset[str], Mapping[str, AdvanceRuling]] = {}
        self._traders: dict[str, Organisation | None] = {own.unp: own} if own and own.unp else {}

    def _organisation(self, unp: str) -> Organisation | None:
        if unp not in self._traders:
            self._traders[unp] = find_organisation_by_unp(unp)
        return self._traders[unp]

    def find_trader(self, unp: str) -> Trader | None:
        """Return the organisation registered under a UNP, or None."""
        found = self._organisation(unp)
        return Trader(unp, found.name, found.closed_at is None) if found else None

    def mandate(self, broker: str, trader: str, direction: str, on: date) -> bool:
        """Whether the trader (UNP) lets the broker (UNP) act in this direction on the day."""
        agent, owner = self._organisation(broker), self._organisation(trader)
        if agent is None or owner is None:
            return False
        if agent.id == owner.id:
            return True
        return find_mandate(trader_id=owner.id, broker_id=agent.id, direction=direction, on=on) is not None

    def lrn_used(self, owner: str, lrn: str) -> str | None:
        """Return the registration number of the package this owner registered under the LRN, or None."""
        found = self._organisation(owner)
        if found is not None and found is self.own and lrn in self._numbers:
            return self._numbers[lrn]
        return _number_of(found.id, lrn) if found else None

    def permit(self, number: str) -> Permit | None:
        """Return a permit the window holds: none yet, for permits come with their own registry (movements, documents)."""
        return None

    def registered(self, number: str) -> bool:
        """Whether a package is registered here under this registration number."""
        return session().scalar(sa.select(sa.literal(1)).where(Declaration.number == number)) is not None

    def rulings(self, numbers: frozenset[str]) -> Mapping[str, AdvanceRuling]:
        """Return the advance rulings of some numbers, by number; one statement, and one question asked once."""
        if numbers not in self._rulings:
            self._rulings[numbers] = {number: ruling_of(row) for number, row in find_quoted(numbers).items()}
        return self._rulings[numbers]

    def held(self, on: date) -> tuple[Held, ...]:
        """Return the accreditations of the package's owner that count on the day; one statement."""
        return list_held(self.own.id, on) if self.own is not None else ()


def ruling_of(row: Ruling) -> AdvanceRuling:
    """Return a ruling, read with its holder, as the rules compare it."""
    return AdvanceRuling(
        number=row.number,
        document_code=row.document_code,
        holder=row.holder.unp or "",
        valid_from=row.valid_from,
        holds_until=row.holds_until,
        code=row.goods_code,
        origin=row.origin,
        method=row.method,
    )


def _number_of(owner_id: uuid.UUID, lrn: str) -> str | None:
    query = sa.select(Declaration.number).where(Declaration.owner_id == owner_id, Declaration.registered_lrn == lrn)
    return session().scalar(query)
