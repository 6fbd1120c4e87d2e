"""What people ask of the worker. It carries commands out in the order of their ids."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct


class CommandKind(StrEnum):
    """What can be asked, with the keys of its argument."""

    NOTIFICATION_RESEND = "notification.resend"
    """``id``: the notification to send once more."""
    CHANNEL_TEST = "channel.test"
    """``channel``: its name. The notification that it makes has the cause ``test:`` and the command's id."""
    HANDLER_RETRY = "handler.retry"
    """``id``: the dead run to run again; or ``handler``: its name or None, for all dead runs of one or of all."""
    HANDLER_DISMISS = "handler.dismiss"
    """``id``: the dead run to forget."""


class Command(Struct, frozen=True, kw_only=True):
    """One thing that somebody asked for."""

    id: int
    kind: CommandKind
    argument: dict[str, Any]
    by: str
    at: datetime
