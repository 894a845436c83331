"""Scanning: what waits for a scanner, what it said, how it fares, packages held until their files are clean."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("blobs", sa.Column("ours", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("blobs", sa.Column("scan_due_at", UtcDateTime(), nullable=True))
    op.add_column("blobs", sa.Column("scan_tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("blobs", sa.Column("scan_problem", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("blobs", sa.Column("scanned_at", UtcDateTime(), nullable=True))
    op.add_column("blobs", sa.Column("scan_engine", sa.String(length=48), nullable=False, server_default=""))
    op.add_column("blobs", sa.Column("scan_found", sa.String(length=120), nullable=False, server_default=""))
    # Pages and papers that the window drew itself are nobody's upload; all else waits for the first look.
    op.execute(
        "UPDATE blobs SET ours = true WHERE sha256 IN (SELECT picture_sha256 FROM renditions WHERE picture_sha256 IS NOT NULL)"
        " OR sha256 IN (SELECT sha256 FROM clearances WHERE sha256 IS NOT NULL)"
    )
    op.execute("UPDATE blobs SET scan_due_at = stored_at WHERE NOT ours AND scan = 'not scanned'")
    op.create_index(
        "ix_blobs_scan_due",
        "blobs",
        ["scan_due_at"],
        unique=False,
        sqlite_where=sa.text("scan_due_at IS NOT NULL"),
        postgresql_where=sa.text("scan_due_at IS NOT NULL"),
    )
    op.create_index("ix_attachments_sha256", "attachments", ["sha256"], unique=False)
    op.create_index("ix_question_files_sha256", "question_files", ["sha256"], unique=False)
    op.create_table(
        "scanner_states",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.Column("engine", sa.String(length=48), nullable=False),
        sa.Column("signatures_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scanner_states")),
    )
    op.create_table(
        "holds",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", UtcDateTime(), nullable=False),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_holds_declaration_id")),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_holds")),
    )


def downgrade() -> None:
    op.drop_table("holds")
    op.drop_table("scanner_states")
    op.drop_index("ix_question_files_sha256", table_name="question_files")
    op.drop_index("ix_attachments_sha256", table_name="attachments")
    op.drop_index(
        "ix_blobs_scan_due",
        table_name="blobs",
        sqlite_where=sa.text("scan_due_at IS NOT NULL"),
        postgresql_where=sa.text("scan_due_at IS NOT NULL"),
    )
    for name in ("scan_found", "scan_engine", "scanned_at", "scan_problem", "scan_tries", "scan_due_at", "ours"):
        op.drop_column("blobs", name)
