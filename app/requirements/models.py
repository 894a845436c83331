"""Reference data in the database: effective-dated, never edited, each load of it an edition with a content hash.

A row that changes is ended and a new one is added, so that an old case replays under the law of its day.
The columns are those of ``rows``; a test compares them.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed
from app.effective import Effective

CODE = sa.String(20)
TEXT = sa.Text()


class Agency(Keyed, Effective, Base):
    """An authority; ``mode`` signs has a queue, issues stands in the customs review, none does neither."""

    __tablename__ = "agencies"
    __table_args__ = (
        sa.CheckConstraint("mode in ('signs', 'issues', 'none')", name="mode"),
        sa.Index(None, "code", "valid_from"),
    )

    code: Mapped[str] = mapped_column(CODE)
    mode: Mapped[str] = mapped_column(sa.String(10))
    name_be: Mapped[str] = mapped_column(TEXT)
    name_ru: Mapped[str] = mapped_column(TEXT)
    name_en: Mapped[str] = mapped_column(TEXT)
    short_be: Mapped[str] = mapped_column(TEXT)
    short_ru: Mapped[str] = mapped_column(TEXT)
    short_en: Mapped[str] = mapped_column(TEXT)
    remit: Mapped[str] = mapped_column(TEXT)
    country: Mapped[str] = mapped_column(sa.String(10))
    role: Mapped[str] = mapped_column(TEXT)
    website: Mapped[str] = mapped_column(TEXT)
    source: Mapped[str] = mapped_column(TEXT)
    confidence: Mapped[str] = mapped_column(CODE)


class Measure(Keyed, Effective, Base):
    """One measure of the law. ``valid_to`` is exclusive; hours are working hours."""

    __tablename__ = "measures"
    __table_args__ = (
        sa.CheckConstraint("direction in ('import', 'export', 'transit')", name="direction"),
        sa.CheckConstraint("scope in ('full', 'ex')", name="scope"),
        sa.CheckConstraint("valid_to is null or valid_to >= valid_from", name="dates"),
        sa.Index(None, "code", "valid_from"),
        sa.Index(None, "agency", "prefix"),
    )

    code: Mapped[str] = mapped_column(CODE)
    prefix: Mapped[str] = mapped_column(sa.String(10))
    direction: Mapped[str] = mapped_column(sa.String(10))
    origin: Mapped[str] = mapped_column(CODE)
    destination: Mapped[str] = mapped_column(CODE)
    procedures: Mapped[str] = mapped_column(sa.String(200))
    flag: Mapped[str] = mapped_column(sa.String(200))
    scope: Mapped[str] = mapped_column(sa.String(4))
    measure_type: Mapped[str] = mapped_column(sa.String(100))
    agency: Mapped[str] = mapped_column(CODE)
    documents: Mapped[str] = mapped_column(TEXT)
    act: Mapped[str] = mapped_column(TEXT)
    area: Mapped[str] = mapped_column(sa.String(60))
    service_hours: Mapped[int]
    permit_lead_hours: Mapped[int | None]
    service_basis: Mapped[str] = mapped_column(TEXT)
    risk_class: Mapped[str] = mapped_column(CODE)
    note: Mapped[str] = mapped_column(TEXT)
    date_precision: Mapped[str] = mapped_column(TEXT)
    verified_scope: Mapped[str] = mapped_column(TEXT)
    source: Mapped[str] = mapped_column(TEXT)
    confidence: Mapped[str] = mapped_column(CODE)


class DocumentType(Keyed, Effective, Base):
    """A kind of supporting document; ``scope`` package may stand on the header, ``number_suffices`` needs no file."""

    __tablename__ = "document_types"
    __table_args__ = (
        sa.CheckConstraint("scope in ('item', 'package')", name="scope"),
        sa.Index(None, "code", "valid_from"),
    )

    code: Mapped[str] = mapped_column(CODE)
    category: Mapped[str] = mapped_column(TEXT)
    name_ru: Mapped[str] = mapped_column(TEXT)
    name_en: Mapped[str] = mapped_column(TEXT)
    label_be: Mapped[str] = mapped_column(TEXT)
    label_ru: Mapped[str] = mapped_column(TEXT)
    label_en: Mapped[str] = mapped_column(TEXT)
    issuer: Mapped[str] = mapped_column(CODE)
    scope: Mapped[str] = mapped_column(sa.String(10))
    number_suffices: Mapped[bool]
    obtained_from: Mapped[str] = mapped_column(sa.String(40))
    travels_under: Mapped[str] = mapped_column(CODE)
    applies_to: Mapped[str] = mapped_column(TEXT)
    note: Mapped[str] = mapped_column(TEXT)
    source: Mapped[str] = mapped_column(TEXT)
    confidence: Mapped[str] = mapped_column(CODE)


class ItemFlag(Keyed, Effective, Base):
    """A word that measures use for a property of goods, carriage or use."""

    __tablename__ = "item_flags"
    __table_args__ = (sa.Index(None, "code", "valid_from"),)

    code: Mapped[str] = mapped_column(sa.String(40))
    description: Mapped[str] = mapped_column(TEXT)
    declared_by: Mapped[str] = mapped_column(CODE)
    source: Mapped[str] = mapped_column(TEXT)
    confidence: Mapped[str] = mapped_column(CODE)


class CountryGroup(Keyed, Effective, Base):
    """One country in one group, from a day to a day."""

    __tablename__ = "country_groups"
    __table_args__ = (sa.Index(None, "group", "country"),)

    group: Mapped[str] = mapped_column(CODE)
    group_name: Mapped[str] = mapped_column(TEXT)
    country: Mapped[str] = mapped_column(sa.String(2))
    source: Mapped[str] = mapped_column(TEXT)
    confidence: Mapped[str] = mapped_column(CODE)


class GoodsCode(Keyed, Effective, Base):
    """A code of HS 2022: chapter, heading or subheading."""

    __tablename__ = "goods_codes"
    __table_args__ = (sa.Index(None, "code", "valid_from"),)

    code: Mapped[str] = mapped_column(sa.String(10))
    parent: Mapped[str] = mapped_column(sa.String(10))
    section: Mapped[str] = mapped_column(sa.String(10))
    name_be: Mapped[str] = mapped_column(TEXT, server_default="")
    name_ru: Mapped[str] = mapped_column(TEXT)
    name_en: Mapped[str] = mapped_column(TEXT)


class CodeListEntry(Keyed, Effective, Base):
    """One code of one list."""

    __tablename__ = "code_list_entries"
    __table_args__ = (sa.Index(None, "code_list", "code"),)

    code_list: Mapped[str] = mapped_column(sa.String(40))
    code: Mapped[str] = mapped_column(CODE)
    name_be: Mapped[str] = mapped_column(TEXT)
    name_ru: Mapped[str] = mapped_column(TEXT)
    name_en: Mapped[str] = mapped_column(TEXT)
    note: Mapped[str] = mapped_column(TEXT)
    source: Mapped[str] = mapped_column(TEXT)
    confidence: Mapped[str] = mapped_column(CODE)


class CustomsOffice(Keyed, Effective, Base):
    """A customs house, clearance point or border point."""

    __tablename__ = "customs_offices"
    __table_args__ = (sa.Index(None, "code", "valid_from"),)

    code: Mapped[str] = mapped_column(CODE)
    code8: Mapped[str] = mapped_column(sa.String(8))
    level: Mapped[str] = mapped_column(TEXT)
    name_be: Mapped[str] = mapped_column(TEXT)
    name_ru: Mapped[str] = mapped_column(TEXT)
    name_en: Mapped[str] = mapped_column(TEXT)
    house: Mapped[str] = mapped_column(CODE)
    kind: Mapped[str] = mapped_column(TEXT)
    mode: Mapped[str] = mapped_column(CODE)
    neighbour: Mapped[str] = mapped_column(TEXT)
    unlocode: Mapped[str] = mapped_column(CODE)
    locality: Mapped[str] = mapped_column(TEXT)
    note: Mapped[str] = mapped_column(TEXT)
    source: Mapped[str] = mapped_column(TEXT)
    confidence: Mapped[str] = mapped_column(CODE)


class Edition(Keyed, Base):
    """One state of all reference data together: ``number`` rises, ``hash`` names the content."""

    __tablename__ = "editions"
    __table_args__ = (sa.UniqueConstraint("number"),)

    number: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    loaded_at: Mapped[datetime]
