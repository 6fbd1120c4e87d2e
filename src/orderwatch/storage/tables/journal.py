"""What was received. Written by the receiver alone; `journal.sqlite` on one machine."""

from sqlalchemy import BigInteger, Boolean, Column, Identity, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

receipts = Table(
    "receipts",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("of", BigInteger),
    Column("source", Text, nullable=False),
    # NULL for duplicates and replays: both databases let any number of NULLs into a unique index.
    Column("key", LargeBinary),
    Column("event_id", Text),
    Column("digest", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Index("receipts_key", "key", unique=True),
    Index("receipts_source", "source", "position"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("received_at", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("truncated", Boolean, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    # Set once the request was submitted again: the receipt it became.
    Column("resubmitted_at", BigInteger),
    Column("resubmitted_as", BigInteger),
    # What was masked in the headers, encrypted; gone once it was submitted again.
    Column("proof", LargeBinary),
)

quarantine_dropped = Table(
    "quarantine_dropped",
    metadata,
    Column("code", Text, primary_key=True),
    Column("dropped", BigInteger, nullable=False),
)
