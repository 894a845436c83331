"""Verification: the signed list of papers that hold no longer."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ended_lists",
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_ended_lists")),
    )
    # Of a million papers few have ended: the list is made of these alone.
    op.create_index(
        "ix_clearances_ended",
        "clearances",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status IN ('superseded', 'revoked')"),
        postgresql_where=sa.text("status IN ('superseded', 'revoked')"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_clearances_ended",
        table_name="clearances",
        sqlite_where=sa.text("status IN ('superseded', 'revoked')"),
        postgresql_where=sa.text("status IN ('superseded', 'revoked')"),
    )
    op.drop_table("ended_lists")
