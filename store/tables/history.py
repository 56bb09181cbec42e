"""What was read: versions, their edits and fact changes, and which blocks were sighted on which article, and
what a site's sightings add up to."""

import sqlalchemy as sa

from store.columns import Id, count, document, identity, metadata, moment, ref, text

version = sa.Table(
    "version",
    metadata,
    identity(),
    ref("article_id", "article", index=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("same_text_as", sa.Integer, nullable=True),
    text("headline"),
    sa.Column("text", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    text("byline"),
    moment("published"),
    moment("modified"),
    text("language"),
    document("signals"),
    sa.Column("blocks", sa.LargeBinary, nullable=False),
    text("extractor"),
    ref("snapshot_id", "snapshot", nullable=True, index=False),
    moment("seen_old_at"),
    moment("seen_new_at", nullable=False, index=True),
    document("blind"),
    sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("factual", sa.Boolean, nullable=False, server_default=sa.false()),
    text("severity"),
    sa.Column("stealth", sa.Boolean, nullable=False, server_default=sa.false()),
    document("disclosure"),
    text("engine"),
    sa.Column("chain", sa.Text, nullable=False),
    sa.UniqueConstraint("article_id", "number"),
)

edit = sa.Table(
    "edit",
    metadata,
    identity(),
    ref("version_id", "version", index=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    text("action"),
    text("intention"),
    text("before"),
    text("after"),
    text("label"),
    sa.UniqueConstraint("version_id", "ordinal"),
)

fact_change = sa.Table(
    "fact_change",
    metadata,
    identity(),
    ref("version_id", "version", index=False),
    ref("article_id", "article"),
    sa.Column("ordinal", sa.Integer, nullable=False),
    count("edit_ordinal"),
    text("type"),
    text("op"),
    text("subject"),
    sa.Column("before", sa.Text, nullable=True),
    sa.Column("after", sa.Text, nullable=True),
    document("value_before"),
    document("value_after"),
    sa.Column("direction", sa.Text, nullable=True),
    sa.Column("claimant_before", sa.Text, nullable=True),
    sa.Column("claimant_after", sa.Text, nullable=True),
    text("modality"),
    text("position"),
    text("sentence_before"),
    text("sentence_after"),
    document("offsets"),
    text("severity"),
    sa.Column("confidence", sa.Float, nullable=False),
    text("rule"),
    sa.Column("reverts", Id, nullable=True),
    moment("created_at", nullable=False, index=True),
    sa.UniqueConstraint("version_id", "ordinal"),
    sa.Index("ix_fact_change_loud", "type", "severity", "id"),
    sa.Index("ix_fact_change_kind", "type", "version_id", "severity"),
)

sighting = sa.Table(
    "sighting",
    metadata,
    identity(),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    ref("article_id", "article"),
    text("path"),
    sa.Column("kept", sa.Boolean, nullable=False, server_default=sa.true()),
    moment("first_at", nullable=False),
    moment("last_at", nullable=False),
    sa.UniqueConstraint("site", "fingerprint", "article_id"),
)

memory = sa.Table(
    "memory",
    metadata,
    identity(),
    sa.Column("site", sa.Text, nullable=False, unique=True),
    text("basis"),
    sa.Column("learnt", sa.LargeBinary, nullable=False),
    moment("at", nullable=False),
)
