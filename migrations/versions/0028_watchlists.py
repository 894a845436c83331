"""Watch-lists and what was found to look like their entries; intellectual property and suspensions."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "protected_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=35), nullable=False),
        sa.Column("holder", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("mark", sa.String(length=160), nullable=False),
        sa.Column("compared", sa.String(length=200), nullable=False),
        sa.Column("prefixes", sa.String(length=400), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by_name", sa.String(length=120), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_protected_marks_ends")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_protected_marks_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_marks")),
        sa.UniqueConstraint("number", name=op.f("uq_protected_marks_number")),
    )
    op.create_index(
        "ix_protected_marks_active",
        "protected_marks",
        ["valid_to", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "watch_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("compared", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("reference", sa.String(length=70), nullable=False),
        sa.Column("confidence", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effect", sa.String(length=8), nullable=False),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by_name", sa.String(length=120), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=120), nullable=False),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_watch_entries_ends")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_watch_entries_entered_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_watch_entries_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_entries")),
    )
    op.create_index(
        "ix_watch_entries_active",
        "watch_entries",
        ["valid_to", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index("ix_watch_entries_agency", "watch_entries", ["agency", "id"], unique=False)
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("extended_at", UtcDateTime(), nullable=True),
        sa.Column("lapsed_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_suspensions_declaration_id")),
        sa.ForeignKeyConstraint(["mark_id"], ["protected_marks.id"], name=op.f("fk_suspensions_mark_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_suspensions_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
        sa.UniqueConstraint(
            "declaration_id",
            "version",
            "item",
            "mark_id",
            name=op.f("uq_suspensions_declaration_id_version_item_mark_id"),
        ),
    )
    op.create_index(
        "ix_suspensions_due",
        "suspensions",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'suspended' AND lapsed_at IS NULL"),
        postgresql_where=sa.text("status = 'suspended' AND lapsed_at IS NULL"),
    )
    op.create_index(
        "ix_suspensions_open",
        "suspensions",
        ["at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('proposed', 'suspended')"),
        postgresql_where=sa.text("status IN ('proposed', 'suspended')"),
    )
    op.create_table(
        "watch_candidates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("compared", sa.String(length=200), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declarations.id"], name=op.f("fk_watch_candidates_declaration_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["watch_entries.id"], name=op.f("fk_watch_candidates_entry_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_watch_candidates_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_candidates")),
        sa.UniqueConstraint(
            "declaration_id",
            "version",
            "entry_id",
            "place",
            name=op.f("uq_watch_candidates_declaration_id_version_entry_id_place"),
        ),
    )
    op.create_index(
        "ix_watch_candidates_open",
        "watch_candidates",
        ["agency", "at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_watch_candidates_settled", "watch_candidates", ["entry_id", "compared"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_watch_candidates_settled", table_name="watch_candidates")
    op.drop_index(
        "ix_watch_candidates_open",
        table_name="watch_candidates",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_table("watch_candidates")
    op.drop_index(
        "ix_suspensions_open",
        table_name="suspensions",
        sqlite_where=sa.text("status IN ('proposed', 'suspended')"),
        postgresql_where=sa.text("status IN ('proposed', 'suspended')"),
    )
    op.drop_index(
        "ix_suspensions_due",
        table_name="suspensions",
        sqlite_where=sa.text("status = 'suspended' AND lapsed_at IS NULL"),
        postgresql_where=sa.text("status = 'suspended' AND lapsed_at IS NULL"),
    )
    op.drop_table("suspensions")
    op.drop_index("ix_watch_entries_agency", table_name="watch_entries")
    op.drop_index(
        "ix_watch_entries_active",
        table_name="watch_entries",
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )
    op.drop_table("watch_entries")
    op.drop_index(
        "ix_protected_marks_active",
        table_name="protected_marks",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("protected_marks")
