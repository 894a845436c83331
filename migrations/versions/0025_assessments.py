"""Assessments of packages, lanes of reviews, random draws, automatic sign-off."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_WAITING = sa.text("status IN ('queued', 'claimed')")


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("indicators", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("lanes", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("draws", sa.JSON(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("lowered", sa.JSON(), nullable=False),
        sa.Column("failed", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_assessments_declaration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("declaration_id", "version", name=op.f("uq_assessments_declaration_id_version")),
    )
    op.create_index("ix_assessments_day", "assessments", ["drawn_on", "id"], unique=False)
    op.create_table(
        "draw_seeds",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("committed_at", UtcDateTime(), nullable=False),
        sa.Column("revealed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_draw_seeds")),
    )
    op.create_table(
        "green_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("proof", sa.String(length=16), nullable=False),
        sa.Column("second_look", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=120), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_by_name", sa.String(length=120), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people.id"], name=op.f("fk_green_rules_proposed_by_id")),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["people.id"], name=op.f("fk_green_rules_agreed_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_green_rules_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_green_rules")),
        sa.UniqueConstraint("code", name=op.f("uq_green_rules_code")),
    )
    op.create_index("ix_green_rules_agency", "green_rules", ["agency", "id"], unique=False)
    op.add_column("reviews", sa.Column("risk", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("reviews", sa.Column("target_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_reviews_open_risk",
        "reviews",
        ["agency", "risk", "due_at", "id"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.add_column("decisions", sa.Column("rule_code", sa.String(length=48), nullable=False, server_default=""))
    _person("", "NOT NULL")
    op.create_table(
        "second_looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("rule_code", sa.String(length=48), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_second_looks_review_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_second_looks_declaration_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_second_looks_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_second_looks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_looks")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_second_looks_decision_id")),
    )
    op.create_index("ix_second_looks_declaration_id", "second_looks", ["declaration_id"], unique=False)
    op.create_index("ix_second_looks_agency", "second_looks", ["agency", "status", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_second_looks_agency", table_name="second_looks")
    op.drop_index("ix_second_looks_declaration_id", table_name="second_looks")
    op.drop_table("second_looks")
    _person("NOT NULL", "")
    op.drop_column("decisions", "rule_code")
    op.drop_index("ix_reviews_open_risk", table_name="reviews", sqlite_where=_WAITING, postgresql_where=_WAITING)
    op.drop_column("reviews", "target_at")
    op.drop_column("reviews", "risk")
    op.drop_index("ix_green_rules_agency", table_name="green_rules")
    op.drop_table("green_rules")
    op.drop_table("draw_seeds")
    op.drop_index("ix_assessments_day", table_name="assessments")
    op.drop_table("assessments")


def _person(now: str, before: str) -> None:
    """Let a decision stand without a person, or not any more.

    Copying the table, as SQLite usually wants it, would break the rows that refer to it. Taking NOT NULL away changes no
    stored row, so the text of the schema is changed in place, as SQLite's own manual describes (lang_altertable, section 7).
    """
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("decisions", "person_id", nullable=not now)
        return
    connection = op.get_bind()
    column = "\tperson_id CHAR(32)"
    old, new = (f"{column} {before}".rstrip() + ",", f"{column} {now}".rstrip() + ",")
    told = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'decisions'"
    ).scalar()
    if told is None or told.count(old) != 1:
        raise RuntimeError(f"the table decisions is not as it was made: {told}")
    serial = connection.exec_driver_sql("PRAGMA schema_version").scalar()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'decisions'", (told.replace(old, new),)
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {(serial or 0) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
