"""Clearances."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clearances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_clearances_declaration_id")),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_clearances_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearances")),
        sa.UniqueConstraint("code", name=op.f("uq_clearances_code")),
        sa.UniqueConstraint("number", name=op.f("uq_clearances_number")),
    )
    op.create_index(op.f("ix_clearances_declaration_id"), "clearances", ["declaration_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_clearances_declaration_id"), table_name="clearances")
    op.drop_table("clearances")
