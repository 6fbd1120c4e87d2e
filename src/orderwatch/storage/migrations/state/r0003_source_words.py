"""What each source was seen to say is kept, and how many of its events nobody knows."""

from alembic import op
from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Text

revision = "state_0003"
down_revision = "state_0002"

_COUNT = """
    UPDATE source_activity SET unknown = (
        SELECT coalesce(sum(tallies.n), 0) FROM tallies
        WHERE tallies.source = source_activity.source AND tallies.type = 'unknown'
    )
"""


def upgrade() -> None:
    """Make the table, and count what is there."""
    op.create_table(
        "source_words",
        Column("source", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("word", Text(), nullable=False),
        Column("meaning", Text(), nullable=False),
        Column("first_at", BigInteger(), nullable=False),
        Column("receipt", BigInteger(), nullable=False),
        PrimaryKeyConstraint("source", "kind", "word"),
    )
    op.add_column("source_activity", Column("unknown", BigInteger()))
    op.execute(_COUNT)
