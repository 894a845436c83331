"""Who: organisations, people, what they may do where and until when, and their sessions."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.effective import Effective


class Organisation(Keyed, Base):
    """A trader, broker, agency or the operator of the window. ``unp`` is the Belarusian tax number (9 characters)."""

    __tablename__ = "organisations"

    kind: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(160))
    unp: Mapped[str | None] = mapped_column(sa.String(9), unique=True)
    agency: Mapped[str | None] = mapped_column(sa.String(16), unique=True)
    country: Mapped[str] = mapped_column(sa.String(2), default="BY")
    city: Mapped[str] = mapped_column(sa.String(35), default="")
    address_line: Mapped[str] = mapped_column(sa.String(70), default="")
    postcode: Mapped[str] = mapped_column(sa.String(9), default="")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Person(Keyed, Base):
    """Somebody with an account. A disabled person's sessions are dead at once."""

    __tablename__ = "people"

    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    full_name: Mapped[str] = mapped_column(sa.String(120))
    language: Mapped[str] = mapped_column(sa.String(2), default="be")
    password_hash: Mapped[str] = mapped_column(sa.String(256), default="")
    personal_number: Mapped[str] = mapped_column(sa.String(16), default="")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    memberships: Mapped[list[Membership]] = relationship(back_populates="person", lazy="raise")


class Membership(Keyed, Effective, Base):
    """A person in an organisation: roles (names in ``access.ROLES``), post, office, validity."""

    __tablename__ = "memberships"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    roles: Mapped[list[str]]
    post: Mapped[str] = mapped_column(sa.String(80), default="")
    office_code: Mapped[str] = mapped_column(sa.String(8), default="")

    person: Mapped[Person] = relationship(back_populates="memberships", lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Mandate(Keyed, Effective, Base):
    """A trader lets a broker act for it: offered by the trader, accepted by the broker, asked at every act."""

    __tablename__ = "mandates"

    trader_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    broker_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    # Directions the broker may file for: import, export, transit.
    scope: Mapped[list[str]]
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    offered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    accepted_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    created_at: Mapped[datetime]

    trader: Mapped[Organisation] = relationship(foreign_keys=[trader_id], lazy="raise")
    broker: Mapped[Organisation] = relationship(foreign_keys=[broker_id], lazy="raise")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status


_WAITING = sa.text("waits_for IS NOT NULL AND ended_at IS NULL")


class SignInSession(Keyed, Base):
    """A server-side session: dead at sign-out, at its end, and when the person is disabled."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (
        sa.Index("ix_sign_in_sessions_waiting", "expires_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    membership_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("memberships.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(sa.String(200), default="")
    # Half a session, good for nothing but what it waits for: "factor" (to be given) or "enrolment" (a first one to be added).
    waits_for: Mapped[str | None] = mapped_column(sa.String(12))
    # When its person last proved who they are, and by what: password, totp, passkey, recovery, provider.
    proven_at: Mapped[datetime | None]
    proven_by: Mapped[str | None] = mapped_column(sa.String(12))
    # What a passkey is asked to sign: good once, and not for long.
    challenge: Mapped[str | None] = mapped_column(sa.String(100))
    challenge_at: Mapped[datetime | None]
    # The last request, to the minute; the network by keyed digest; "known" or "new" to the person; whether by break-glass.
    seen_at: Mapped[datetime | None]
    network_digest: Mapped[str | None] = mapped_column(sa.String(64))
    place: Mapped[str | None] = mapped_column(sa.String(8))
    glass: Mapped[bool | None]


class SignInAttempt(Keyed, Base):
    """A failed sign-in, by keyed digest of the account and of the address: counted, never named."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        sa.Index("ix_sign_in_attempts_account", "account_digest", "at"),
        sa.Index("ix_sign_in_attempts_address", "address_digest", "at"),
        sa.Index("ix_sign_in_attempts_at", "at"),
    )

    at: Mapped[datetime]
    account_digest: Mapped[str] = mapped_column(sa.String(64))
    address_digest: Mapped[str] = mapped_column(sa.String(64))


_KEPT = "revoked_at IS NULL"


class ApiKey(Keyed, Base):
    """A machine's key: shown once, found by its prefix, compared by the hash of its secret."""

    __tablename__ = "api_keys"
    __table_args__ = (
        # The worker looks every second which end soon.
        sa.Index("ix_api_keys_ending", "expires_at", sqlite_where=sa.text(_KEPT), postgresql_where=sa.text(_KEPT)),
        sa.Index("ix_api_keys_successor_of", "successor_of_id"),
    )

    prefix: Mapped[str] = mapped_column(sa.String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64))
    label: Mapped[str] = mapped_column(sa.String(80))
    scopes: Mapped[list[str]]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    membership_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("memberships.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    # To the hour: every request would write it otherwise.
    last_used_at: Mapped[datetime | None]
    # How many days before its end that was told last: 14, then 3; None before.
    told_days: Mapped[int | None]
    # Whose place it took: the older key stays good until its own, nearer end.
    successor_of_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("api_keys.id"))
