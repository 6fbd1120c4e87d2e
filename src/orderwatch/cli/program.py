"""Puts the verbs together, and turns what went wrong into a sentence and an exit code."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, cast

import typer
import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from orderwatch import __version__
from orderwatch.cli.examples import EXAMPLES
from orderwatch.cli.faults import FAULT, tell
from orderwatch.cli.language import pick_language, translate
from orderwatch.cli.terminal import Terminal
from orderwatch.cli.verbs import GROUPS, VERBS


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code."""
    terminal = Terminal(pick_language(os.environ))
    try:
        command(terminal.language).main(list(arguments), prog_name="orderwatch", obj=terminal)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FAULT
    except Exception as error:
        if os.environ.get("ORDERWATCH_DEBUG"):
            raise
        return tell(_first_of(error), terminal)
    return 0


def _first_of(error: Exception) -> Exception:
    """Return what went wrong first, where several things ran side by side."""
    while isinstance(error, ExceptionGroup):
        error = cast("ExceptionGroup[Exception]", error).exceptions[0]
    return error


def command(language: str) -> TyperGroup:
    """Return the whole command, its help in `language`."""
    app = typer.Typer(add_completion=True, no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback(epilog=_epilog(""))(_program)
    for name, function in VERBS.items():
        app.command(name, epilog=_epilog(name), no_args_is_help=False)(function)
    for group, (text, verbs) in GROUPS.items():
        sub = typer.Typer(no_args_is_help=True, help=text, epilog=_epilog(group))
        for name, function in verbs.items():
            sub.command(name, epilog=_epilog(f"{group} {name}"))(function)
        app.add_typer(sub, name=group)
    whole = cast("TyperGroup", typer.main.get_command(app))
    _speak(whole, language)
    return whole


def _print_version(*, value: bool) -> None:
    if value:
        sys.stdout.write(f"orderwatch {__version__}\n")
        raise typer.Exit


def _program(
    *,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version and end", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Watch a delivery business through the webhooks that its platforms send."""


def _epilog(name: str) -> str:
    return "\n  ".join(("Examples:", *EXAMPLES[name]))


def _speak(command: TyperGroup | TyperCommand, language: str) -> None:
    """Put every text of `command` and of those below it into `language`."""
    for attribute in ("help", "short_help"):
        text = getattr(command, attribute, None)
        if text:
            setattr(command, attribute, translate(text, language=language))
    if command.epilog:
        command.epilog = command.epilog.replace("Examples:", translate("Examples:", language=language))
    for option in command.params:
        if isinstance(option, TyperOption | TyperArgument) and option.help:
            option.help = translate(option.help, language=language)
    for below in command.commands.values() if isinstance(command, TyperGroup) else ():
        _speak(cast("TyperGroup | TyperCommand", below), language)
