"""The registry as it was at first."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Identity, Integer, LargeBinary, PrimaryKeyConstraint, Text
from sqlalchemy.types import TypeEngine

revision = "registry_0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit",
        Column("id", _big_key(), Identity(), nullable=False),
        Column("at", BigInteger(), nullable=False),
        Column("by", Text(), nullable=False),
        Column("action", Text(), nullable=False),
        Column("subject", Text(), nullable=False),
        Column("detail", LargeBinary()),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("audit_subject", "audit", ["subject", "id"])

    op.create_table(
        "channels",
        Column("name", Text(), nullable=False),
        Column("spec", LargeBinary(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("updated_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("name"),
    )

    op.create_table(
        "commands",
        Column("id", _big_key(), Identity(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("argument", LargeBinary(), nullable=False),
        Column("by", Text(), nullable=False),
        Column("at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "invites",
        Column("hash", LargeBinary(), nullable=False),
        Column("role", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("expires_at", BigInteger(), nullable=False),
        Column("used_at", BigInteger()),
        PrimaryKeyConstraint("hash"),
    )

    op.create_table(
        "meta",
        Column("name", Text(), nullable=False),
        Column("value", Text(), nullable=False),
        PrimaryKeyConstraint("name"),
    )

    op.create_table(
        "routes",
        Column("name", Text(), nullable=False),
        Column("spec", LargeBinary(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("updated_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("name"),
    )

    op.create_table(
        "sessions",
        Column("hash", LargeBinary(), nullable=False),
        Column("user", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("expires_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("hash"),
    )

    op.create_table(
        "sources",
        Column("name", Text(), nullable=False),
        Column("spec", LargeBinary(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("updated_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("name"),
    )

    op.create_table(
        "tokens",
        Column("id", _big_key(), Identity(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("hash", LargeBinary(), nullable=False),
        Column("role", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("revoked_at", BigInteger()),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("tokens_hash", "tokens", ["hash"], unique=True)

    op.create_table(
        "users",
        Column("name", Text(), nullable=False),
        Column("password_hash", Text(), nullable=False),
        Column("role", Text(), nullable=False),
        Column("disabled", Boolean(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("name"),
    )


def _big_key() -> TypeEngine[int]:
    return BigInteger().with_variant(Integer, "sqlite")
