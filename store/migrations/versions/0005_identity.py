"""What is paused, what is warned of, where an article is looked at, and one merge an article."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """What is paused, what is warned of, where an article is looked at, and one merge an article."""
    op.add_column("feed", sa.Column("warning", sa.Text(), server_default="", nullable=False))
    op.add_column("article", sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("article", sa.Column("warning", sa.Text(), server_default="", nullable=False))
    op.add_column("article", sa.Column("address", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_article_canonical", "article", ["canonical"], unique=False, postgresql_using="hash")
    op.create_index("ix_article_final", "article", ["final_url"], unique=False, postgresql_using="hash")
    op.create_index(
        "uq_merge_gone",
        "merge",
        ["gone_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
