"""Blobs and documents."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("type_code", sa.String(length=6), nullable=False),
        sa.Column("number", sa.String(length=70), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_documents_owner_id")),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_documents_sha256")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["people.id"], name=op.f("fk_documents_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_owner_number", "documents", ["owner_id", "number"], unique=False)
    op.create_index("ix_documents_owner_sha256", "documents", ["owner_id", "sha256"], unique=False)
    op.create_index("ix_documents_owner_uploaded", "documents", ["owner_id", "uploaded_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_documents_owner_uploaded", table_name="documents")
    op.drop_index("ix_documents_owner_sha256", table_name="documents")
    op.drop_index("ix_documents_owner_number", table_name="documents")
    op.drop_table("documents")
    op.drop_table("blobs")
