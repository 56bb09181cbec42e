"""Changes of one type are found version by version, the last one first."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Changes of one type are found version by version, the last one first."""
    op.create_index("ix_fact_change_kind", "fact_change", ["type", "version_id", "severity"], unique=False)
