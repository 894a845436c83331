"""The register of signing keys, and since when nothing can be signed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class SigningKey(Base):
    """A key that signed something of ours; it stays for ever, so that old papers can be proven without the key.

    ``fingerprint`` is SHA-256 of the certificate's DER. ``until``: the end of the certificate. ``because`` it was retired:
    ``replaced``, or ``compromised``: then its papers are in doubt.
    """

    __tablename__ = "signing_keys"

    fingerprint: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(sa.String(16))
    subject: Mapped[str] = mapped_column(sa.Text)
    # PEM: its own certificate, and those above it, its issuer first.
    certificate: Mapped[str] = mapped_column(sa.Text)
    chain: Mapped[str] = mapped_column(sa.Text, default="")
    taken_at: Mapped[datetime]
    until: Mapped[datetime]
    # Days before the end at which the last notice was given (60, 30, 7).
    told_days: Mapped[int | None]
    retired_at: Mapped[datetime | None]
    because: Mapped[str] = mapped_column(sa.String(16), default="")


class SigningStop(Base):
    """Nothing can be signed: one row while it is so, none while all is well."""

    __tablename__ = "signing_stops"

    purpose: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    since: Mapped[datetime]
    because: Mapped[str] = mapped_column(sa.String(24))
    # When the ledger, and by it the administrators, were told.
    told_at: Mapped[datetime | None]
