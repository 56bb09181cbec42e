"""What is tried before it is watched: dry runs, forgotten after an hour."""

import sqlalchemy as sa

from store.columns import count, document, identity, metadata, moment, ref, text

preview = sa.Table(
    "preview",
    metadata,
    identity(),
    text("url"),
    text("final_url"),
    ref("host_id", "host", nullable=True),
    text("state", "asked"),
    text("reason"),
    count("status"),
    count("hops"),
    moment("next_check_at"),
    document("headers"),
    sa.Column("body", sa.LargeBinary, nullable=True),
    document("found"),
    moment("created_at", nullable=False),
    moment("expires_at", nullable=False),
)
