"""The verbs of ``orderwatch``, one file a family. Outermost: may import everything.

Exit codes: 0 done · 1 it could not be done, or a check found something wrong · 2 wrong usage or settings.

A verb's module imports what it needs within its functions: ``orderwatch --version`` loads nothing but typer.
"""

import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    from orderwatch.cli.program import run

    sys.exit(run(sys.argv[1:]))
