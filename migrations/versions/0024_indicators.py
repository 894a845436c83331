"""Shared risk indicators: versions, agreements."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COUNTING = sa.text("status in ('shadow', 'live')")
LIVE = sa.text("status = 'live'")


def upgrade() -> None:
    op.create_table(
        "indicators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("agency", "serial", name=op.f("uq_indicators_agency_serial")),
        sa.UniqueConstraint("code", name=op.f("uq_indicators_code")),
    )
    op.create_table(
        "indicator_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("prefixes", sa.JSON(), nullable=False),
        sa.Column("condition", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=8), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("treatments", sa.JSON(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=16), nullable=False),
        sa.Column("example", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("shadow_at", UtcDateTime(), nullable=True),
        sa.Column("live_at", UtcDateTime(), nullable=True),
        sa.Column("activated_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("weight between 0 and 100", name=op.f("ck_indicator_versions_weight")),
        sa.CheckConstraint("effect in ('score', 'yellow', 'red')", name=op.f("ck_indicator_versions_effect")),
        sa.CheckConstraint("valid_to is not null and valid_to > valid_from", name=op.f("ck_indicator_versions_ends")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicators.id"], name=op.f("fk_indicator_versions_indicator_id")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_indicator_versions_author_id")),
        sa.ForeignKeyConstraint(["activated_by_id"], ["people.id"], name=op.f("fk_indicator_versions_activated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_versions")),
        sa.UniqueConstraint("indicator_id", "number", name=op.f("uq_indicator_versions_indicator_id_number")),
    )
    op.create_index(
        "ix_indicator_versions_counting", "indicator_versions", ["status"], unique=False,
        sqlite_where=COUNTING, postgresql_where=COUNTING,
    )
    op.create_index("ix_indicator_versions_agency", "indicator_versions", ["agency", "id"], unique=False)
    op.create_index(
        "uq_indicator_versions_live", "indicator_versions", ["indicator_id"], unique=True,
        sqlite_where=LIVE, postgresql_where=LIVE,
    )
    op.create_table(
        "indicator_agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "answer in ('waiting', 'agreed', 'declined')", name=op.f("ck_indicator_agreements_answer")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["indicator_versions.id"], name=op.f("fk_indicator_agreements_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_indicator_agreements_answered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_agreements")),
        sa.UniqueConstraint("version_id", "agency", name=op.f("uq_indicator_agreements_version_id_agency")),
    )
    op.create_index("ix_indicator_agreements_agency", "indicator_agreements", ["agency", "answer"], unique=False)
    op.create_table(
        "risk_stamps",
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_risk_stamps")),
    )
    # The row is there from the beginning, so that two first changes wait for each other instead of both making it.
    op.execute("INSERT INTO risk_stamps (part, number) VALUES ('indicators', 0)")


def downgrade() -> None:
    op.drop_table("risk_stamps")
    op.drop_index("ix_indicator_agreements_agency", table_name="indicator_agreements")
    op.drop_table("indicator_agreements")
    op.drop_index(
        "uq_indicator_versions_live", table_name="indicator_versions", sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.drop_index("ix_indicator_versions_agency", table_name="indicator_versions")
    op.drop_index(
        "ix_indicator_versions_counting", table_name="indicator_versions",
        sqlite_where=COUNTING, postgresql_where=COUNTING,
    )
    op.drop_table("indicator_versions")
    op.drop_table("indicators")
