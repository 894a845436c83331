"""Advance information, journeys of consignments, reports and alerts."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "advance_counters",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_advance_counters")),
    )
    op.create_table(
        "advances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=35), nullable=False),
        sa.Column("filer_id", sa.Uuid(), nullable=False),
        sa.Column("filed_by_id", sa.Uuid(), nullable=False),
        sa.Column("trader_id", sa.Uuid(), nullable=True),
        sa.Column("carrier_id", sa.Uuid(), nullable=True),
        sa.Column("warehouse_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("mode", sa.String(length=1), nullable=False),
        sa.Column("vehicle", sa.String(length=35), nullable=False),
        sa.Column("post", sa.String(length=17), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("dispatch", sa.String(length=2), nullable=False),
        sa.Column("goods_summary", sa.String(length=256), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("gross_kg", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("arrived_at", UtcDateTime(), nullable=True),
        sa.Column("arrived_where", sa.String(length=17), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("late_at", UtcDateTime(), nullable=True),
        sa.Column("foretold", sa.Boolean(), nullable=True),
        sa.Column("quoted_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["carrier_id"], ["organisations.id"], name=op.f("fk_advances_carrier_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["people.id"], name=op.f("fk_advances_filed_by_id")),
        sa.ForeignKeyConstraint(["filer_id"], ["organisations.id"], name=op.f("fk_advances_filer_id")),
        sa.ForeignKeyConstraint(["quoted_by_id"], ["declarations.id"], name=op.f("fk_advances_quoted_by_id")),
        sa.ForeignKeyConstraint(["trader_id"], ["organisations.id"], name=op.f("fk_advances_trader_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["organisations.id"], name=op.f("fk_advances_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advances")),
        sa.UniqueConstraint("filer_id", "reference", name=op.f("uq_advances_filer_id_reference")),
        sa.UniqueConstraint("number", name=op.f("uq_advances_number")),
    )
    op.create_index("ix_advances_carrier", "advances", ["carrier_id", "id"], unique=False)
    op.create_index("ix_advances_filer", "advances", ["filer_id", "id"], unique=False)
    op.create_index(op.f("ix_advances_quoted_by_id"), "advances", ["quoted_by_id"], unique=False)
    op.create_index("ix_advances_trader", "advances", ["trader_id", "id"], unique=False)
    op.create_index("ix_advances_waiting", "advances", ["status", "planned_at"], unique=False)
    op.create_index("ix_advances_warehouse", "advances", ["warehouse_id", "id"], unique=False)
    op.create_table(
        "advance_agencies",
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=17), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("lane", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["advance_id"], ["advances.id"], name=op.f("fk_advance_agencies_advance_id")),
        sa.PrimaryKeyConstraint("advance_id", "agency", name=op.f("pk_advance_agencies")),
    )
    op.create_index(
        "ix_advance_agencies_coming", "advance_agencies", ["agency", "planned_at", "advance_id"], unique=False
    )
    op.create_index("ix_advance_agencies_post", "advance_agencies", ["agency", "post", "planned_at"], unique=False)
    op.create_table(
        "advance_assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("lanes", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["advance_id"], ["advances.id"], name=op.f("fk_advance_assessments_advance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance_assessments")),
        sa.UniqueConstraint("advance_id", "version", name=op.f("uq_advance_assessments_advance_id_version")),
    )
    op.create_table(
        "advance_marks",
        sa.Column("mark", sa.String(length=35), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["advance_id"], ["advances.id"], name=op.f("fk_advance_marks_advance_id")),
        sa.PrimaryKeyConstraint("mark", "advance_id", name=op.f("pk_advance_marks")),
    )
    op.create_index(op.f("ix_advance_marks_advance_id"), "advance_marks", ["advance_id"], unique=False)
    op.create_table(
        "advance_receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("filer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reference", sa.String(length=35), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("body_name", sa.String(length=255), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["advance_id"], ["advances.id"], name=op.f("fk_advance_receipts_advance_id")),
        sa.ForeignKeyConstraint(["body_sha256"], ["blobs.sha256"], name=op.f("fk_advance_receipts_body_sha256")),
        sa.ForeignKeyConstraint(["filer_id"], ["organisations.id"], name=op.f("fk_advance_receipts_filer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_advance_receipts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance_receipts")),
        sa.UniqueConstraint("filer_id", "idempotency_key", name=op.f("uq_advance_receipts_filer_id_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_advance_receipts_number")),
    )
    op.create_index(op.f("ix_advance_receipts_advance_id"), "advance_receipts", ["advance_id"], unique=False)
    op.create_index("ix_advance_receipts_filer", "advance_receipts", ["filer_id", "id"], unique=False)
    op.create_table(
        "advance_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["advance_id"], ["advances.id"], name=op.f("fk_advance_versions_advance_id")),
        sa.ForeignKeyConstraint(["body_sha256"], ["blobs.sha256"], name=op.f("fk_advance_versions_body_sha256")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_advance_versions_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance_versions")),
        sa.UniqueConstraint("advance_id", "number", name=op.f("uq_advance_versions_advance_id_number")),
    )
    op.create_table(
        "movements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("reported_by_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("latitude", sa.Numeric(precision=8, scale=5), nullable=True),
        sa.Column("longitude", sa.Numeric(precision=8, scale=5), nullable=True),
        sa.Column("post", sa.String(length=17), nullable=False),
        sa.Column("seals", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["advance_id"], ["advances.id"], name=op.f("fk_movements_advance_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["people.id"], name=op.f("fk_movements_reported_by_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["organisations.id"], name=op.f("fk_movements_reporter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movements")),
        sa.UniqueConstraint(
            "advance_id", "reporter_id", "digest", name=op.f("uq_movements_advance_id_reporter_id_digest")
        ),
    )
    op.create_index("ix_movements_advance", "movements", ["advance_id", "at"], unique=False)
    op.create_index("ix_movements_reporter", "movements", ["reporter_id", "id"], unique=False)
    op.create_table(
        "movement_alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.Column("movement_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("about", sa.String(length=35), nullable=False),
        sa.Column("figure", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_agency", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["advance_id"], ["advances.id"], name=op.f("fk_movement_alerts_advance_id")),
        sa.ForeignKeyConstraint(["movement_id"], ["movements.id"], name=op.f("fk_movement_alerts_movement_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_movement_alerts_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement_alerts")),
    )
    op.create_index("ix_movement_alerts_advance", "movement_alerts", ["advance_id", "id"], unique=False)
    op.create_index(
        "ix_movement_alerts_once",
        "movement_alerts",
        ["advance_id", "kind", "about"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_movement_alerts_open", "movement_alerts", ["status", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_movement_alerts_open", table_name="movement_alerts")
    op.drop_index(
        "ix_movement_alerts_once",
        table_name="movement_alerts",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_index("ix_movement_alerts_advance", table_name="movement_alerts")
    op.drop_table("movement_alerts")
    op.drop_index("ix_movements_reporter", table_name="movements")
    op.drop_index("ix_movements_advance", table_name="movements")
    op.drop_table("movements")
    op.drop_table("advance_versions")
    op.drop_index("ix_advance_receipts_filer", table_name="advance_receipts")
    op.drop_index(op.f("ix_advance_receipts_advance_id"), table_name="advance_receipts")
    op.drop_table("advance_receipts")
    op.drop_index(op.f("ix_advance_marks_advance_id"), table_name="advance_marks")
    op.drop_table("advance_marks")
    op.drop_table("advance_assessments")
    op.drop_index("ix_advance_agencies_post", table_name="advance_agencies")
    op.drop_index("ix_advance_agencies_coming", table_name="advance_agencies")
    op.drop_table("advance_agencies")
    op.drop_index("ix_advances_warehouse", table_name="advances")
    op.drop_index("ix_advances_waiting", table_name="advances")
    op.drop_index("ix_advances_trader", table_name="advances")
    op.drop_index(op.f("ix_advances_quoted_by_id"), table_name="advances")
    op.drop_index("ix_advances_filer", table_name="advances")
    op.drop_index("ix_advances_carrier", table_name="advances")
    op.drop_table("advances")
    op.drop_table("advance_counters")
