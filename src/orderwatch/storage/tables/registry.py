"""What people decided: sources, channels, routes, users, tokens. Rarely written; `registry.sqlite` on one machine."""

from sqlalchemy import BigInteger, Boolean, Column, Identity, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()
_BigKey = BigInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    # 'revision': bumped by every write to sources, channels and routes, so that other processes see it.
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)


def _specs(name: str) -> Table:
    """Return a table of named specifications: a domain value as JSON, its secrets encrypted."""
    return Table(
        name,
        metadata,
        Column("name", Text, primary_key=True),
        Column("spec", LargeBinary, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("updated_at", BigInteger, nullable=False),
    )


sources = _specs("sources")
channels = _specs("channels")
routes = _specs("routes")

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", _BigKey, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    # SHA-256 of the token: it is shown once and never kept.
    Column("hash", LargeBinary, nullable=False),
    Column("role", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("tokens_hash", "hash", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("user", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

invites = Table(
    "invites",
    metadata,
    # One-time links: the first opening spends one.
    Column("hash", LargeBinary, primary_key=True),
    Column("role", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

commands = Table(
    "commands",
    metadata,
    # What people ask of the worker (send again, run again): it follows this by id and acts in its own transaction.
    Column("id", _BigKey, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("argument", LargeBinary, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _BigKey, Identity(), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    # What a deletion took away, so that it can be brought back: the row's spec, its secrets still encrypted.
    Column("detail", LargeBinary),
    Index("audit_subject", "subject", "id"),
)
