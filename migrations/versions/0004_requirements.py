"""Reference data, effective-dated."""

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("name_be", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("short_be", sa.Text(), nullable=False),
        sa.Column("short_ru", sa.Text(), nullable=False),
        sa.Column("short_en", sa.Text(), nullable=False),
        sa.Column("remit", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=10), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("mode in ('signs', 'issues', 'none')", name=op.f("ck_agencies_mode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
    )
    op.create_index(op.f("ix_agencies_code_valid_from"), "agencies", ["code", "valid_from"], unique=False)
    op.create_table(
        "code_list_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_list", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_be", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_list_entries")),
    )
    op.create_index(
        op.f("ix_code_list_entries_code_list_code"), "code_list_entries", ["code_list", "code"], unique=False
    )
    op.create_table(
        "country_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_country_groups")),
    )
    op.create_index(op.f("ix_country_groups_group_country"), "country_groups", ["group", "country"], unique=False)
    op.create_table(
        "customs_offices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("code8", sa.String(length=8), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name_be", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("house", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("neighbour", sa.Text(), nullable=False),
        sa.Column("unlocode", sa.String(length=20), nullable=False),
        sa.Column("locality", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customs_offices")),
    )
    op.create_index(op.f("ix_customs_offices_code_valid_from"), "customs_offices", ["code", "valid_from"], unique=False)
    op.create_table(
        "document_types",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("label_be", sa.Text(), nullable=False),
        sa.Column("label_ru", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("issuer", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("number_suffices", sa.Boolean(), nullable=False),
        sa.Column("obtained_from", sa.String(length=40), nullable=False),
        sa.Column("travels_under", sa.String(length=20), nullable=False),
        sa.Column("applies_to", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("scope in ('item', 'package')", name=op.f("ck_document_types_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_types")),
    )
    op.create_index(op.f("ix_document_types_code_valid_from"), "document_types", ["code", "valid_from"], unique=False)
    op.create_table(
        "editions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("number", name=op.f("uq_editions_number")),
    )
    op.create_index(op.f("ix_editions_hash"), "editions", ["hash"], unique=False)
    op.create_table(
        "goods_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("parent", sa.String(length=10), nullable=False),
        sa.Column("section", sa.String(length=10), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_codes")),
    )
    op.create_index(op.f("ix_goods_codes_code_valid_from"), "goods_codes", ["code", "valid_from"], unique=False)
    op.create_table(
        "item_flags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_flags")),
    )
    op.create_index(op.f("ix_item_flags_code_valid_from"), "item_flags", ["code", "valid_from"], unique=False)
    op.create_table(
        "measures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("destination", sa.String(length=20), nullable=False),
        sa.Column("procedures", sa.String(length=200), nullable=False),
        sa.Column("flag", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=4), nullable=False),
        sa.Column("measure_type", sa.String(length=100), nullable=False),
        sa.Column("agency", sa.String(length=20), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("service_hours", sa.Integer(), nullable=False),
        sa.Column("permit_lead_hours", sa.Integer(), nullable=True),
        sa.Column("service_basis", sa.Text(), nullable=False),
        sa.Column("risk_class", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("date_precision", sa.Text(), nullable=False),
        sa.Column("verified_scope", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("direction in ('import', 'export', 'transit')", name=op.f("ck_measures_direction")),
        sa.CheckConstraint("scope in ('full', 'ex')", name=op.f("ck_measures_scope")),
        sa.CheckConstraint("valid_to is null or valid_to >= valid_from", name=op.f("ck_measures_dates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
    )
    op.create_index(op.f("ix_measures_agency_prefix"), "measures", ["agency", "prefix"], unique=False)
    op.create_index(op.f("ix_measures_code_valid_from"), "measures", ["code", "valid_from"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_measures_code_valid_from"), table_name="measures")
    op.drop_index(op.f("ix_measures_agency_prefix"), table_name="measures")
    op.drop_table("measures")
    op.drop_index(op.f("ix_item_flags_code_valid_from"), table_name="item_flags")
    op.drop_table("item_flags")
    op.drop_index(op.f("ix_goods_codes_code_valid_from"), table_name="goods_codes")
    op.drop_table("goods_codes")
    op.drop_index(op.f("ix_editions_hash"), table_name="editions")
    op.drop_table("editions")
    op.drop_index(op.f("ix_document_types_code_valid_from"), table_name="document_types")
    op.drop_table("document_types")
    op.drop_index(op.f("ix_customs_offices_code_valid_from"), table_name="customs_offices")
    op.drop_table("customs_offices")
    op.drop_index(op.f("ix_country_groups_group_country"), table_name="country_groups")
    op.drop_table("country_groups")
    op.drop_index(op.f("ix_code_list_entries_code_list_code"), table_name="code_list_entries")
    op.drop_table("code_list_entries")
    op.drop_index(op.f("ix_agencies_code_valid_from"), table_name="agencies")
    op.drop_table("agencies")
