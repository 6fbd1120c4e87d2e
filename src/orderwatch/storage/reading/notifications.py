"""The outbox as people look at it."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.asking import NotificationFilter
from orderwatch.domain.errors import NotFound
from orderwatch.domain.notifications import Attempt, Message, Notification, NotificationStatus
from orderwatch.domain.pages import Page
from orderwatch.kit.clock import from_micros
from orderwatch.storage.connecting import reading
from orderwatch.storage.engines import Engines
from orderwatch.storage.reading.numbered import read_page
from orderwatch.storage.reading.scanning import Condition
from orderwatch.storage.tables.registry import channels
from orderwatch.storage.tables.state import notifications


class _Kind(msgspec.Struct, frozen=True):
    """What of a channel's specification is shown."""

    kind: str


_kind = msgspec.json.Decoder(_Kind).decode
_message = msgspec.json.Decoder(Message).decode
_attempts = msgspec.json.Decoder(tuple[Attempt, ...]).decode


class NotificationReader:
    """Reads notifications from the state, and the kinds of their channels from the registry."""

    def __init__(self, engines: Engines) -> None:
        """Take the engines."""
        self._engine = engines.state
        self._registry = engines.registry

    async def page(self, wanted: NotificationFilter, *, cursor: str | None, limit: int) -> Page[Notification]:
        """Return notifications, newest first.

        Raises:
            BadInput: the cursor is none of this list's.
        """
        statement = select(notifications)
        if wanted.status is not None:  # There is an index for it.
            statement = statement.where(notifications.c.status == wanted.status.value)
        if wanted.cause is not None:
            statement = statement.where(notifications.c.cause == wanted.cause)
        filters: list[Condition] = [lambda c: c.channel == wanted.channel] if wanted.channel is not None else []
        kinds = await channel_kinds(self._registry)
        return await read_page(
            self._engine,
            statement,
            number="id",
            filters=filters,
            cursor=cursor,
            limit=limit,
            show=lambda row: show_notification(row, kinds),
        )

    async def about(self, source: str, order_id: str, *, limit: int) -> list[Notification]:
        """Return the latest notifications about an order, newest first."""
        return await self._all(
            select(notifications)
            .where(notifications.c.source == source, notifications.c.order_id == order_id)
            .order_by(notifications.c.id.desc())
            .limit(limit)
        )

    async def get(self, number: int) -> Notification:
        """Return one notification.

        Raises:
            NotFound: there is none.
        """
        found = await self._all(select(notifications).where(notifications.c.id == number))
        if not found:
            raise NotFound(f"There is no notification {number}.")
        return found[0]

    async def _all(self, statement: Select[*tuple[Any, ...]]) -> list[Notification]:
        kinds = await channel_kinds(self._registry)
        async with reading(self._engine) as connection:
            return [show_notification(row, kinds) for row in (await connection.execute(statement)).mappings()]


async def channel_kinds(registry_engine: AsyncEngine) -> dict[str, str]:
    """Return the kind of each channel that exists."""
    async with reading(registry_engine) as connection:
        rows = await connection.execute(select(channels.c.name, channels.c.spec))
        return {name: _kind(spec).kind for name, spec in rows}


def show_notification(row: RowMapping, kinds: Mapping[str, str]) -> Notification:
    """Return a row of the outbox as people see it."""
    message = _message(row["message"])
    return Notification(
        id=row["id"],
        cause=row["cause"],
        channel=row["channel"],
        kind=kinds.get(row["channel"]),
        route=row["route"],
        source=row["source"],
        order_id=row["order_id"],
        title=message.title,
        text=message.text,
        severity=message.severity,
        link=message.link,
        status=NotificationStatus(row["status"]),
        tries=row["tries"],
        attempts=_attempts(row["attempts"]),
        created_at=from_micros(row["created_at"]),
        due_at=from_micros(row["due_at"]),
        finished_at=None if row["finished_at"] is None else from_micros(row["finished_at"]),
    )
