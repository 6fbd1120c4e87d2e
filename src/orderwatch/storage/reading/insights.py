"""The figures of the live board, each from a bounded number of rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import quantiles

import msgspec
from sqlalchemy import false, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from orderwatch.domain.events import EventType
from orderwatch.domain.orders import TERMINAL, OrderStatus
from orderwatch.domain.stats import Cancelled, EventRate, OnTime, SourceLight, Stats, TimeToAccept
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.connecting import reading
from orderwatch.storage.engines import Engines
from orderwatch.storage.reading.minutes import Minute, Minutes
from orderwatch.storage.reading.progress import ProgressReader
from orderwatch.storage.reading.scanning import WINDOW
from orderwatch.storage.tables import registry
from orderwatch.storage.tables.state import order_counts, orders, source_activity

_SAMPLE = 1000
_HOUR = timedelta(hours=1)
_HALF_HOUR_MINUTES = 30
_RATE_MINUTES = 5
_ENDS = (
    EventType.ORDER_DELIVERED,
    EventType.ORDER_CANCELLED,
    EventType.ORDER_REJECTED,
    EventType.ORDER_FAILED,
    EventType.ORDER_RETURNED,
)
_P90 = 90


class _Steps(msgspec.Struct, frozen=True):
    """What of a view the time to accept needs."""

    placed_at: datetime | None
    milestones: dict[str, datetime]


class _Enabled(msgspec.Struct, frozen=True):
    """What of a source's specification its light needs."""

    enabled: bool = True


_steps = msgspec.json.Decoder(_Steps).decode
_enabled = msgspec.json.Decoder(_Enabled).decode


class StatsReader:
    """Computes the figures. Keeps the past minutes in memory, so keep one for the life of the process."""

    def __init__(self, engines: Engines, *, clock: Clock) -> None:
        """Take the engines of all three parts."""
        self._engines = engines
        self._clock = clock
        self._progress = ProgressReader(engines, clock=clock)
        self._minutes = Minutes()

    async def read(self, *, readers: int = 0) -> Stats:
        """Return the figures now; `readers` is passed through."""
        now = self._clock.now()
        progress = await self._progress.read()
        enabled = await self._enabled_sources()
        async with reading(self._engines.state) as connection:
            minutes = await self._minutes.read(connection, now=to_micros(now))
            by_status = await _by_status(connection)
            return Stats(
                at=now,
                open=sum(n for status, n in by_status.items() if OrderStatus(status) not in TERMINAL),
                by_status=by_status,
                events_per_minute=_rate(minutes),
                ended_60_min=_count(minutes, _ENDS),
                cancelled_30_min=_cancelled(minutes),
                time_to_accept=await _time_to_accept(connection, now),
                on_time_60_min=await _on_time(connection, now),
                sources=await _lights(connection, minutes, enabled),
                pipeline=progress,
                readers=readers,
            )

    async def stats(self, *, readers: int) -> bytes:
        """Return the figures now, as JSON."""
        return msgspec.json.encode(await self.read(readers=readers))

    async def _enabled_sources(self) -> dict[str, bool]:
        async with reading(self._engines.registry) as connection:
            rows = await connection.execute(select(registry.sources.c.name, registry.sources.c.spec))
            return {name: _enabled(spec).enabled for name, spec in rows}


async def _by_status(connection: AsyncConnection) -> dict[str, int]:
    statement = select(order_counts.c.status, func.sum(order_counts.c.n)).group_by(order_counts.c.status)
    return {status: int(n) for status, n in await connection.execute(statement) if n}


def _rate(minutes: Sequence[Minute]) -> EventRate:
    series = tuple(minute.events for minute in minutes[:-1])
    return EventRate(last=series[-1], series=series)


def _count(minutes: Sequence[Minute], types: Sequence[EventType]) -> int:
    return sum(minute.by_type[kind.value] for minute in minutes for kind in types)


def _cancelled(minutes: Sequence[Minute]) -> Cancelled:
    latest = minutes[-_HALF_HOUR_MINUTES:]
    cancelled, ended = _count(latest, [EventType.ORDER_CANCELLED]), _count(latest, _ENDS)
    return Cancelled(cancelled=cancelled, ended=ended, share=_share(cancelled, ended))


async def _time_to_accept(connection: AsyncConnection, now: datetime) -> TimeToAccept:
    newest = select(orders.c.view).order_by(orders.c.first_receipt.desc()).limit(_SAMPLE)
    waits: list[float] = []
    for view in await connection.scalars(newest):
        steps = _steps(view)
        placed, accepted = steps.placed_at, steps.milestones.get("accepted")
        if placed and accepted and now - _HOUR <= placed <= accepted:
            waits.append((accepted - placed).total_seconds())
    if not waits:
        return TimeToAccept(p50_seconds=None, p90_seconds=None, orders=0)
    percentiles = quantiles(waits, n=100, method="inclusive") if len(waits) > 1 else waits * 99
    return TimeToAccept(
        p50_seconds=round(percentiles[49], 1), p90_seconds=round(percentiles[_P90 - 1], 1), orders=len(waits)
    )


async def _on_time(connection: AsyncConnection, now: datetime) -> OnTime:
    changed = select(orders.c.open, orders.c.status, orders.c.status_since, orders.c.promised_at).order_by(
        orders.c.changed.desc()
    )
    looked_at = changed.limit(WINDOW).subquery()
    ended = select(looked_at).where(looked_at.c.open == false()).limit(_SAMPLE)
    start = to_micros(now - _HOUR)
    promised = [
        row.status_since <= row.promised_at
        for row in await connection.execute(ended)
        if row.status == OrderStatus.DELIVERED.value and row.promised_at is not None and row.status_since >= start
    ]
    kept = sum(promised)
    return OnTime(on_time=kept, delivered=len(promised), share=_share(kept, len(promised)))


async def _lights(
    connection: AsyncConnection, minutes: Sequence[Minute], enabled: Mapping[str, bool]
) -> tuple[SourceLight, ...]:
    active = {row.source: row for row in await connection.execute(select(source_activity))}
    latest = minutes[-1 - _RATE_MINUTES : -1]
    return tuple(
        SourceLight(
            source=name,
            enabled=enabled.get(name, False),
            last_received_at=from_micros(row.last_received_at) if row else None,
            per_minute=sum(minute.by_source[name] for minute in latest) / _RATE_MINUTES,
            events=row.events if row else 0,
            unreadable=row.unreadable if row else 0,
        )
        for name in sorted(active.keys() | enabled.keys())
        for row in [active.get(name)]
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
