"""The state as it was at first."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

revision = "state_0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events",
        Column("receipt", _big_key(), autoincrement=False, nullable=False),
        Column("index", Integer(), autoincrement=False, nullable=False),
        Column("source", Text(), nullable=False),
        Column("order_id", Text()),
        Column("type", Text(), nullable=False),
        Column("occurred_at", BigInteger(), nullable=False),
        Column("event", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("receipt", "index"),
    )
    op.create_index("events_order", "events", ["source", "order_id"])

    op.create_table(
        "handler_runs",
        Column("id", _big_key(), Identity(), nullable=False),
        Column("handler", Text(), nullable=False),
        Column("receipt", BigInteger(), nullable=False),
        Column("index", Integer(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("order_id", Text()),
        Column("type", Text(), nullable=False),
        Column("status", Text(), nullable=False),
        Column("tries", Integer(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("due_at", BigInteger(), nullable=False),
        Column("last_error", Text()),
        Column("changed", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("handler", "receipt", "index"),
    )
    op.create_index(
        "handler_runs_dead",
        "handler_runs",
        ["id"],
        sqlite_where=text("status = 'dead'"),
        postgresql_where=text("status = 'dead'"),
    )
    op.create_index(
        "handler_runs_due",
        "handler_runs",
        ["handler", "due_at"],
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    )

    op.create_table(
        "marks",
        Column("name", Text(), nullable=False),
        Column("value", BigInteger(), nullable=False),
        PrimaryKeyConstraint("name"),
    )

    op.create_table(
        "notification_outcomes",
        Column("channel", Text(), nullable=False),
        Column("outcome", Text(), nullable=False),
        Column("n", BigInteger(), nullable=False),
        PrimaryKeyConstraint("channel", "outcome"),
    )

    op.create_table(
        "notifications",
        Column("id", _big_key(), Identity(), nullable=False),
        Column("cause", Text(), nullable=False),
        Column("channel", Text(), nullable=False),
        Column("route", Text()),
        Column("source", Text()),
        Column("order_id", Text()),
        Column("message", LargeBinary(), nullable=False),
        Column("status", Text(), nullable=False),
        Column("attempts", LargeBinary(), nullable=False),
        Column("tries", Integer(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("due_at", BigInteger(), nullable=False),
        Column("give_up_at", BigInteger()),
        Column("finished_at", BigInteger()),
        Column("changed", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("cause", "channel"),
    )
    op.create_index("notifications_changed", "notifications", ["changed"])
    op.create_index(
        "notifications_due",
        "notifications",
        ["channel", "due_at"],
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    )
    op.create_index("notifications_order", "notifications", ["source", "order_id"])
    op.create_index("notifications_status", "notifications", ["status", "id"])

    op.create_table(
        "order_counts",
        Column("source", Text(), nullable=False),
        Column("status", Text(), nullable=False),
        Column("n", BigInteger(), nullable=False),
        PrimaryKeyConstraint("source", "status"),
    )

    op.create_table(
        "orders",
        Column("source", _bytewise(), nullable=False),
        Column("order_id", _bytewise(), nullable=False),
        Column("status", Text(), nullable=False),
        Column("open", Boolean(), nullable=False),
        Column("status_since", BigInteger(), nullable=False),
        Column("store_id", Text()),
        Column("region", Text()),
        Column("placed_at", BigInteger()),
        Column("promised_at", BigInteger()),
        Column("flags", Text(), nullable=False),
        Column("first_receipt", BigInteger(), nullable=False),
        Column("last_receipt", BigInteger(), nullable=False),
        Column("changed", BigInteger(), nullable=False),
        Column("state", LargeBinary(), nullable=False),
        Column("view", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("source", "order_id"),
    )
    op.create_index("orders_changed", "orders", ["changed"])
    op.create_index("orders_first", "orders", ["first_receipt"])
    op.create_index("orders_open", "orders", ["status"], sqlite_where=text("open = 1"), postgresql_where=text("open"))

    op.create_table(
        "source_activity",
        Column("source", Text(), nullable=False),
        Column("last_received_at", BigInteger(), nullable=False),
        Column("events", BigInteger(), nullable=False),
        Column("duplicates", BigInteger(), nullable=False),
        Column("conflicts", BigInteger(), nullable=False),
        Column("unreadable", BigInteger(), nullable=False),
        Column("changed", BigInteger(), nullable=False),
        PrimaryKeyConstraint("source"),
    )

    op.create_table(
        "tallies",
        Column("minute", BigInteger(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("store_id", Text(), nullable=False),
        Column("type", Text(), nullable=False),
        Column("n", BigInteger(), nullable=False),
        PrimaryKeyConstraint("minute", "source", "store_id", "type"),
    )

    op.create_table(
        "unreadable",
        Column("receipt", _big_key(), autoincrement=False, nullable=False),
        Column("source", Text(), nullable=False),
        Column("received_at", BigInteger(), nullable=False),
        Column("code", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        PrimaryKeyConstraint("receipt"),
    )

    op.execute("INSERT INTO marks (name, value) VALUES ('changed', 0)")


def _big_key() -> TypeEngine[int]:
    return BigInteger().with_variant(Integer, "sqlite")


def _bytewise() -> TypeEngine[str]:
    return Text().with_variant(Text(collation="C"), "postgresql")
