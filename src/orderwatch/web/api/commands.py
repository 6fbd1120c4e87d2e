"""Notifications, handler runs that have given up, and what the worker is asked to do about them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from msgspec import Struct
from starlette.responses import Response

from orderwatch.domain.asking import NotificationFilter
from orderwatch.domain.commands import CommandKind
from orderwatch.domain.handlers import DeadRun
from orderwatch.domain.notifications import Channel, Notification, NotificationStatus
from orderwatch.domain.pages import Page
from orderwatch.domain.people import Caller
from orderwatch.web.api.answers import answer, page_answer
from orderwatch.web.api.bodies import body_of
from orderwatch.web.api.describing import Described
from orderwatch.web.api.params import Cursor, Limit, Name, Number, Text
from orderwatch.web.api.ports import CommandKeeper, DeadRunReader, NotificationReader, SpecKeeper, Worker
from orderwatch.web.api.shapes import CommandAccepted, CommandShape, RetryAll
from orderwatch.web.auth.guard import Guard


class CommandParts(Struct, frozen=True):
    """What the endpoints need."""

    notifications: NotificationReader
    dead_runs: DeadRunReader
    channels: SpecKeeper[Channel]
    commands: CommandKeeper
    worker: Worker


def notifications_router(parts: CommandParts, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for notifications, and the test of a channel."""
    router = APIRouter(prefix="/api/v1", tags=["notifications"])

    @router.get("/notifications", dependencies=[Depends(guard.viewer)], **described(Page[Notification]))
    async def list_notifications(
        *,
        status: NotificationStatus | None = None,
        channel: Text = None,
        cause: Text = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Response:
        """List notifications, newest first."""
        wanted = NotificationFilter(status=status, channel=channel, cause=cause)
        return page_answer(await parts.notifications.page(wanted, cursor=cursor, limit=limit))

    @router.post("/notifications/{number}/resend", **described(CommandAccepted, status=202, problems=(404,)))
    async def resend_notification(caller: Annotated[Caller, Depends(guard.operator)], number: Number) -> Response:
        """Send a notification once more."""
        await parts.notifications.get(number)
        return await _command(parts, caller, CommandKind.NOTIFICATION_RESEND, {"id": number})

    @router.post("/channels/{name}/test", tags=["channels"], **described(CommandAccepted, status=202, problems=(404,)))
    async def test_channel(caller: Annotated[Caller, Depends(guard.operator)], name: Name) -> Response:
        """Send a message through a channel; the notification's cause is ``test:`` and the command's id."""
        await parts.channels.get(name)
        return await _command(parts, caller, CommandKind.CHANNEL_TEST, {"channel": name})

    return router


def handlers_router(parts: CommandParts, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for handler runs that have given up, and for commands."""
    router = APIRouter(prefix="/api/v1", tags=["handlers"])

    @router.get("/handlers/dead-letters", dependencies=[Depends(guard.viewer)], **described(Page[DeadRun]))
    async def list_dead_runs(*, handler: Text = None, cursor: Cursor = None, limit: Limit = 100) -> Response:
        """List the runs that have given up, newest first."""
        return page_answer(await parts.dead_runs.page(handler=handler, cursor=cursor, limit=limit))

    @router.post(
        "/handlers/dead-letters/retry",
        **described(CommandAccepted, status=202, body=RetryAll, optional_body=True),
    )
    async def retry_all(
        caller: Annotated[Caller, Depends(guard.operator)],
        asked: Annotated[RetryAll, Depends(body_of(RetryAll, empty=RetryAll()))],
    ) -> Response:
        """Run all of them again, or all of one handler."""
        return await _command(parts, caller, CommandKind.HANDLER_RETRY, {"handler": asked.handler})

    @router.post("/handlers/dead-letters/{number}/retry", **described(CommandAccepted, status=202, problems=(404,)))
    async def retry_run(caller: Annotated[Caller, Depends(guard.operator)], number: Number) -> Response:
        """Run one again."""
        await parts.dead_runs.get(number)
        return await _command(parts, caller, CommandKind.HANDLER_RETRY, {"id": number})

    @router.post("/handlers/dead-letters/{number}/dismiss", **described(CommandAccepted, status=202, problems=(404,)))
    async def dismiss_run(caller: Annotated[Caller, Depends(guard.operator)], number: Number) -> Response:
        """Forget one."""
        await parts.dead_runs.get(number)
        return await _command(parts, caller, CommandKind.HANDLER_DISMISS, {"id": number})

    @router.get(
        "/commands/{number}",
        tags=["commands"],
        dependencies=[Depends(guard.viewer)],
        **described(CommandShape, problems=(404,)),
    )
    async def show_command(number: Number) -> Response:
        """Show a command, and whether the worker has carried it out."""
        command = await parts.commands.get(number)
        done = await parts.worker.last_command() >= command.id
        return answer(CommandShape(id=command.id, kind=command.kind.value, at=command.at, by=command.by, done=done))

    return router


async def _command(parts: CommandParts, caller: Caller, kind: CommandKind, argument: dict[str, Any]) -> Response:
    command = await parts.commands.add(kind, argument, by=caller.name)
    return answer(CommandAccepted(command=command.id), status=202)
