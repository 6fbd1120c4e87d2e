"""The journal as it was at first."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Identity, Integer, LargeBinary, PrimaryKeyConstraint, Text
from sqlalchemy.types import TypeEngine

revision = "journal_0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "quarantine",
        Column("id", _big_key(), Identity(), nullable=False),
        Column("received_at", BigInteger(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("code", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        Column("status", Integer(), nullable=False),
        Column("body", LargeBinary(), nullable=False),
        Column("truncated", Boolean(), nullable=False),
        Column("headers", LargeBinary(), nullable=False),
        Column("method", Text(), nullable=False),
        Column("path", Text(), nullable=False),
        Column("content_type", Text(), nullable=False),
        Column("resubmitted_at", BigInteger()),
        Column("resubmitted_as", BigInteger()),
        PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "quarantine_dropped",
        Column("code", Text(), nullable=False),
        Column("dropped", BigInteger(), nullable=False),
        PrimaryKeyConstraint("code"),
    )

    op.create_table(
        "receipts",
        Column("position", _big_key(), autoincrement=False, nullable=False),
        Column("kind", Text(), nullable=False),
        Column("of", BigInteger()),
        Column("source", Text(), nullable=False),
        Column("key", LargeBinary()),
        Column("event_id", Text()),
        Column("digest", LargeBinary(), nullable=False),
        Column("body", LargeBinary(), nullable=False),
        Column("headers", LargeBinary(), nullable=False),
        Column("method", Text(), nullable=False),
        Column("path", Text(), nullable=False),
        Column("content_type", Text(), nullable=False),
        Column("received_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("position"),
    )
    op.create_index("receipts_key", "receipts", ["key"], unique=True)
    op.create_index("receipts_source", "receipts", ["source", "position"])


def _big_key() -> TypeEngine[int]:
    return BigInteger().with_variant(Integer, "sqlite")
