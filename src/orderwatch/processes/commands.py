"""Carries out what people ask of the worker, in the order in which they asked."""

from typing import Protocol

import structlog

from orderwatch.domain.commands import Command, CommandKind
from orderwatch.domain.errors import OrderwatchError
from orderwatch.domain.notifications import Draft, Message
from orderwatch.kit.clock import Clock
from orderwatch.processes.doorbell import Wakeup
from orderwatch.storage.handler_runs import HandlerRunStore
from orderwatch.storage.outbox import OutboxStore
from orderwatch.storage.state.state import StateStore

COMMAND = "command"
"""Mark: the last command that was carried out."""
_POLL_SECONDS = 1.0
_PAUSE_SECONDS = 0.1
"""Between two looks: the bell rings for each group of webhooks too."""
_TEST = {
    "en": Message(title="Test from Orderwatch", text="This channel works.", payload={"type": "channel.test"}),
    "ko": Message(title="Orderwatch 시험 알림", text="이 채널로 알림이 갑니다.", payload={"type": "channel.test"}),
}


class Commands(Protocol):
    """Where they are read from."""

    async def after(self, number: int, /, *, limit: int) -> list[Command]:
        """Return commands above a number, rising."""
        ...


class CommandFollower:
    """Each command has its effect once; one that cannot be done is logged and passed over."""

    def __init__(
        self,
        commands: Commands,
        *,
        state: StateStore,
        outbox: OutboxStore,
        runs: HandlerRunStore,
        clock: Clock,
        language: str,
    ) -> None:
        """Take where commands come from, and what they act on."""
        self._commands = commands
        self._state = state
        self._outbox = outbox
        self._runs = runs
        self._clock = clock
        self._language = language
        self._nap = Wakeup(clock)
        self._log = structlog.get_logger("commands")

    def poke(self) -> None:
        """Say that there may be a new command."""
        self._nap.set()

    async def run(self) -> None:
        """Work until cancelled. When the store does not answer, wait and go on."""
        while True:
            try:
                await self.step()
            except Exception as error:  # noqa: BLE001  (one that fails must not end the others)
                self._log.error("commands are held up, trying again", error=str(error))
            await self._clock.sleep(_PAUSE_SECONDS)
            await self._nap.wait(_POLL_SECONDS)

    async def step(self) -> int:
        """Carry out what there is and return how many commands that were."""
        done = await self._state.mark(COMMAND)
        commands = await self._commands.after(done, limit=100)
        for command in commands:
            try:
                await self._do(command)
            except OrderwatchError as error:
                self._log.warning("command cannot be done", command=command.id, kind=command.kind, reason=error.message)
            await self._state.set_mark(COMMAND, command.id)
        return len(commands)

    async def _do(self, command: Command) -> None:
        now, argument = self._clock.now(), command.argument
        match command.kind:
            case CommandKind.NOTIFICATION_RESEND:
                await self._outbox.resend(argument["id"], now=now)
            case CommandKind.CHANNEL_TEST:
                # The cause holds the command's number, so doing it again after a crash sends nothing twice.
                draft = Draft(
                    cause=f"test:{command.id}", channel=argument["channel"], route=None, message=_TEST[self._language]
                )
                await self._outbox.add([draft], now=now)
            case CommandKind.HANDLER_RETRY:
                await self._runs.retry(number=argument.get("id"), handler=argument.get("handler"), now=now)
            case CommandKind.HANDLER_DISMISS:
                await self._runs.dismiss(argument["id"])
