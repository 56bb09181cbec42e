"""What a site's sightings add up to, and how often an article taught."""

import sqlalchemy as sa
from alembic import op

from store.columns import Id, Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """What a site's sightings add up to, and how often an article taught."""
    op.create_table(
        "memory",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("learnt", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memory")),
        sa.UniqueConstraint("site", name=op.f("uq_memory_site")),
    )
    op.add_column("article", sa.Column("taught", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        "UPDATE article SET taught = 1 WHERE EXISTS (SELECT 1 FROM sighting WHERE sighting.article_id = article.id)"
    )
