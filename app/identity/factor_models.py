"""What somebody has beside a password: apps that make codes, passkeys, and codes for the day when those are lost."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class Factor(Keyed, Base):
    """One second factor of a person: ``kind`` is totp (an app that makes codes) or passkey.

    ``sealed`` is the secret of an app, encrypted with a key of the window and bound to this person; empty for a passkey, of which
    we hold ``public_key`` alone. ``last_step`` is the last interval of 30 seconds whose code was taken: each is good once.
    """

    __tablename__ = "factors"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    label: Mapped[str] = mapped_column(sa.String(80), default="")
    sealed: Mapped[str] = mapped_column(sa.String(200), default="")
    last_step: Mapped[int | None]
    # Base64url of at most 1023 bytes (WebAuthn 2, section 6.1).
    credential_id: Mapped[str | None] = mapped_column(sa.String(1364), unique=True)
    public_key: Mapped[str] = mapped_column(sa.Text, default="")
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Keyed, Base):
    """One of ten codes that stand in for a lost factor, each once; only a keyed digest of it is kept."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    code_digest: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
