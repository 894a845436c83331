"""Accounts: places of sign-in, resets, break-glass, identity providers."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_sessions") as sessions:
        sessions.add_column(sa.Column("seen_at", UtcDateTime(), nullable=True))
        sessions.add_column(sa.Column("network_digest", sa.String(length=64), nullable=True))
        sessions.add_column(sa.Column("place", sa.String(length=8), nullable=True))
        sessions.add_column(sa.Column("glass", sa.Boolean(), nullable=True))
    op.create_index("ix_sign_in_attempts_at", "sign_in_attempts", ["at"], unique=False)
    op.create_table(
        "account_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("account_digest", sa.String(length=64), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_account_links_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_links_token_hash")),
    )
    op.create_index("ix_account_links_account", "account_links", ["account_digest", "at"], unique=False)
    op.create_index("ix_account_links_address", "account_links", ["address_digest", "at"], unique=False)
    op.create_index(op.f("ix_account_links_person_id"), "account_links", ["person_id"], unique=False)
    op.create_table(
        "sign_in_places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("place_digest", sa.String(length=64), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_in_places_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_places")),
        sa.UniqueConstraint("person_id", "place_digest", name=op.f("uq_sign_in_places_person_id_place_digest")),
    )
    op.create_table(
        "provider_ties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("subject_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_provider_ties_created_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_provider_ties_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_ties")),
        sa.UniqueConstraint(
            "provider", "subject_digest", name=op.f("uq_provider_ties_provider_subject_digest")
        ),
    )
    op.create_index(op.f("ix_provider_ties_person_id"), "provider_ties", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("provider_ties")
    op.drop_table("sign_in_places")
    op.drop_table("account_links")
    op.drop_index("ix_sign_in_attempts_at", table_name="sign_in_attempts")
    with op.batch_alter_table("sign_in_sessions") as sessions:
        sessions.drop_column("glass")
        sessions.drop_column("place")
        sessions.drop_column("network_digest")
        sessions.drop_column("seen_at")
