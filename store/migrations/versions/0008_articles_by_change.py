"""Articles whose text changed since a moment are found without a look at all of them."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Articles whose text changed since a moment are found without a look at all of them."""
    op.create_index("ix_article_changed", "article", ["last_changed_at"], unique=False)
