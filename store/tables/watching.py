"""What is watched: hosts, feeds, entries, articles and their aliases, the bytes fetched, every look accounted for."""

import sqlalchemy as sa

from store.columns import count, document, identity, lease, metadata, moment, ref, text, watched

host = sa.Table(
    "host",
    metadata,
    identity(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    *lease(),
    moment("not_before"),
    count("failures"),
    moment("last_ok_at"),
    sa.Column("robots", sa.Text, nullable=True),
    moment("robots_at"),
)

feed = sa.Table(
    "feed",
    metadata,
    identity(),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    *watched(),
    text("title"),
    text("site"),
    sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
    document("tags"),
    moment("last_new_at"),
    text("warning"),
    sa.Index("ix_feed_due", "host_id", "next_check_at"),
)

article = sa.Table(
    "article",
    metadata,
    identity(),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("canonical", sa.Text, nullable=False, server_default=""),
    *watched(),
    text("site"),
    text("title"),
    text("language"),
    text("marker", "none"),
    text("availability", "ok"),
    text("watch", "active"),
    count("versions"),
    moment("last_changed_at"),
    moment("gone_since"),
    text("gone_reason"),
    document("pending"),
    document("slots"),
    moment("held_until"),
    count("restamped"),
    moment("same_at"),
    count("stood"),
    text("gate"),
    count("taught"),
    sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
    text("warning"),
    text("address"),
    sa.Index("ix_article_canonical", "canonical", postgresql_using="hash"),  # longer than an ordinary index takes
    sa.Index("ix_article_final", "final_url", postgresql_using="hash"),
    sa.Index("ix_article_due", "host_id", "next_check_at", "interval"),
    sa.Index("ix_article_next", "next_check_at"),
    sa.Index("ix_article_site", "site", "id"),
    sa.Index("ix_article_changed", "last_changed_at"),
)

alias = sa.Table(
    "alias",
    metadata,
    identity(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    ref("article_id", "article"),
    text("kind"),
    moment("created_at", nullable=False),
)

entry = sa.Table(
    "entry",
    metadata,
    identity(),
    ref("feed_id", "feed", index=False),
    sa.Column("guid", sa.Text, nullable=False),
    text("link"),
    text("title"),
    moment("published"),
    ref("article_id", "article", nullable=True),
    moment("first_seen_at", nullable=False),
    sa.UniqueConstraint("feed_id", "guid"),
    sa.Index("ix_entry_newest", "feed_id", "id"),
)

snapshot = sa.Table(
    "snapshot",
    metadata,
    identity(),
    ref("feed_id", "feed", nullable=True),
    ref("article_id", "article", nullable=True),
    moment("fetched_at", nullable=False),
    text("url"),
    count("status"),
    document("headers"),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

look = sa.Table(
    "look",
    metadata,
    identity(),
    ref("feed_id", "feed", nullable=True),
    ref("article_id", "article", nullable=True),
    moment("from_at", nullable=False),
    moment("to_at", nullable=False),
    count("count", 1),
    sa.Column("outcome", sa.Text, nullable=False),
    text("reason"),
)
