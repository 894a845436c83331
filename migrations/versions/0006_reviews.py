"""Reviews and decisions."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("office_code", sa.String(length=17), nullable=False),
        sa.Column("releases", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_by_name", sa.String(length=120), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("lane", sa.JSON(), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["people.id"], name=op.f("fk_reviews_claimed_by_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_reviews_declaration_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_reviews_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint(
            "declaration_id", "agency", "version", name=op.f("uq_reviews_declaration_id_agency_version")
        ),
    )
    op.create_index(
        "ix_reviews_claimant",
        "reviews",
        ["claimed_by_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'claimed'"),
        postgresql_where=sa.text("status = 'claimed'"),
    )
    op.create_index(
        "ix_reviews_decided",
        "reviews",
        ["agency", "decided_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'decided'"),
        postgresql_where=sa.text("status = 'decided'"),
    )
    op.create_index(
        "ix_reviews_open",
        "reviews",
        ["agency", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.create_index(
        "ix_reviews_open_office",
        "reviews",
        ["agency", "office_code", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.Column("personal_number", sa.String(length=16), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("office_code", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_decisions_declaration_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_decisions_person_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_decisions_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_declaration_id"), "decisions", ["declaration_id"], unique=False)
    op.create_index(op.f("ix_decisions_review_id"), "decisions", ["review_id"], unique=False)
    op.create_table(
        "decision_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason_code", sa.String(length=24), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("legal_ground", sa.Text(), nullable=False),
        sa.Column("appeal_office", sa.String(length=160), nullable=False),
        sa.Column("appeal_contact", sa.String(length=160), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_items_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_items")),
        sa.UniqueConstraint("decision_id", "number", name=op.f("uq_decision_items_decision_id_number")),
    )


def downgrade() -> None:
    op.drop_table("decision_items")
    op.drop_index(op.f("ix_decisions_review_id"), table_name="decisions")
    op.drop_index(op.f("ix_decisions_declaration_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(
        "ix_reviews_open_office",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.drop_index(
        "ix_reviews_open",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.drop_index(
        "ix_reviews_decided",
        table_name="reviews",
        sqlite_where=sa.text("status = 'decided'"),
        postgresql_where=sa.text("status = 'decided'"),
    )
    op.drop_index(
        "ix_reviews_claimant",
        table_name="reviews",
        sqlite_where=sa.text("status = 'claimed'"),
        postgresql_where=sa.text("status = 'claimed'"),
    )
    op.drop_table("reviews")
