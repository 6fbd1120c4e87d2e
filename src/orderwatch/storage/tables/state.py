"""What follows from the journal, and what was sent. Written by the worker alone; `state.sqlite` on one machine.

`changed` in several tables is the number of the transaction that last wrote the row: the live stream asks for what
changed after the number it last saw, so it can resume at any time without a log of changes.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()
_BigKey = BigInteger().with_variant(Integer, "sqlite")
# Compared byte by byte on both databases, so that a search for what begins with … can use the index.
_Bytewise = Text().with_variant(Text(collation="C"), "postgresql")

marks = Table(
    "marks",
    metadata,
    # 'journal': position read up to; 'changed': last transaction number; 'command': last command carried out;
    # 'heartbeat': when the worker last said it lives, in microseconds; 'gone': see state_writer.
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("source", _Bytewise, primary_key=True),
    Column("order_id", _Bytewise, primary_key=True),
    Column("status", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("status_since", BigInteger, nullable=False),
    Column("store_id", Text),
    Column("region", Text),
    Column("placed_at", BigInteger),
    Column("promised_at", BigInteger),
    # Space-separated codes with a space at both ends, so that LIKE '% code %' finds one.
    Column("flags", Text, nullable=False),
    Column("first_receipt", BigInteger, nullable=False),
    Column("last_receipt", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    # orders.fold's own state, and the public order as JSON, both made at every change.
    Column("state", LargeBinary, nullable=False),
    Column("view", LargeBinary, nullable=False),
    Index("orders_changed", "changed"),
    Index("orders_first", "first_receipt"),
    Index("orders_open", "status", sqlite_where=text("open = 1"), postgresql_where=text("open")),
)

gone_orders = Table(
    "gone_orders",
    metadata,
    # Orders that a receipt understood anew left without events; some of them may be there again by now.
    Column("source", _Bytewise, primary_key=True),
    Column("order_id", _Bytewise, primary_key=True),
    Column("changed", BigInteger, nullable=False),
    Index("gone_orders_changed", "changed"),
)

events = Table(
    "events",
    metadata,
    Column("receipt", _BigKey, primary_key=True, autoincrement=False),
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("order_id", Text),
    Column("type", Text, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    # The whole domain.Event as JSON.
    Column("event", LargeBinary, nullable=False),
    Index("events_order", "source", "order_id"),
)

order_counts = Table(
    "order_counts",
    metadata,
    Column("source", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

tallies = Table(
    "tallies",
    metadata,
    # Distinct events by the minute they were received in: the roll-up that rates and rules read.
    Column("minute", BigInteger, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("store_id", Text, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

source_activity = Table(
    "source_activity",
    metadata,
    Column("source", Text, primary_key=True),
    Column("last_received_at", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("duplicates", BigInteger, nullable=False),
    Column("conflicts", BigInteger, nullable=False),
    Column("unreadable", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    # Events whose type nobody knows. Never NULL; an added column cannot say so on both databases.
    Column("unknown", BigInteger),
)

source_words = Table(
    "source_words",
    metadata,
    # What each source was seen to say, once each: how it drifts. Kept when the state is made anew.
    Column("source", Text, primary_key=True),
    # 'event': its word for what happened; 'field': a key that no field of an event has taken.
    Column("kind", Text, primary_key=True),
    Column("word", Text, primary_key=True),
    # The canonical event type that the word was taken for; empty for a field.
    Column("meaning", Text, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("receipt", BigInteger, nullable=False),
)

unreadable = Table(
    "unreadable",
    metadata,
    # Receipts that were acknowledged and then could not be understood: shown beside the quarantine.
    Column("receipt", _BigKey, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

notifications = Table(
    "notifications",
    metadata,
    Column("id", _BigKey, Identity(), primary_key=True),
    Column("cause", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("route", Text),
    Column("source", Text),
    Column("order_id", Text),
    Column("message", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
    # JSON list of domain Attempts, the latest 20.
    Column("attempts", LargeBinary, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    # Set by the first try, from then on it is not tried any longer.
    Column("give_up_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("changed", BigInteger, nullable=False),
    UniqueConstraint("cause", "channel"),
    # By channel, so that what waits for a slow one costs the others nothing.
    Index(
        "notifications_due",
        "channel",
        "due_at",
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    ),
    Index("notifications_order", "source", "order_id"),
    Index("notifications_status", "status", "id"),
    Index("notifications_changed", "changed"),
)

notification_outcomes = Table(
    "notification_outcomes",
    metadata,
    # How many tries of each channel ended how, for the metrics: sums that only grow.
    Column("channel", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

handler_runs = Table(
    "handler_runs",
    metadata,
    # A run that succeeded is deleted; one that has given up stays as 'dead' until re-run or dismissed.
    Column("id", _BigKey, Identity(), primary_key=True),
    Column("handler", Text, nullable=False),
    Column("receipt", BigInteger, nullable=False),
    Column("index", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("order_id", Text),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("last_error", Text),
    Column("changed", BigInteger, nullable=False),
    UniqueConstraint("handler", "receipt", "index"),
    Index(
        "handler_runs_dead",
        "id",
        sqlite_where=text("status = 'dead'"),
        postgresql_where=text("status = 'dead'"),
    ),
    Index(
        "handler_runs_due",
        "handler",
        "due_at",
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    ),
)
