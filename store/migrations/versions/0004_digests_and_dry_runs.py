"""Alerts gathered for digests, and pages looked at before they are watched."""

import sqlalchemy as sa
from alembic import op

from store.columns import Id, Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Alerts gathered for digests, and pages looked at before they are watched."""
    op.create_table(
        "gathered",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("endpoint_id", Id, nullable=False),
        sa.Column("digest_id", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_gathered_alert_id_alert"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["alert.id"], name=op.f("fk_gathered_digest_id_alert"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["endpoint.id"], name=op.f("fk_gathered_endpoint_id_endpoint"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathered")),
        sa.UniqueConstraint("alert_id", "endpoint_id", name=op.f("uq_gathered_alert_id_endpoint_id")),
    )
    op.create_index("ix_gathered_waiting", "gathered", ["digest_id", "endpoint_id", "created_at"], unique=False)
    op.create_table(
        "preview",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("final_url", sa.Text(), server_default="", nullable=False),
        sa.Column("host_id", Id, nullable=True),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Integer(), server_default="0", nullable=False),
        sa.Column("hops", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_check_at", Moment(), nullable=True),
        sa.Column("headers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("found", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_preview_host_id_host"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview")),
    )
    op.create_index(op.f("ix_preview_host_id"), "preview", ["host_id"], unique=False)
