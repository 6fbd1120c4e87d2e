"""What a verb says, and where: results to standard output, everything else to standard error."""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from orderwatch.cli.language import pick_language, translate

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress


class Terminal:
    """The person (or script) before us."""

    def __init__(self, language: str) -> None:
        """Take the language to speak."""
        self.language = language

    def text(self, text: str, **values: object) -> str:
        """Return the English `text` in the language spoken, `values` in place of its ``{names}``."""
        return translate(text, language=self.language).format(**values)

    def moment(self, moment: datetime | None) -> str:
        """Return `moment` as this machine's clock shows it, nothing for None."""
        return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else ""

    def say(self, text: str, **values: object) -> None:
        """Print a result for a person."""
        self.print(self.text(text, **values))

    def note(self, text: str, **values: object) -> None:
        """Print what is no result to standard error."""
        print(self.text(text, **values), file=sys.stderr, flush=True)  # noqa: T201

    def print(self, line: str) -> None:
        """Print `line` as it is."""
        print(line, flush=True)  # noqa: T201

    def json(self, value: object) -> None:
        """Print `value` (our own values too) for a script, in one line."""
        import msgspec

        self.print(msgspec.json.encode(value).decode())

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
        """Print rows under their translated headings, or the sentence `empty` when there are none."""
        from rich.table import Table
        from rich.text import Text

        table = Table(*(self.text(column) for column in columns), box=None, pad_edge=False, header_style="bold")
        for row in rows:
            table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
        if table.row_count:
            self.console().print(table)
        else:
            self.note(empty)

    def console(self, *, errors: bool = False) -> "Console":
        """Return rich's view of standard output, or of standard error."""
        from rich.console import Console

        console = Console(stderr=errors, highlight=False, markup=False, emoji=False)
        if not console.is_terminal and "COLUMNS" not in os.environ:
            # A file has no width: nothing may be cut off in it.
            console.width = 10_000
        return console

    def progress(self) -> "Progress":
        """Return a progress bar on standard error, shown on a terminal only."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = self.console(errors=True)
        return Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[more]}", markup=False),
            TimeRemainingColumn(compact=True),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )


def terminal_of(context: typer.Context) -> Terminal:
    """Return the terminal that the program put into `context`."""
    found = context.find_root().obj
    return found if isinstance(found, Terminal) else Terminal(pick_language(os.environ))
