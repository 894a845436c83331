"""Rows that hold from a day (inclusive) to a day (exclusive): laws, memberships, mandates, code lists."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column


class Effective:
    """Mixin: ``valid_from`` inclusive, ``valid_to`` exclusive or null."""

    valid_from: Mapped[date] = mapped_column(index=False)
    valid_to: Mapped[date | None] = mapped_column(default=None)

    @hybrid_method
    def as_of(self, on: date) -> bool:
        """Whether the row holds on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @as_of.inplace.expression  # type: ignore[attr-defined, untyped-decorator]
    @classmethod
    def _as_of(cls, on: date) -> sa.ColumnElement[bool]:
        """The same as a condition of a query."""
        return sa.and_(cls.valid_from <= on, sa.or_(cls.valid_to.is_(None), cls.valid_to > on))
