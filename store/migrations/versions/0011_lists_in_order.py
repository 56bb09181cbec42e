"""Indexes by which deliveries are listed newest first, and hosts are summed up without a look at each article."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Indexes by which deliveries are listed newest first, and hosts are summed up without a look at each article."""
    op.drop_index("ix_article_due", table_name="article")
    op.create_index("ix_article_due", "article", ["host_id", "next_check_at", "interval"], unique=False)
    op.create_index("ix_delivery_newest", "delivery", ["state", "id"], unique=False)
    op.create_index("ix_delivery_newest_of", "delivery", ["endpoint_id", "state", "id"], unique=False)
