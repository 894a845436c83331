"""Goods of the Harmonised System are named in Belarusian."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("goods_codes", sa.Column("name_be", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("goods_codes", "name_be")
