"""Signing: keys of the window and what each is for, the paper that is about to be signed."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("told_days", sa.Integer(), nullable=True),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.Column("because", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "signing_stops",
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("because", sa.String(length=24), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("purpose", name=op.f("pk_signing_stops")),
    )
    # Papers of before were not signed: they have no key.
    op.add_column("clearances", sa.Column("signed_with", sa.String(length=64), nullable=True))
    op.add_column("clearances", sa.Column("waiting_since", UtcDateTime(), nullable=True))
    op.add_column("clearances", sa.Column("tried_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_clearances_waiting",
        "clearances",
        ["waiting_since"],
        unique=False,
        sqlite_where=sa.text("waiting_since IS NOT NULL"),
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_clearances_waiting", table_name="clearances")
    for name in ("tried_at", "waiting_since", "signed_with"):
        op.drop_column("clearances", name)
    op.drop_table("signing_stops")
    op.drop_table("signing_keys")
