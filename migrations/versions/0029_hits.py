"""What became of the packages that indicators selected; how agencies agree, and with themselves."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_agreements",
        sa.Column("one", sa.String(length=16), nullable=False),
        sa.Column("other", sa.String(length=16), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("different", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_agency_agreements")),
    )
    op.create_table(
        "indicator_months",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("selected", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", "month", name=op.f("pk_indicator_months")),
    )
    op.create_table(
        "indicator_selections",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declarations.id"], name=op.f("fk_indicator_selections_declaration_id")
        ),
        sa.PrimaryKeyConstraint("code", "declaration_id", name=op.f("pk_indicator_selections")),
    )
    op.create_index("ix_indicator_selections_package", "indicator_selections", ["declaration_id"], unique=False)
    op.create_table(
        "package_findings",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declarations.id"], name=op.f("fk_package_findings_declaration_id")
        ),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_package_findings")),
    )
    op.create_table(
        "fact_outcomes",
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_fact_outcomes_review_id")),
        sa.PrimaryKeyConstraint("agency", "facts", name=op.f("pk_fact_outcomes")),
    )
    op.create_table(
        "inconsistencies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.String(length=64), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("first_result", sa.String(length=16), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["reviews.id"], name=op.f("fk_inconsistencies_first_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_inconsistencies_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inconsistencies")),
        sa.UniqueConstraint("review_id", name=op.f("uq_inconsistencies_review_id")),
    )
    op.create_index("ix_inconsistencies_agency", "inconsistencies", ["agency", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_inconsistencies_agency", table_name="inconsistencies")
    op.drop_table("inconsistencies")
    op.drop_table("fact_outcomes")
    op.drop_table("package_findings")
    op.drop_index("ix_indicator_selections_package", table_name="indicator_selections")
    op.drop_table("indicator_selections")
    op.drop_table("indicator_months")
    op.drop_table("agency_agreements")
