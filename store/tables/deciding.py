"""What people decide: blocks pinned, articles merged, changes reviewed, questions to the desk saved by name."""

import sqlalchemy as sa

from store.columns import document, identity, metadata, moment, ref, text

pin = sa.Table(
    "pin",
    metadata,
    identity(),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    text("excerpt"),
    text("note"),
    text("by"),
    moment("at", nullable=False),
    sa.UniqueConstraint("site", "fingerprint"),
)

merge = sa.Table(
    "merge",
    metadata,
    identity(),
    ref("kept_id", "article"),
    ref("gone_id", "article"),
    text("reason"),
    document("evidence"),
    text("by"),
    moment("at", nullable=False),
    moment("undone_at"),
    text("undone_by"),
    sa.Index(
        "uq_merge_gone",
        "gone_id",
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    ),
)

review = sa.Table(
    "review",
    metadata,
    identity(),
    ref("change_id", "fact_change"),
    sa.Column("verdict", sa.Text, nullable=False),
    text("note"),
    text("by"),
    moment("at", nullable=False),
)

saved_filter = sa.Table(
    "saved_filter",
    metadata,
    identity(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    text("query"),
    text("by"),
    moment("at", nullable=False),
)
