"""Orders that are there no more are remembered for a while, so that screens let go of them."""

from alembic import op
from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Text
from sqlalchemy.types import TypeEngine

revision = "state_0002"
down_revision = "state_0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "gone_orders",
        Column("source", _bytewise(), nullable=False),
        Column("order_id", _bytewise(), nullable=False),
        Column("changed", BigInteger(), nullable=False),
        PrimaryKeyConstraint("source", "order_id"),
    )
    op.create_index("gone_orders_changed", "gone_orders", ["changed"])


def _bytewise() -> TypeEngine[str]:
    return Text().with_variant(Text(collation="C"), "postgresql")
