"""What accounts need beside people and sessions: links that are good once, places of sign-in, ties to providers."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class AccountLink(Keyed, Base):
    """A link that lets one person in once: an invitation, a new password instead of a forgotten one, or break-glass.

    ``person_id`` is None where a stranger asked for an address that nobody has: such a row is counted and leads nowhere.
    ``token_hash`` is None until the letter is written: only the letter knows the token.
    """

    __tablename__ = "account_links"
    __table_args__ = (
        sa.Index("ix_account_links_account", "account_digest", "at"),
        sa.Index("ix_account_links_address", "address_digest", "at"),
    )

    # invitation | reset | glass
    kind: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[datetime]
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    account_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    address_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInPlace(Keyed, Base):
    """Somewhere a person has signed in before: a keyed digest of person, network and kind of browser, nothing in plain."""

    __tablename__ = "sign_in_places"
    __table_args__ = (sa.UniqueConstraint("person_id", "place_digest"),)

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    place_digest: Mapped[str] = mapped_column(sa.String(64))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class ProviderTie(Keyed, Base):
    """An administrator's word that a subject at an identity provider is this person: a digest, never an e-mail address."""

    __tablename__ = "provider_ties"
    __table_args__ = (sa.UniqueConstraint("provider", "subject_digest"),)

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    provider: Mapped[str] = mapped_column(sa.String(64))
    subject_digest: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
