"""``token``, ``user``, ``invite``: who may ask and who may sign in."""

import sys
from typing import Annotated

import typer

from orderwatch.cli.options import AsJson, Config, Data, Database, settings_from
from orderwatch.cli.terminal import Terminal, terminal_of
from orderwatch.domain.people import Role

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name")]
RoleOption = Annotated[Role, typer.Option("--role", help="What it may do: viewer, operator or admin")]
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input")]


def token_create(
    context: typer.Context,
    *,
    name: Name,
    role: RoleOption = Role.VIEWER,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Make a token and print it, alone; it is shown this once. Valid at once, also while the server runs."""
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import BY, in_store

    _, secret = in_store(settings, lambda store: store.registry.tokens.create(name, role=role, by=BY))
    terminal_of(context).print(secret)


def token_list(
    context: typer.Context,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Revoked ones too")] = False,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """List the valid tokens; the tokens themselves are kept nowhere."""
    settings = settings_from(config, data=data, database=database)
    terminal = terminal_of(context)
    from orderwatch.cli.store import in_store

    known = in_store(settings, lambda store: store.registry.tokens.list())
    tokens = [token for token in known if everything or token.revoked_at is None]
    if as_json:
        terminal.json(tokens)
        return
    rows = [(t.id, t.name, t.role, terminal.moment(t.created_at), terminal.moment(t.revoked_at)) for t in tokens]
    terminal.table(("Id", "Name", "Role", "Made", "Revoked"), rows, empty="There are no tokens yet.")


def token_revoke(
    context: typer.Context,
    *,
    token: Annotated[int, typer.Argument(metavar="ID", help="Id, as `token list` shows it")],
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Revoke a token; the server refuses it from then on."""
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import BY, in_store

    in_store(settings, lambda store: store.registry.tokens.revoke(token, by=BY))
    terminal_of(context).say("Token {id} is revoked.", id=token)


def user_add(
    context: typer.Context,
    *,
    name: Name,
    role: RoleOption = Role.VIEWER,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Add a person with a password; `invite` lets them choose it themselves."""
    settings = settings_from(config, data=data, database=database)
    terminal = terminal_of(context)
    password = _password(terminal, from_stdin=password_stdin)
    from orderwatch.cli.store import BY, in_store

    in_store(settings, lambda store: store.registry.users.create(name, password=password, role=role, by=BY))
    terminal.say("{name} may sign in now, as {role}.", name=name, role=role.value)


def user_list(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """List the people who may sign in."""
    settings = settings_from(config, data=data, database=database)
    terminal = terminal_of(context)
    from orderwatch.cli.store import in_store

    users = in_store(settings, lambda store: store.registry.users.list())
    if as_json:
        terminal.json(users)
        return
    rows = [(u.name, u.role, terminal.text("yes") if u.disabled else "", terminal.moment(u.created_at)) for u in users]
    terminal.table(("Name", "Role", "Disabled", "Added"), rows, empty="There are no users yet: `orderwatch invite`.")


def user_passwd(
    context: typer.Context,
    *,
    name: Name,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Give a person a new password; where they are signed in, they are signed out."""
    settings = settings_from(config, data=data, database=database)
    terminal = terminal_of(context)
    password = _password(terminal, from_stdin=password_stdin)
    from orderwatch.cli.store import BY, in_store

    in_store(settings, lambda store: store.registry.users.set_password(name, password=password, by=BY))
    terminal.say("{name} has a new password.", name=name)


def user_disable(
    context: typer.Context, *, name: Name, data: Data = None, database: Database = None, config: Config = None
) -> None:
    """Lock a person out at once, keeping the account."""
    _set_disabled(name, config, data, database, disabled=True)
    terminal_of(context).say("{name} can no longer sign in.", name=name)


def user_enable(
    context: typer.Context, *, name: Name, data: Data = None, database: Database = None, config: Config = None
) -> None:
    """Let a person in again who was locked out."""
    _set_disabled(name, config, data, database, disabled=False)
    terminal_of(context).say("{name} may sign in again.", name=name)


def invite(
    context: typer.Context,
    *,
    role: Annotated[Role, typer.Option("--role", help="What it may do: viewer, operator or admin")] = Role.ADMIN,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Make a one-time link with which a person chooses name and password."""
    settings = settings_from(config, data=data, database=database)
    terminal = terminal_of(context)
    from orderwatch.cli.store import BY, in_store

    made = in_store(settings, lambda store: store.registry.invites.create(role, by=BY))
    url = f"{settings.base_url}/login?invite={made.secret}"
    if as_json:
        terminal.json({"url": url, "role": role, "expires_at": made.expires_at})
        return
    terminal.print(url)
    terminal.note("Good for one sign-up as {role}, until {until}.", role=role, until=terminal.moment(made.expires_at))


def _set_disabled(name: str, config: Config, data: Data, database: Database, *, disabled: bool) -> None:
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import BY, in_store

    in_store(settings, lambda store: store.registry.users.change(name, disabled=disabled, by=BY))


def _password(terminal: Terminal, *, from_stdin: bool) -> str:
    if from_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    question = terminal.text("Password (10 characters or more)")
    return typer.prompt(question, hide_input=True, confirmation_prompt=terminal.text("Once more"), err=True)
