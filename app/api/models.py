"""What software asked of us, for thirty days: the request log of a key, and what its rate is counted from."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed

COUNTED = "status <> 429"
"""The condition of the index from which rates are counted; a query says it in the same words, or the index is of no use."""
REFUSED = "status >= 400"
"""The condition of the index of what was not answered."""


class ApiRequest(Keyed, Base):
    """One request: who, when, what, and how it was answered. No bodies, no queries, no addresses: the hash of the body only.

    ``caller_id``: the key's id, or for a caller without a key an id made of a keyed digest of the address.
    """

    __tablename__ = "api_requests"
    __table_args__ = (
        # What a rate is counted from: whoever was turned away for asking too often is not counted once more for it.
        sa.Index("ix_api_requests_counted", "caller_id", "at", sqlite_where=sa.text(COUNTED), postgresql_where=sa.text(COUNTED)),
        # The pages of the account: everything, and what was refused or failed, each newest first.
        sa.Index("ix_api_requests_key", "key_id", "at"),
        sa.Index("ix_api_requests_refused", "key_id", "at", sqlite_where=sa.text(REFUSED), postgresql_where=sa.text(REFUSED)),
        sa.Index("ix_api_requests_at", "at"),
    )  # fmt: skip

    caller_id: Mapped[uuid.UUID]
    # Also of a key that has ended: its owner sees that a program still sends it.
    key_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("api_keys.id"))
    # When it arrived.
    at: Mapped[datetime]
    method: Mapped[str] = mapped_column(sa.String(8))
    path: Mapped[str] = mapped_column(sa.String(200))
    status: Mapped[int]
    # The code of the problem, "" where there was none.
    code: Mapped[str] = mapped_column(sa.String(40), default="")
    request_id: Mapped[str] = mapped_column(sa.String(32))
    body_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    body_size: Mapped[int] = mapped_column(default=0)
    milliseconds: Mapped[int]
