"""Judging remembers more: when evidence took effect and whose it is, whether a change was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; cases of the older layout are judged anew from their evidence."""
    op.add_column("evidence", sa.Column("origin", sa.String()))
    op.add_column("evidence", sa.Column("sketch", sa.String()))
    op.add_column("evidence", sa.Column("judged_at", sa.DateTime(timezone=True)))
    op.create_index("ix_evidence_item_id", "evidence", ["item_id"])
    op.create_index("ix_versions_seen_at_item_id_n", "versions", ["seen_at", "item_id", "n"])
    op.add_column("changes", sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute("UPDATE evidence SET applied = NULL, silence = COALESCE(silence, 'baseline')")
    op.execute("DELETE FROM cases")
