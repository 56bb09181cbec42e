"""Changes of one type are found in the order in which they were stored."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Changes of one type are found in the order in which they were stored."""
    op.create_index("ix_fact_change_type", "fact_change", ["type", "id"], unique=False)
