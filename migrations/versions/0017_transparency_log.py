"""The transparency log: leaves in order, tree nodes, checkpoints, logs that are witnessed."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _large() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ledger_leaves",
        sa.Column("leaf_index", _large(), autoincrement=False, nullable=False),
        sa.Column("position", _large(), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_ledger_leaves")),
        sa.UniqueConstraint("position", name=op.f("uq_ledger_leaves_position")),
    )
    op.create_table(
        "ledger_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", _large(), autoincrement=False, nullable=False),
        sa.Column("node_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_ledger_nodes")),
    )
    op.create_table(
        "ledger_epochs",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("verifier_key", sa.String(length=300), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("from_size", _large(), nullable=False),
        sa.Column("stopped_because", sa.String(length=24), nullable=False),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_epochs")),
    )
    op.create_table(
        "ledger_checkpoints",
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", _large(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("cosignatures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["epoch"], ["ledger_epochs.number"], name=op.f("fk_ledger_checkpoints_epoch")),
        sa.PrimaryKeyConstraint("epoch", "size", name=op.f("pk_ledger_checkpoints")),
    )
    op.create_table(
        "ledger_witnessed",
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("size", _large(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_ledger_witnessed")),
    )


def downgrade() -> None:
    op.drop_table("ledger_witnessed")
    op.drop_table("ledger_checkpoints")
    op.drop_table("ledger_epochs")
    op.drop_table("ledger_nodes")
    op.drop_table("ledger_leaves")
