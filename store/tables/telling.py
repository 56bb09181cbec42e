"""What is told: alerts, and their way to each endpoint."""

import sqlalchemy as sa

from store.columns import count, document, identity, lease, metadata, moment, ref, text

alert = sa.Table(
    "alert",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    text("severity"),
    document("body"),
    moment("created_at", nullable=False, index=True),
    sa.UniqueConstraint("type", "subject", "cause"),
    sa.Index("ix_alert_type", "type", "created_at"),
)

endpoint = sa.Table(
    "endpoint",
    metadata,
    identity(),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("old_secret", sa.Text, nullable=True),
    moment("old_secret_until"),
    document("types"),
    text("min_severity"),
    document("rule"),
    sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()),
    text("disabled_reason"),
    count("sequence"),
    count("failures"),
    moment("failing_since"),
    moment("not_before"),
    moment("rung_at"),
    *lease(),
    moment("created_at", nullable=False),
    moment("removed_at"),
)

delivery = sa.Table(
    "delivery",
    metadata,
    identity(),
    sa.Column("alert_id", sa.Text, sa.ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    ref("endpoint_id", "endpoint", index=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    text("state", "owed"),
    count("attempts"),
    moment("next_at"),
    moment("created_at", nullable=False),
    moment("done_at"),
    sa.UniqueConstraint("alert_id", "endpoint_id"),
    sa.Index("ix_delivery_due", "endpoint_id", "state", "next_at"),
    sa.Index("ix_delivery_state", "state", "next_at"),
    sa.Index("ix_delivery_newest", "state", "id"),
    sa.Index("ix_delivery_newest_of", "endpoint_id", "state", "id"),
)

gathered = sa.Table(
    "gathered",
    metadata,
    identity(),
    sa.Column("alert_id", sa.Text, sa.ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    ref("endpoint_id", "endpoint", index=False),
    sa.Column("digest_id", sa.Text, sa.ForeignKey("alert.id", ondelete="CASCADE"), nullable=True),
    moment("created_at", nullable=False),
    sa.UniqueConstraint("alert_id", "endpoint_id"),
    sa.Index("ix_gathered_waiting", "digest_id", "endpoint_id", "created_at"),
)

attempt = sa.Table(
    "attempt",
    metadata,
    identity(),
    ref("delivery_id", "delivery"),
    moment("at", nullable=False),
    count("status"),
    text("reason"),
    count("elapsed_ms"),
    text("response_head"),
)
