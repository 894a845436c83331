"""Packages, versions, goods items, attachments, number counters."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_counters",
        sa.Column("office_code", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office_code", "day", name=op.f("pk_number_counters")),
    )
    op.create_table(
        "declarations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("filer_id", sa.Uuid(), nullable=False),
        sa.Column("filed_by_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("lrn", sa.String(length=35), nullable=False),
        sa.Column("registered_lrn", sa.String(length=35), nullable=True),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("office_code", sa.String(length=17), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=True),
        sa.Column("registered_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("goods_summary", sa.String(length=256), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("owner_name", sa.String(length=160), nullable=False),
        sa.Column("partner_country", sa.String(length=2), nullable=False),
        sa.Column("draft_xml", sa.LargeBinary(), nullable=True),
        sa.Column("draft_notes", sa.JSON(), nullable=False),
        sa.Column("copied_from_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["copied_from_id"], ["declarations.id"], name=op.f("fk_declarations_copied_from_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["people.id"], name=op.f("fk_declarations_filed_by_id")),
        sa.ForeignKeyConstraint(["filer_id"], ["organisations.id"], name=op.f("fk_declarations_filer_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_declarations_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
        sa.UniqueConstraint("number", name=op.f("uq_declarations_number")),
        sa.UniqueConstraint("owner_id", "registered_lrn", name=op.f("uq_declarations_owner_id_registered_lrn")),
    )
    op.create_index("ix_declarations_content", "declarations", ["owner_id", "content_digest"], unique=False)
    op.create_index("ix_declarations_filer_updated", "declarations", ["filer_id", "updated_at", "id"], unique=False)
    op.create_index("ix_declarations_owner_updated", "declarations", ["owner_id", "updated_at", "id"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("type_code", sa.String(length=6), nullable=False),
        sa.Column("number", sa.String(length=70), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_attachments_declaration_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_attachments_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_declaration_id"), "attachments", ["declaration_id"], unique=False)
    op.create_table(
        "versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received_sha256", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_versions_created_by_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_versions_declaration_id")),
        sa.ForeignKeyConstraint(["received_sha256"], ["blobs.sha256"], name=op.f("fk_versions_received_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_versions_declaration_id_number")),
    )
    op.create_table(
        "lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("description", sa.String(length=512), nullable=False),
        sa.Column("origin", sa.String(length=4), nullable=False),
        sa.Column("net_kg", sa.Numeric(precision=16, scale=6), nullable=True),
        sa.Column("gross_kg", sa.Numeric(precision=16, scale=6), nullable=True),
        sa.Column("price", sa.Numeric(precision=16, scale=3), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_lines_declaration_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_lines_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lines")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_lines_version_id_number")),
    )
    op.create_index(op.f("ix_lines_declaration_id"), "lines", ["declaration_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_lines_declaration_id"), table_name="lines")
    op.drop_table("lines")
    op.drop_table("versions")
    op.drop_index(op.f("ix_attachments_declaration_id"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_index("ix_declarations_owner_updated", table_name="declarations")
    op.drop_index("ix_declarations_filer_updated", table_name="declarations")
    op.drop_index("ix_declarations_content", table_name="declarations")
    op.drop_table("declarations")
    op.drop_table("number_counters")
