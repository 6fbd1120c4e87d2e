"""What is said when something went wrong, and the exit code that goes with it."""

from orderwatch.cli.terminal import Terminal
from orderwatch.domain.errors import BadSettings, OrderwatchError

FAULT = 1
USAGE = 2


def tell(error: Exception, terminal: Terminal) -> int:
    """Say what `error` means and what to do next; return the exit code."""
    if isinstance(error, BadSettings):
        return _tell_settings(error, terminal)
    if isinstance(error, OrderwatchError):
        terminal.note("Error: {message}", message=error.message)
        return FAULT
    name = f"{type(error).__module__}.{type(error).__name__}"
    if name.startswith(("sqlalchemy.", "psycopg.", "sqlite3.")):
        terminal.note("Error: the store cannot be used: {reason}", reason=_first_line(error))
        terminal.note(
            "Is --data or --database right, and may you read and write there? `orderwatch doctor` looks closer."
        )
        return FAULT
    if isinstance(error, OSError):
        terminal.note("Error: {message}", message=_of_system(error))
        return FAULT
    terminal.note("Error that nobody foresaw: {name}: {reason}", name=name, reason=_first_line(error))
    terminal.note("Run it again with ORDERWATCH_DEBUG=1 to see where, and please report it.")
    return FAULT


def _tell_settings(error: BadSettings, terminal: Terminal) -> int:
    if len(error.faults) == 1:
        terminal.note("Error: {message}", message=error.faults[0])
    else:
        terminal.note("Error: {count} settings are wrong:", count=len(error.faults))
        for fault in error.faults:
            terminal.note("  - {fault}", fault=fault)
    return USAGE


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]


def _of_system(error: OSError) -> str:
    return f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
