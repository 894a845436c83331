"""Paces of agencies."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("minutes", sa.JSON(), nullable=False),
        sa.Column("median_minutes", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("agency", name=op.f("pk_paces")),
    )


def downgrade() -> None:
    op.drop_table("paces")
