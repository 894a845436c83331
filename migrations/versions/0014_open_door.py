"""The open door: feed and webhooks, the request log, advance rulings, codes chosen before, rotation of keys."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_keys") as keys:
        keys.add_column(sa.Column("last_used_at", UtcDateTime(), nullable=True))
        keys.add_column(sa.Column("told_days", sa.Integer(), nullable=True))
        keys.add_column(sa.Column("successor_of_id", sa.Uuid(), nullable=True))
        keys.create_foreign_key(op.f("fk_api_keys_successor_of_id"), "api_keys", ["successor_of_id"], ["id"])
    op.create_index("ix_api_keys_successor_of", "api_keys", ["successor_of_id"], unique=False)
    op.create_index(
        "ix_api_keys_ending",
        "api_keys",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "chosen_codes",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=160), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_chosen_codes_owner_id")),
        sa.PrimaryKeyConstraint("owner_id", "words", "code", name=op.f("pk_chosen_codes")),
    )
    op.create_index("ix_chosen_codes_words", "chosen_codes", ["words", "code"], unique=False)
    op.create_index("ix_clearances_sha256", "clearances", ["sha256"], unique=False)
    op.create_table(
        "feed_entries",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.String(length=48), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_feed_entries_organisation_id")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_feed_entries")),
        sa.UniqueConstraint(
            "organisation_id", "entry_position", name=op.f("uq_feed_entries_organisation_id_entry_position")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feed_entries_organisation", "feed_entries", ["organisation_id", "position"], unique=False)
    op.create_table(
        "rulings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("document_code", sa.String(length=6), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("goods", sa.Text(), nullable=False),
        sa.Column("goods_code", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=2), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("published_goods", sa.Text(), nullable=False),
        sa.Column("published_reasons", sa.Text(), nullable=False),
        sa.Column("searched", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_rulings_ended_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_rulings_entered_by_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["organisations.id"], name=op.f("fk_rulings_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
        sa.UniqueConstraint("number", name=op.f("uq_rulings_number")),
    )
    op.create_index("ix_rulings_agency", "rulings", ["agency", "id"], unique=False)
    op.create_index("ix_rulings_holder", "rulings", ["holder_id", "id"], unique=False)
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("previous_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("disabled_because", sa.String(length=12), nullable=False),
        sa.Column("lost_from", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_webhook_endpoints_created_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_webhook_endpoints_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index("ix_webhook_endpoints_organisation", "webhook_endpoints", ["organisation_id", "id"], unique=False)
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("feed_position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("replay", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=48), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoints.id"], name=op.f("fk_webhook_deliveries_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "endpoint_id",
            "feed_position",
            "replay",
            name=op.f("uq_webhook_deliveries_endpoint_id_feed_position_replay"),
        ),
    )
    op.create_index("ix_webhook_deliveries_queue", "webhook_deliveries", ["endpoint_id", "status", "id"], unique=False)
    op.create_index("ix_webhook_deliveries_endpoint", "webhook_deliveries", ["endpoint_id", "id"], unique=False)
    op.create_index(
        "ix_webhook_deliveries_trials",
        "webhook_deliveries",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("status = 'pending' AND feed_position = 0"),
        postgresql_where=sa.text("status = 'pending' AND feed_position = 0"),
    )
    op.create_table(
        "api_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("body_size", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_api_requests_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_requests")),
    )
    op.create_index("ix_api_requests_at", "api_requests", ["at"], unique=False)
    op.create_index(
        "ix_api_requests_counted",
        "api_requests",
        ["caller_id", "at"],
        unique=False,
        sqlite_where=sa.text("status <> 429"),
        postgresql_where=sa.text("status <> 429"),
    )
    op.create_index("ix_api_requests_key", "api_requests", ["key_id", "at"], unique=False)
    op.create_index(
        "ix_api_requests_refused",
        "api_requests",
        ["key_id", "at"],
        unique=False,
        sqlite_where=sa.text("status >= 400"),
        postgresql_where=sa.text("status >= 400"),
    )
    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(length=1024), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["webhook_deliveries.id"], name=op.f("fk_webhook_attempts_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempts")),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_webhook_attempts_delivery_id_number")),
    )


def downgrade() -> None:
    op.drop_table("webhook_attempts")
    op.drop_index(
        "ix_api_requests_refused",
        table_name="api_requests",
        sqlite_where=sa.text("status >= 400"),
        postgresql_where=sa.text("status >= 400"),
    )
    op.drop_index("ix_api_requests_key", table_name="api_requests")
    op.drop_index(
        "ix_api_requests_counted",
        table_name="api_requests",
        sqlite_where=sa.text("status <> 429"),
        postgresql_where=sa.text("status <> 429"),
    )
    op.drop_index("ix_api_requests_at", table_name="api_requests")
    op.drop_table("api_requests")
    op.drop_index("ix_webhook_deliveries_trials", table_name="webhook_deliveries")
    op.drop_index("ix_webhook_deliveries_endpoint", table_name="webhook_deliveries")
    op.drop_index("ix_webhook_deliveries_queue", table_name="webhook_deliveries")
    op.drop_table("webhook_deliveries")
    op.drop_index("ix_webhook_endpoints_organisation", table_name="webhook_endpoints")
    op.drop_table("webhook_endpoints")
    op.drop_index("ix_rulings_holder", table_name="rulings")
    op.drop_index("ix_rulings_agency", table_name="rulings")
    op.drop_table("rulings")
    op.drop_index("ix_feed_entries_organisation", table_name="feed_entries")
    op.drop_table("feed_entries")
    op.drop_index("ix_clearances_sha256", table_name="clearances")
    op.drop_index("ix_chosen_codes_words", table_name="chosen_codes")
    op.drop_table("chosen_codes")
    op.drop_index(
        "ix_api_keys_ending",
        table_name="api_keys",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_index("ix_api_keys_successor_of", table_name="api_keys")
    with op.batch_alter_table("api_keys") as keys:
        keys.drop_constraint(op.f("fk_api_keys_successor_of_id"), type_="foreignkey")
        keys.drop_column("successor_of_id")
        keys.drop_column("told_days")
        keys.drop_column("last_used_at")
