"""A feed's newest entries are found without sorting all of them."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """A feed's newest entries are found without sorting all of them."""
    op.create_index("ix_entry_newest", "entry", ["feed_id", "id"], unique=False)
