"""The table of verbs: what ``orderwatch`` can be told to do."""

from collections.abc import Callable
from typing import Any

from orderwatch.cli import people, serve, simulate

Verb = Callable[..., Any]

VERBS: dict[str, Verb] = {
    "serve": serve.serve,
    "simulate": simulate.simulate,
    "invite": people.invite,
}

GROUPS: dict[str, tuple[str, dict[str, Verb]]] = {
    "token": (
        "Tokens of programs that ask the API.",
        {"create": people.token_create, "list": people.token_list, "revoke": people.token_revoke},
    ),
    "user": (
        "People who may sign in.",
        {
            "add": people.user_add,
            "list": people.user_list,
            "passwd": people.user_passwd,
            "disable": people.user_disable,
            "enable": people.user_enable,
        },
    ),
}
