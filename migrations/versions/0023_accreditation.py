"""Accreditation of traders: applications, grants, their scope, the files behind them."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

UNDER_WAY = sa.text("status IN ('draft', 'applied', 'examination', 'incomplete', 'proposed')")
IN_FORCE = sa.text("status IN ('granted', 'suspended')")


def upgrade() -> None:
    op.create_table(
        "accreditations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("type", sa.String(length=1), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=True),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.Column("applied_by_id", sa.Uuid(), nullable=True),
        sa.Column("examiner_id", sa.Uuid(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("proposal", sa.String(length=8), nullable=False),
        sa.Column("proposal_note", sa.Text(), nullable=False),
        sa.Column("returned", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("guarantee_reference", sa.String(length=50), nullable=False),
        sa.Column("guarantee_amount", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("guarantee_currency", sa.String(length=3), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("searched", sa.Text(), nullable=False),
        sa.Column("ground", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("appeal_office", sa.String(length=160), nullable=False),
        sa.Column("appeal_contact", sa.String(length=160), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=True),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("told_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["applied_by_id"], ["people.id"], name=op.f("fk_accreditations_applied_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_accreditations_decided_by_id")),
        sa.ForeignKeyConstraint(["examiner_id"], ["people.id"], name=op.f("fk_accreditations_examiner_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["organisations.id"], name=op.f("fk_accreditations_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditations")),
        sa.UniqueConstraint("number", name=op.f("uq_accreditations_number")),
    )
    op.create_index("ix_accreditations_holder", "accreditations", ["holder_id", "id"], unique=False)
    op.create_index("ix_accreditations_agency", "accreditations", ["agency", "status", "id"], unique=False)
    op.create_index(
        "uq_accreditations_under_way", "accreditations", ["holder_id", "kind", "type"], unique=True,
        sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY,
    )  # fmt: skip
    op.create_index(
        "ix_accreditations_ending", "accreditations", ["valid_to"], unique=False,
        sqlite_where=IN_FORCE, postgresql_where=IN_FORCE,
    )  # fmt: skip
    op.create_table(
        "accreditation_evidence",
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=24), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accreditation_id"], ["accreditations.id"], name=op.f("fk_accreditation_evidence_accreditation_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_accreditation_evidence_document_id")),
        sa.PrimaryKeyConstraint("accreditation_id", "criterion", "document_id", name=op.f("pk_accreditation_evidence")),
    )
    op.create_table(
        "accreditation_counters",
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_accreditation_counters")),
    )


def downgrade() -> None:
    op.drop_table("accreditation_counters")
    op.drop_table("accreditation_evidence")
    op.drop_index(
        "ix_accreditations_ending", table_name="accreditations", sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
    )
    op.drop_index(
        "uq_accreditations_under_way", table_name="accreditations", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY
    )
    op.drop_index("ix_accreditations_agency", table_name="accreditations")
    op.drop_index("ix_accreditations_holder", table_name="accreditations")
    op.drop_table("accreditations")
