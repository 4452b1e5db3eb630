"""What people do about alerts; and an outbox that knows threads, holds, escalations and what was muted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TIME = sa.DateTime(timezone=True)
OPEN = sa.text("state IN ('pending', 'sending', 'unknown')")
LEADS = sa.text("lead IS NULL")
STATES = "state IN ('pending', 'sending', 'sent', 'unknown', 'dead', 'muted')"
HOLDS = "hold IN ('pace', 'quiet', 'digest')"
LOUDNESS = "up_to IN ('flash', 'urgent', 'routine', 'log')"
LABELS = "label IN ('false_alarm', 'wrong_answer', 'not_news')"
KEPT = (
    "id, alert_id, revision, question, urgency, address, state, attempts, next_at, created_at, lease_until, "
    "may_repeat, message_ref, error, sent_at"
)


def upgrade() -> None:
    """Make the new tables, and the outbox anew: SQLite cannot widen a check."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        _alter()
    op.create_index("ix_deliveries_thread_address_id", "deliveries", ["thread", "address", "id"])
    op.create_index(
        "ix_deliveries_address_sent_at",
        "deliveries",
        ["address", "sent_at"],
        sqlite_where=LEADS,
        postgresql_where=LEADS,
    )
    _silences()
    _acks()
    _labels()


def _rebuild() -> None:
    """Move both tables aside, so that the new ones have the names and the text of a fresh schema."""
    for index in ("address_question_id", "state_id", "sent_at"):
        op.drop_index(f"ix_deliveries_{index}", "deliveries")
    op.rename_table("attempts", "old_attempts")
    op.rename_table("deliveries", "old_deliveries")
    _deliveries()
    op.execute(f"INSERT INTO deliveries ({KEPT}, thread, escalates) SELECT {KEPT}, question, 0 FROM old_deliveries")
    op.execute("INSERT INTO attempts SELECT delivery_id, n, began_at, ended_at, ended, why FROM old_attempts")
    op.drop_table("old_attempts")
    op.drop_table("old_deliveries")


def _alter() -> None:
    op.add_column("deliveries", sa.Column("thread", sa.String()))
    op.add_column("deliveries", sa.Column("escalates", sa.Boolean()))
    op.add_column("deliveries", sa.Column("hold", sa.String()))
    op.add_column("deliveries", sa.Column("lead", sa.Integer()))
    op.execute("UPDATE deliveries SET thread = question, escalates = false")
    op.alter_column("deliveries", "thread", nullable=False)
    op.alter_column("deliveries", "escalates", nullable=False)
    op.drop_constraint("ck_deliveries_state", "deliveries", type_="check")
    op.create_check_constraint(op.f("ck_deliveries_state"), "deliveries", STATES)
    op.create_check_constraint(op.f("ck_deliveries_hold"), "deliveries", HOLDS)


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
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("escalates", sa.Boolean(), nullable=False),
        sa.Column("hold", sa.String()),
        sa.Column("lead", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["alert_id", "revision"], ["alerts.id", "alerts.revision"], name="fk_deliveries_alert_id_revision"
        ),
        sa.UniqueConstraint("alert_id", "revision", "address", name="uq_deliveries_alert_id_revision_address"),
        sa.CheckConstraint(STATES, name=op.f("ck_deliveries_state")),
        sa.CheckConstraint(HOLDS, name=op.f("ck_deliveries_hold")),
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


def _silences() -> None:
    op.create_table(
        "silences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String()),
        sa.Column("address", sa.String()),
        sa.Column("up_to", sa.String()),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("ended_by", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_silences"),
        sa.CheckConstraint(LOUDNESS, name=op.f("ck_silences_up_to")),
    )
    op.create_index("ix_silences_until", "silences", ["until"])


def _acks() -> None:
    op.create_table(
        "acks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("note", sa.String()),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acks"),
    )
    op.create_index("ix_acks_thread_at", "acks", ["thread", "at"])


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("item", sa.String()),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("note", sa.String()),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.CheckConstraint(LABELS, name=op.f("ck_labels_label")),
    )
    op.create_index("ix_labels_question_at", "labels", ["question", "at"])
