"""The package and its versions. Drafts hold canonical XML; a version is what was filed and never changes."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.identity.models import Organisation


class Declaration(Keyed, Base):
    """One package, from draft to release. Facts for lists are kept on the row so that a list is one statement."""

    __tablename__ = "declarations"
    __table_args__ = (
        sa.UniqueConstraint("owner_id", "registered_lrn"),
        sa.Index("ix_declarations_content", "owner_id", "content_digest"),
        sa.Index("ix_declarations_owner_updated", "owner_id", "updated_at", "id"),
        sa.Index("ix_declarations_filer_updated", "filer_id", "updated_at", "id"),
    )

    owner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organisations.id"))
    filer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    filed_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    _status: Mapped[str] = mapped_column("status", sa.String(24))
    lrn: Mapped[str] = mapped_column(sa.String(35), default="")
    # A refused filing does not use up its LRN: only registration writes this column.
    registered_lrn: Mapped[str | None] = mapped_column(sa.String(35))
    direction: Mapped[str] = mapped_column(sa.String(8), default="")
    office_code: Mapped[str] = mapped_column(sa.String(17), default="")
    number: Mapped[str | None] = mapped_column(sa.String(24), unique=True)
    registered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(sa.String(64), default="")
    # Digest of the canonical XML without its LRN: "the same package under another reference" is one index look-up.
    content_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    goods_summary: Mapped[str] = mapped_column(sa.String(256), default="")
    line_count: Mapped[int] = mapped_column(default=0)
    owner_name: Mapped[str] = mapped_column(sa.String(160), default="")
    partner_country: Mapped[str] = mapped_column(sa.String(2), default="")
    draft_xml: Mapped[bytes | None] = mapped_column(deferred=True)
    # Answers of the form that the XML has no place for (for example which task was looked at); never facts of the case.
    draft_notes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    copied_from_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("declarations.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    owner: Mapped[Organisation | None] = relationship(foreign_keys=[owner_id], lazy="raise")
    filer: Mapped[Organisation] = relationship(foreign_keys=[filer_id], lazy="raise")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status


class Version(Keyed, Base):
    """What was filed: canonical XML, its digest, the bytes as received, and the answer the law gave, with its edition."""

    __tablename__ = "versions"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    number: Mapped[int]
    canonical: Mapped[bytes] = mapped_column(deferred=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    received_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blobs.sha256"))
    # The stored explanation (Outcome.as_dict): lanes, not triggered, documents, with the edition hash.
    outcome: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    edition: Mapped[str] = mapped_column(sa.String(64))
    # filed | amended | answered: why there is this version.
    cause: Mapped[str] = mapped_column(sa.String(12), default="filed")
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))


class Line(Keyed, Base):
    """A goods item of one version, as far as lists, queues and figures need it; the XML holds the rest."""

    __tablename__ = "lines"
    __table_args__ = (sa.UniqueConstraint("version_id", "number"),)

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("versions.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(18))
    description: Mapped[str] = mapped_column(sa.String(512))
    origin: Mapped[str] = mapped_column(sa.String(4))
    net_kg: Mapped[Decimal | None] = mapped_column(sa.Numeric(16, 6))
    gross_kg: Mapped[Decimal | None] = mapped_column(sa.Numeric(16, 6))
    price: Mapped[Decimal | None] = mapped_column(sa.Numeric(16, 3))
    currency: Mapped[str] = mapped_column(sa.String(3), default="")


class Attachment(Keyed, Base):
    """A stored file that stands behind one AdditionalDocument of a package (draft or filed).

    ``dropped_in``: the version that no longer has it; earlier versions keep it, so that both sides can compare.
    """

    __tablename__ = "attachments"

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    document_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("documents.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(255))
    item: Mapped[int | None]
    type_code: Mapped[str] = mapped_column(sa.String(6), default="")
    number: Mapped[str] = mapped_column(sa.String(70), default="")
    dropped_in: Mapped[int | None]


class Mark(Base):
    """A word by which a package is found: its number, reference, container, means of transport, seal, document number.

    Upper case, without blanks and hyphens, so that it is found however it is typed.
    """

    __tablename__ = "marks"

    # By code points on both engines: a word is looked for by its beginning, which is a range of the key.
    mark: Mapped[str] = mapped_column(
        sa.String(70).with_variant(sa.String(70, collation="C"), "postgresql"), primary_key=True
    )
    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), primary_key=True)


class NumberCounter(Base):
    """The last serial of an office and day: taken last before commit, so that numbers rise without gaps."""

    __tablename__ = "number_counters"

    office_code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
