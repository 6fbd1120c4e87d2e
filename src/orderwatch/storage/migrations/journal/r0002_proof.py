"""Refused requests keep what is needed to verify them once more."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "journal_0002"
down_revision = "journal_0001"


def upgrade() -> None:
    """Add the column; those from before stay without."""
    op.add_column("quarantine", Column("proof", LargeBinary()))
