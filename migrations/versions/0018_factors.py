"""Second factors: TOTP, passkeys, recovery codes; what a session has proven."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_sessions") as sessions:
        sessions.add_column(sa.Column("waits_for", sa.String(length=12), nullable=True))
        sessions.add_column(sa.Column("proven_at", UtcDateTime(), nullable=True))
        sessions.add_column(sa.Column("proven_by", sa.String(length=12), nullable=True))
        sessions.add_column(sa.Column("challenge", sa.String(length=100), nullable=True))
        sessions.add_column(sa.Column("challenge_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_sign_in_sessions_waiting",
        "sign_in_sessions",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("waits_for IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("waits_for IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "factors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("credential_id", sa.String(length=1364), nullable=True),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_factors_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factors")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_factors_credential_id")),
    )
    op.create_index(op.f("ix_factors_person_id"), "factors", ["person_id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_table("factors")
    op.drop_index(
        "ix_sign_in_sessions_waiting",
        table_name="sign_in_sessions",
        sqlite_where=sa.text("waits_for IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("waits_for IS NOT NULL AND ended_at IS NULL"),
    )
    with op.batch_alter_table("sign_in_sessions") as sessions:
        sessions.drop_column("challenge_at")
        sessions.drop_column("challenge")
        sessions.drop_column("proven_by")
        sessions.drop_column("proven_at")
        sessions.drop_column("waits_for")
