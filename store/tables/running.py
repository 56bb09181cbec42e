"""What keeps it running: work owed, tokens, and the roles that are alive."""

import sqlalchemy as sa

from store.columns import count, document, identity, lease, metadata, moment, ref, text

outbox = sa.Table(
    "outbox",
    metadata,
    identity(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    ref("snapshot_id", "snapshot", nullable=True),
    document("payload"),
    text("state", "owed"),
    count("attempts"),
    count("charges"),
    moment("not_before"),
    moment("rung_at"),
    *lease(),
    text("reason"),
    document("outcome"),
    moment("created_at", nullable=False),
    moment("done_at"),
    sa.Index("ix_outbox_owed", "state", "not_before"),
    sa.Index("ix_outbox_order", "subject", "state", "id"),
)

token = sa.Table(
    "token",
    metadata,
    identity(),
    text("name"),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    document("scopes"),
    moment("created_at", nullable=False),
    moment("last_used_at"),
)

role = sa.Table(
    "role",
    metadata,
    identity(),
    sa.Column("owner", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    moment("started_at", nullable=False),
    moment("seen_at", nullable=False),
)
