"""The first tables: feeds, items, evidence, cases, changes, the outbox, rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)
OPEN = sa.text("state IN ('pending', 'sending', 'unknown')")
ACTIVE = sa.text("listing = 'active'")
WAITING = sa.text("applied IS NULL")
AWAITED = sa.text("wake_at IS NOT NULL")
IN_FORCE = sa.text("in_force")


def upgrade() -> None:
    """Make the tables."""
    _feeds()
    _items()
    _evidence()
    _cases()
    _alerts()
    _deliveries()
    _rules()


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reliability", sa.String(), nullable=False),
        sa.Column("lang", sa.String()),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("speaks_for", sa.String()),
        sa.Column("carries", sa.String(), nullable=False),
        sa.Column("pace", sa.Integer()),
        sa.Column("checked", sa.String()),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("listing", sa.String(), nullable=False),
        sa.Column("edited", sa.String(), nullable=False),
        sa.Column("etag", sa.String()),
        sa.Column("last_modified", sa.String()),
        sa.Column("body_hash", sa.String()),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("interval", sa.Float(), nullable=False),
        sa.Column("primed_at", TIME),
        sa.Column("polled_at", TIME),
        sa.Column("ok_at", TIME),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String()),
        sa.Column("error", sa.String()),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.CheckConstraint(
            "kind IN ('official', 'agency', 'outlet', 'state', 'aggregator', 'social')", name=op.f("ck_feeds_kind")
        ),
        sa.CheckConstraint("reliability IN ('A', 'B', 'C', 'D', 'E', 'F')", name=op.f("ck_feeds_reliability")),
        sa.CheckConstraint("origin IN ('seed', 'operator')", name=op.f("ck_feeds_origin")),
        sa.CheckConstraint("listing IN ('active', 'dropped', 'removed')", name=op.f("ck_feeds_listing")),
    )
    op.create_index("ix_feeds_next_at_id", "feeds", ["next_at", "id"], sqlite_where=ACTIVE, postgresql_where=ACTIVE)


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("feed_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("link", sa.String()),
        sa.Column("author", sa.String()),
        sa.Column("lang", sa.String()),
        sa.Column("published", TIME),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("feed_id", "key", name="uq_items_feed_id_key"),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_items_feed_id"),
    )
    op.create_index("ix_items_seen_at_id", "items", ["seen_at", "id"])
    op.create_table(
        "versions",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String()),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "n", name="pk_versions"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_versions_item_id"),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("rule_hash", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("copy_key", sa.String(), nullable=False),
        sa.Column("silence", sa.String()),
        sa.Column("at", TIME, nullable=False),
        sa.Column("applied", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.ForeignKeyConstraint(
            ["item_id", "version"], ["versions.item_id", "versions.n"], name="fk_evidence_item_id_version"
        ),
        sa.UniqueConstraint(
            "question",
            "item_id",
            "version",
            "label",
            "speaker",
            "rule_hash",
            name="uq_evidence_question_item_id_version_label_speaker_rule_hash",
        ),
        sa.CheckConstraint("silence IN ('priming', 'baseline', 'unrouted')", name=op.f("ck_evidence_silence")),
    )
    op.create_index(
        "ix_evidence_question_at_id",
        "evidence",
        ["question", "at", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_evidence_question_id", "evidence", ["question", "id"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("wake_at", TIME),
        sa.Column("rule_hash", sa.String()),
        sa.PrimaryKeyConstraint("question", name="pk_cases"),
    )
    op.create_index("ix_cases_wake_at", "cases", ["wake_at"], sqlite_where=AWAITED, postgresql_where=AWAITED)
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("from_answer", sa.String()),
        sa.Column("to_answer", sa.String()),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("standing", sa.String()),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sa.UniqueConstraint("question", "occasion", "seq", name="uq_changes_question_occasion_seq"),
        sa.CheckConstraint(
            "reason IN ('first_report', 'answer_changed', 'claimed', 'confirmed', 'disputed', 'retracted', "
            "'corrected', 'settled', 'overdue', 'reminder')",
            name=op.f("ck_changes_reason"),
        ),
        sa.CheckConstraint(
            "standing IN ('reported', 'confirmed', 'disputed', 'retracted', 'blind')", name=op.f("ck_changes_standing")
        ),
    )
    op.create_index("ix_changes_at_id", "changes", ["at", "id"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer()),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name="pk_alerts"),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_alerts_change_id"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("lease_until", TIME),
        sa.Column("may_repeat", sa.Boolean(), nullable=False),
        sa.Column("message_ref", sa.String()),
        sa.Column("error", sa.String()),
        sa.Column("sent_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["alert_id", "revision"], ["alerts.id", "alerts.revision"], name="fk_deliveries_alert_id_revision"
        ),
        sa.UniqueConstraint("alert_id", "revision", "address", name="uq_deliveries_alert_id_revision_address"),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'unknown', 'dead')", name=op.f("ck_deliveries_state")
        ),
    )
    op.create_index(
        "ix_deliveries_address_question_id",
        "deliveries",
        ["address", "question", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_deliveries_state_id", "deliveries", ["state", "id"])
    op.create_index("ix_deliveries_sent_at", "deliveries", ["sent_at"])
    op.create_table(
        "attempts",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("ended", sa.String()),
        sa.Column("why", sa.String()),
        sa.PrimaryKeyConstraint("delivery_id", "n", name="pk_attempts"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_attempts_delivery_id"),
        sa.CheckConstraint("ended IN ('delivered', 'retry', 'gave_up', 'unknown')", name=op.f("ck_attempts_ended")),
    )


def _rules() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("activated_at", TIME, nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("question", "hash", name="pk_rule_versions"),
    )
    op.create_index(
        "ix_rule_versions_question",
        "rule_versions",
        ["question"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
