"""Runs migrations with Alembic, which takes most of a second to import: only where there is something to do."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from orderwatch.domain.errors import Conflict


def scripts_of(part: str) -> ScriptDirectory:
    """Return the migrations of `part`."""
    folder = Path(__file__).parent
    return ScriptDirectory(str(folder), version_locations=[str(folder / part)])


def pending(part: str, *, revision: str | None) -> list[str]:
    """Return the revisions that lead from `revision` (None: from nothing) to the newest, in their order.

    Raises:
        Conflict: `revision` is none of ours, so a newer version wrote the store.
    """
    scripts = scripts_of(part)
    head = scripts.get_current_head() or ""
    if revision is not None and revision not in {script.revision for script in scripts.walk_revisions()}:
        raise Conflict(
            f"The {part} was written by a newer Orderwatch: its schema is {revision}, "
            f"this version knows it up to {head}. Start the newer version again, or restore a copy from before it ran."
        )
    steps = [script.revision for script in scripts.iterate_revisions(head, revision or "base")]
    return steps[::-1]


def upgrade(connection: Connection, part: str, *, version_table: str) -> None:
    """Bring `part` to the newest shape within the transaction of `connection`."""
    scripts = scripts_of(part)

    def steps(revision: tuple[str, ...], _context: MigrationContext) -> list[RevisionStep]:
        # What alembic.command.upgrade calls; there is no public way that takes an open connection.
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportArgumentType]

    with EnvironmentContext(Config(), scripts, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection, version_table=version_table)
        environment.run_migrations()
