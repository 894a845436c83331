"""Privacy of need: what officers had shown to themselves for a reason."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unmaskings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("reason_code", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_unmaskings_declaration_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_unmaskings_person_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_unmaskings_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmaskings")),
    )
    op.create_index("ix_unmaskings_declaration_id", "unmaskings", ["declaration_id"], unique=False)
    op.create_index("ix_unmaskings_review_id", "unmaskings", ["review_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_unmaskings_review_id", table_name="unmaskings")
    op.drop_index("ix_unmaskings_declaration_id", table_name="unmaskings")
    op.drop_table("unmaskings")
