"""Files: the blob under its digest, and the document that an organisation uploaded."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed


class Blob(Base):
    """Bytes in the store, under the SHA-256 of their content. ``scan`` is ``not scanned``, ``clean`` or ``infected``."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(80))
    scan: Mapped[str] = mapped_column(sa.String(16), default="not scanned")
    stored_at: Mapped[datetime]


class Document(Keyed, Base):
    """A file that an organisation uploaded: its name as given (Cyrillic kept), what it claims to be, who brought it."""

    __tablename__ = "documents"
    __table_args__ = (
        sa.Index("ix_documents_owner_uploaded", "owner_id", "uploaded_at", "id"),
        sa.Index("ix_documents_owner_sha256", "owner_id", "sha256"),
        sa.Index("ix_documents_owner_number", "owner_id", "number"),
    )

    owner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("blobs.sha256"))
    file_name: Mapped[str] = mapped_column(sa.String(255))
    type_code: Mapped[str] = mapped_column(sa.String(6), default="")
    number: Mapped[str] = mapped_column(sa.String(70), default="")
    uploaded_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]

    blob: Mapped[Blob] = relationship(lazy="raise")


class Rendition(Base):
    """A page of a stored file as a picture; page 0 stands for the file as a whole and says how far its pictures are.

    ``state``: wanted, drawn, or failed with ``failure``: a code of ``darkroom.Outcome``, or infected.
    """

    __tablename__ = "renditions"

    sha256: Mapped[str] = mapped_column(sa.ForeignKey("blobs.sha256"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    pages: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(sa.String(12))
    failure: Mapped[str] = mapped_column(sa.String(16), default="")
    picture_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blobs.sha256"))
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
