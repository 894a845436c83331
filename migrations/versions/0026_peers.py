"""What is usual: peers per heading and origin, traders' own past, anomalies, forecasts."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "peer_cells",
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("bins", sa.JSON(), nullable=False),
        sa.Column("median", sa.Double(), nullable=True),
        sa.Column("mad", sa.Double(), nullable=True),
        sa.Column("quantiles", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_peer_cells")),
    )
    op.create_table(
        "trader_pasts",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("about", sa.String(length=17), nullable=False),
        sa.Column("months", sa.JSON(), nullable=False),
        sa.Column("bins", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("median", sa.Double(), nullable=True),
        sa.Column("mad", sa.Double(), nullable=True),
        sa.Column("quantiles", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_trader_pasts_owner_id")),
        sa.PrimaryKeyConstraint("owner_id", "direction", "about", name=op.f("pk_trader_pasts")),
    )
    op.create_table(
        "post_hours",
        sa.Column("office", sa.String(length=17), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("office", "day", name=op.f("pk_post_hours")),
    )
    op.create_table(
        "peer_counted",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_peer_counted_declaration_id")),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_peer_counted")),
    )
    op.create_table(
        "anomalies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("origin", sa.String(length=4), nullable=False),
        sa.Column("agencies", sa.String(length=400), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("median", sa.Double(), nullable=True),
        sa.Column("spread", sa.Double(), nullable=False),
        sa.Column("route", sa.String(length=4), nullable=False),
        sa.Column("peers", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=48), nullable=False),
        sa.Column("bins", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("package_score", sa.Integer(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("marked_at", UtcDateTime(), nullable=True),
        sa.Column("marked_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_anomalies_declaration_id")),
        sa.ForeignKeyConstraint(["marked_by_id"], ["people.id"], name=op.f("fk_anomalies_marked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anomalies")),
        sa.UniqueConstraint(
            "declaration_id", "version", "item", "kind", name=op.f("uq_anomalies_declaration_id_version_item_kind")
        ),
    )
    op.create_index("ix_anomalies_ranked", "anomalies", ["status", "package_score", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_anomalies_ranked", table_name="anomalies")
    op.drop_table("anomalies")
    op.drop_table("peer_counted")
    op.drop_table("post_hours")
    op.drop_table("trader_pasts")
    op.drop_table("peer_cells")
