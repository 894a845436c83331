"""Files: the blob under its digest, and the document that an organisation uploaded."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed


class Blob(Base):
    """Bytes in the store, under the SHA-256 of their content. ``scan`` is ``not scanned``, ``clean`` or ``infected``.

    ``ours``: the window made the bytes itself (a drawn page, a paper), so nothing is to be looked for in them. Anybody
    else's wait for the scanner from ``scan_due_at`` (None: no look is due); ``scan_problem`` says why the last look told
    nothing (a code of ``clamd.NotScanned``), ``scan_engine`` and ``scan_found`` who said what at ``scanned_at``.
    """

    __tablename__ = "blobs"
    __table_args__ = (
        sa.Index(
            "ix_blobs_scan_due",
            "scan_due_at",
            sqlite_where=sa.text("scan_due_at IS NOT NULL"),
            postgresql_where=sa.text("scan_due_at IS NOT NULL"),
        ),
    )

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(80))
    scan: Mapped[str] = mapped_column(sa.String(16), default="not scanned")
    stored_at: Mapped[datetime]
    ours: Mapped[bool] = mapped_column(default=False)
    scan_due_at: Mapped[datetime | None]
    scan_tries: Mapped[int] = mapped_column(default=0)
    scan_problem: Mapped[str] = mapped_column(sa.String(12), default="")
    scanned_at: Mapped[datetime | None]
    scan_engine: Mapped[str] = mapped_column(sa.String(48), default="")
    scan_found: Mapped[str] = mapped_column(sa.String(120), default="")


class ScannerState(Base):
    """How the scanner fares, one row (id 1), written by the worker: no request ever asks the scanner itself.

    ``state``: works, or why it does not (a code of ``scanner.STATES``), ``since`` when; ``told_at``: when that was told.
    """

    __tablename__ = "scanner_states"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(sa.String(12))
    since: Mapped[datetime]
    looked_at: Mapped[datetime]
    engine: Mapped[str] = mapped_column(sa.String(48), default="")
    signatures_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


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
