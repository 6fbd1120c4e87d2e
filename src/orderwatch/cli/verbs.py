"""The table of verbs: what ``orderwatch`` can be told to do."""

from collections.abc import Callable
from typing import Any

from orderwatch.cli import (
    backtest,
    channels,
    check,
    demo,
    doctor,
    follow,
    people,
    providers,
    replay,
    routes,
    send,
    serve,
    simulate,
    sources,
    sources_resubmitted,
    sources_tested,
    upkeep,
)

Verb = Callable[..., Any]

VERBS: dict[str, Verb] = {
    "serve": serve.serve,
    "demo": demo.demo,
    "simulate": simulate.simulate,
    "send": send.send,
    "tail": follow.tail,
    "replay": replay.replay,
    "backtest": backtest.backtest,
    "rebuild": upkeep.rebuild,
    "migrate": upkeep.migrate,
    "check": check.check,
    "doctor": doctor.doctor,
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
    "source": (
        "Who may send, and how they prove it.",
        {
            "add": sources.source_add,
            "list": sources.source_list,
            "show": sources.source_show,
            "test": sources_tested.source_test,
            "secret": sources.source_secret,
            "resubmit": sources_resubmitted.source_resubmit,
            "remove": sources.source_remove,
        },
    ),
    "provider": (
        "Platforms, and what is known of each.",
        {"list": providers.provider_list, "show": providers.provider_show},
    ),
    "channel": (
        "Ways to reach people and machines.",
        {
            "add": channels.channel_add,
            "list": channels.channel_list,
            "test": channels.channel_test,
            "remove": channels.channel_remove,
        },
    ),
    "route": (
        "Which events are told on which channels.",
        {"add": routes.route_add, "list": routes.route_list, "remove": routes.route_remove},
    ),
}
