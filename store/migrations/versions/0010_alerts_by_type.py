"""An index by which alerts of one type are found in the order they were told."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """An index by which alerts of one type are found in the order they were told."""
    op.create_index("ix_alert_type", "alert", ["type", "created_at"], unique=False)
