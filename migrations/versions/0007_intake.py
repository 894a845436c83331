"""Receipts."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("filer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("lrn", sa.String(length=35), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("body_name", sa.String(length=255), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["body_sha256"], ["blobs.sha256"], name=op.f("fk_receipts_body_sha256")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_receipts_declaration_id")),
        sa.ForeignKeyConstraint(["filer_id"], ["organisations.id"], name=op.f("fk_receipts_filer_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_receipts_owner_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_receipts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("filer_id", "idempotency_key", name=op.f("uq_receipts_filer_id_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_receipts_number")),
    )
    op.create_index(op.f("ix_receipts_declaration_id"), "receipts", ["declaration_id"], unique=False)
    op.create_index("ix_receipts_filer_received", "receipts", ["filer_id", "received_at", "id"], unique=False)
    op.create_index("ix_receipts_owner_body", "receipts", ["owner_id", "body_sha256"], unique=False)
    op.create_index("ix_receipts_owner_lrn", "receipts", ["owner_id", "lrn"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_receipts_owner_lrn", table_name="receipts")
    op.drop_index("ix_receipts_owner_body", table_name="receipts")
    op.drop_index("ix_receipts_filer_received", table_name="receipts")
    op.drop_index(op.f("ix_receipts_declaration_id"), table_name="receipts")
    op.drop_table("receipts")
