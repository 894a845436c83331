"""Checks after release."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "post_clearance_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("office_code", sa.String(length=17), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("ground", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by_name", sa.String(length=120), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("lapsed_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=120), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("act_number", sa.String(length=35), nullable=False),
        sa.Column("concluded_by_id", sa.Uuid(), nullable=True),
        sa.Column("concluded_by_name", sa.String(length=120), nullable=False),
        sa.Column("second_by_id", sa.Uuid(), nullable=True),
        sa.Column("second_by_name", sa.String(length=120), nullable=False),
        sa.Column("returned_because", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_post_clearance_checks_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["concluded_by_id"], ["people.id"], name=op.f("fk_post_clearance_checks_concluded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declarations.id"], name=op.f("fk_post_clearance_checks_declaration_id")
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_post_clearance_checks_opened_by_id")),
        sa.ForeignKeyConstraint(["second_by_id"], ["people.id"], name=op.f("fk_post_clearance_checks_second_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_clearance_checks")),
        sa.UniqueConstraint("declaration_id", "ordinal", name=op.f("uq_post_clearance_checks_declaration_id_ordinal")),
    )
    op.create_index(
        "ix_post_clearance_checks_agency", "post_clearance_checks", ["agency", "opened_at", "id"], unique=False
    )
    op.create_index(
        "ix_post_clearance_checks_due",
        "post_clearance_checks",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'asked'"),
        postgresql_where=sa.text("status = 'asked'"),
    )
    op.create_index(
        "ix_post_clearance_checks_open",
        "post_clearance_checks",
        ["agency", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('asked', 'examining', 'concluded')"),
        postgresql_where=sa.text("status IN ('asked', 'examining', 'concluded')"),
    )
    op.create_index(
        "uq_post_clearance_checks_open",
        "post_clearance_checks",
        ["declaration_id", "agency"],
        unique=True,
        sqlite_where=sa.text("status IN ('asked', 'examining', 'concluded')"),
        postgresql_where=sa.text("status IN ('asked', 'examining', 'concluded')"),
    )
    op.create_table(
        "post_clearance_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("type_code", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["post_clearance_checks.id"], name=op.f("fk_post_clearance_files_check_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_post_clearance_files_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_clearance_files")),
    )
    op.create_index(op.f("ix_post_clearance_files_check_id"), "post_clearance_files", ["check_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_post_clearance_files_check_id"), table_name="post_clearance_files")
    op.drop_table("post_clearance_files")
    op.drop_index(
        "uq_post_clearance_checks_open",
        table_name="post_clearance_checks",
        sqlite_where=sa.text("status IN ('asked', 'examining', 'concluded')"),
        postgresql_where=sa.text("status IN ('asked', 'examining', 'concluded')"),
    )
    op.drop_index(
        "ix_post_clearance_checks_open",
        table_name="post_clearance_checks",
        sqlite_where=sa.text("status IN ('asked', 'examining', 'concluded')"),
        postgresql_where=sa.text("status IN ('asked', 'examining', 'concluded')"),
    )
    op.drop_index(
        "ix_post_clearance_checks_due",
        table_name="post_clearance_checks",
        sqlite_where=sa.text("status = 'asked'"),
        postgresql_where=sa.text("status = 'asked'"),
    )
    op.drop_index("ix_post_clearance_checks_agency", table_name="post_clearance_checks")
    op.drop_table("post_clearance_checks")
