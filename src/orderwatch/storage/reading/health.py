"""How each source is, from a bounded number of rows."""

from collections.abc import Mapping, Sequence
from statistics import quantiles

from msgspec import Struct, structs
from sqlalchemy import Executable, RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.health import Lag, SeenWord, Signatures, SourceHealth
from orderwatch.domain.receipts import ReceiptKind
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.connecting import reading
from orderwatch.storage.engines import Engines
from orderwatch.storage.reading.minutes import MINUTE_MICROS, Minutes
from orderwatch.storage.tables.journal import quarantine, receipts
from orderwatch.storage.tables.state import events, source_activity, source_words, tallies

_RATE_MINUTES = 5
_HOUR_MICROS = 60 * MINUTE_MICROS
_DAY_MICROS = 24 * _HOUR_MICROS
_USUAL_DAYS = 14
_USUAL_REACH = 10 * MINUTE_MICROS
"""How far around the time of day the past days are looked at."""
_USUAL_LASTS = 10 * MINUTE_MICROS
_LAG_SAMPLE = 200
_WRONG = "wrong_signature"


class _Usual(Struct, frozen=True):
    per_minute: float
    days: int


class HealthReader:
    """Reads from journal and state. Keeps the past minutes and days in memory, so keep one for the process's life."""

    def __init__(self, engines: Engines, *, clock: Clock) -> None:
        """Take the engines."""
        self._journal = engines.journal
        self._state = engines.state
        self._clock = clock
        self._minutes = Minutes()
        self._usual: Mapping[str, _Usual] = {}
        self._usual_at = -_USUAL_LASTS
        self._lag: dict[str, tuple[int, Lag]] = {}
        """With the transaction that changed the source last: until the next one its lag stays."""

    async def read(self) -> dict[str, SourceHealth]:
        """Return the health of each source of which anything ever came."""
        now = to_micros(self._clock.now())
        async with reading(self._state) as connection:
            minutes = await self._minutes.read(connection, now=now)
        latest = minutes[-1 - _RATE_MINUTES : -1]
        active = {row["source"]: row for row in await _rows(self._state, select(source_activity))}
        waiting = await self._waiting()
        failures = await self._failures(now, {name: row["last_received_at"] for name, row in active.items()})
        usual, news = await self._usual_rates(now), await self._news(now)
        lags = await self._lags({name: row["changed"] for name, row in active.items()})
        found: dict[str, SourceHealth] = {}
        for name in active.keys() | waiting.keys() | failures.keys():
            row = active.get(name)
            hour = sum(minute.by_source[name] for minute in minutes)
            failed = failures.get(name, Signatures())
            known = usual.get(name)
            found[name] = SourceHealth(
                last_received_at=from_micros(row["last_received_at"]) if row else None,
                per_minute=sum(minute.by_source[name] for minute in latest) / _RATE_MINUTES,
                usual_per_minute=known.per_minute if known else None,
                usual_days=known.days if known else 0,
                lag=lags.get(name, Lag()),
                signatures=structs.replace(failed, of=hour + failed.failures if failed.failures else 0),
                rejected=waiting.get(name, 0),
                news=news.get(name, 0),
                **(_counts(row) if row else {}),
            )
        return found

    async def words(self, source: str, *, limit: int = 200) -> list[SeenWord]:
        """Return what a source was seen to say, newest first."""
        now = to_micros(self._clock.now())
        mine = source_words.c.source == source
        first = select(func.min(source_words.c.first_at)).where(mine)
        latest = select(source_words).where(mine).order_by(source_words.c.first_at.desc(), source_words.c.word)
        async with reading(self._state) as connection:
            began = (await connection.execute(first)).scalar() or 0
            rows = (await connection.execute(latest.limit(limit))).mappings().all()
        return [
            SeenWord(
                kind=row["kind"],
                word=row["word"],
                meaning=row["meaning"] or None,
                first_at=from_micros(row["first_at"]),
                receipt=row["receipt"],
                is_new=row["first_at"] >= now - _DAY_MICROS and row["first_at"] > began + _DAY_MICROS,
            )
            for row in rows
        ]

    async def _waiting(self) -> dict[str, int]:
        statement = (
            select(quarantine.c.source, func.count().label("n"))
            .where(quarantine.c.resubmitted_at.is_(None))
            .group_by(quarantine.c.source)
        )
        return {row["source"]: row["n"] for row in await _rows(self._journal, statement)}

    async def _failures(self, now: int, last_received: Mapping[str, int]) -> dict[str, Signatures]:
        recent = (
            select(quarantine.c.source, quarantine.c.received_at)
            .where(quarantine.c.code == _WRONG, quarantine.c.received_at >= now - _DAY_MICROS)
            .order_by(quarantine.c.received_at)
        )
        times: dict[str, list[int]] = {}
        for row in await _rows(self._journal, recent):
            times.setdefault(row["source"], []).append(row["received_at"])
        return {name: _signatures(when, now, last_received.get(name)) for name, when in times.items()}

    async def _lags(self, changed: Mapping[str, int]) -> dict[str, Lag]:
        received: dict[str, dict[int, int]] = {}
        stale = [name for name, number in changed.items() if self._lag.get(name, (-1, None))[0] != number]
        for name in stale:
            latest = (
                select(receipts.c.position, receipts.c.received_at)
                .where(receipts.c.source == name, receipts.c.kind == ReceiptKind.EVENT.value)
                .order_by(receipts.c.position.desc())
                .limit(_LAG_SAMPLE)
            )
            received[name] = {row["position"]: row["received_at"] for row in await _rows(self._journal, latest)}
        for name, positions in received.items():
            wanted = select(events.c.receipt, events.c.occurred_at).where(
                events.c.receipt.in_(list(positions)), events.c.index == 0
            )
            lags = [positions[row["receipt"]] - row["occurred_at"] for row in await _rows(self._state, wanted)]
            # An event that does not say when it happened has the time of its receipt to the microsecond.
            self._lag[name] = changed[name], _lag([lag / 1_000_000 for lag in lags if lag])
        return {name: self._lag[name][1] for name in changed}

    async def _usual_rates(self, now: int) -> Mapping[str, _Usual]:
        if now - self._usual_at < _USUAL_LASTS:
            return self._usual
        by_day: list[Mapping[str, int]] = []
        for day in range(1, _USUAL_DAYS + 1):
            middle = (now - day * _DAY_MICROS) // MINUTE_MICROS * MINUTE_MICROS
            around = (
                select(tallies.c.source, func.sum(tallies.c.n).label("n"))
                .where(tallies.c.minute >= middle - _USUAL_REACH, tallies.c.minute < middle + _USUAL_REACH)
                .group_by(tallies.c.source)
            )
            by_day.append({row["source"]: int(row["n"]) for row in await _rows(self._state, around)})
        self._usual, self._usual_at = _usual(by_day), now
        return self._usual

    async def _news(self, now: int) -> dict[str, int]:
        began = (
            select(source_words.c.source, func.min(source_words.c.first_at).label("at"))
            .group_by(source_words.c.source)
            .subquery()
        )
        statement = (
            select(source_words.c.source, func.count().label("n"))
            .join(began, began.c.source == source_words.c.source)
            .where(source_words.c.first_at >= now - _DAY_MICROS, source_words.c.first_at > began.c.at + _DAY_MICROS)
            .group_by(source_words.c.source)
        )
        return {row["source"]: row["n"] for row in await _rows(self._state, statement)}


async def _rows(engine: AsyncEngine, statement: Executable) -> Sequence[RowMapping]:
    async with reading(engine) as connection:
        return (await connection.execute(statement)).mappings().all()


def _counts(row: RowMapping) -> dict[str, int]:
    return {name: row[name] or 0 for name in ("events", "duplicates", "conflicts", "unreadable", "unknown")}


def _signatures(times: Sequence[int], now: int, taken: int | None) -> Signatures:
    """Return what the failures at `times` (rising) say; `taken` is when a request was taken last."""
    since = [at for at in times if taken is None or at > taken]
    return Signatures(
        failures=sum(at >= now - _HOUR_MICROS for at in times),
        last_at=from_micros(times[-1]),
        failing_since=from_micros(since[0]) if since else None,
        failures_since=len(since),
        worked_until=from_micros(taken) if since and taken is not None else None,
    )


def _lag(seconds: Sequence[float]) -> Lag:
    if not seconds:
        return Lag()
    cuts = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 19
    return Lag(p50_seconds=round(cuts[9], 3), p95_seconds=round(cuts[18], 3), events=len(seconds))


def _usual(by_day: Sequence[Mapping[str, int]]) -> dict[str, _Usual]:
    """Return the mean a minute; `by_day` begins with yesterday. Days before a source's first are none of its own."""
    minutes = 2 * _USUAL_REACH // MINUTE_MICROS
    found: dict[str, _Usual] = {}
    for name in {name for day in by_day for name in day}:
        days = max(number for number, day in enumerate(by_day, 1) if name in day)
        total = sum(day.get(name, 0) for day in by_day)
        found[name] = _Usual(round(total / (minutes * days), 3), days)
    return found
