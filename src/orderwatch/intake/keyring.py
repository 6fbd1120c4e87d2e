"""The public keys of platforms, kept in memory and got anew when one is missing or has become old."""

import asyncio
from typing import TYPE_CHECKING

import structlog

from orderwatch.domain.errors import OrderwatchError, Unavailable
from orderwatch.intake.ports import KeyFetcher
from orderwatch.intake.rsa import read_keys
from orderwatch.kit.clock import Clock

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

FRESH_SECONDS = 3600.0
"""A set is asked for again after this time, while requests go on with the keys that are known."""
BELIEVED_SECONDS = 24 * 3600.0
"""A key that its platform has not confirmed for so long proves nothing any more."""
PAUSE_SECONDS = 30.0
"""Between two tries, whatever ids senders make up."""
LONGEST_SECONDS = 5.0


class _Shelf:
    """What is known of one address."""

    def __init__(self) -> None:
        self.keys: dict[str, RSAPublicKey] = {}
        self.got_at: float | None = None
        self.tried_at: float | None = None
        self.failed = False
        self.trying: asyncio.Task[None] | None = None


class Keyring:
    """Looks keys up at once (`get`); who needs one waits for `prepare` before."""

    def __init__(self, fetcher: KeyFetcher, *, clock: Clock, longest_seconds: float = LONGEST_SECONDS) -> None:
        """Take what fetches sets of keys, and how long that may take."""
        self._fetcher = fetcher
        self._longest_seconds = longest_seconds
        self._clock = clock
        self._shelves: dict[str, _Shelf] = {}
        self._log = structlog.get_logger("keys")

    def get(self, address: str, key_id: str, /) -> "RSAPublicKey | None":
        """Return the key that is called so in the set at `address`; None where there is none that may be believed."""
        shelf = self._shelves.get(address)
        if shelf is None or shelf.got_at is None or self._clock.monotonic() - shelf.got_at >= BELIEVED_SECONDS:
            return None
        return shelf.keys.get(key_id)

    async def prepare(self, address: str, key_id: str) -> None:
        """Return when `get` can tell. It waits only for a key that is not known, and for all who wait fetches once.

        Addresses are those of providers' files, so there are few.

        Raises:
            Unavailable: the set cannot be had, so nobody can say whether the key is one of the platform's.
        """
        shelf = self._shelves.setdefault(address, _Shelf())
        if self.get(address, key_id) is not None:
            if self._is_old(shelf):
                self._try(address, shelf)
            return
        task = self._try(address, shelf)
        if task is not None:
            # One who gives up waiting does not take it from the others.
            await asyncio.shield(task)
        if shelf.failed and self.get(address, key_id) is None:
            # Why is for the log: whoever sent this may be anybody.
            raise Unavailable("The platform's keys cannot be had now.", retry_after_seconds=int(PAUSE_SECONDS))

    async def close(self) -> None:
        """End what is being fetched."""
        tasks = [shelf.trying for shelf in self._shelves.values() if shelf.trying is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_old(self, shelf: _Shelf) -> bool:
        return shelf.got_at is not None and self._clock.monotonic() - shelf.got_at >= FRESH_SECONDS

    def _try(self, address: str, shelf: _Shelf) -> "asyncio.Task[None] | None":
        """Return the try that is under way, or a new one; None where the last one is not long enough ago."""
        if shelf.trying is not None:
            return shelf.trying
        now = self._clock.monotonic()
        if shelf.tried_at is not None and now - shelf.tried_at < PAUSE_SECONDS:
            return None
        shelf.tried_at = now
        shelf.trying = asyncio.create_task(self._fetch(address, shelf))
        return shelf.trying

    async def _fetch(self, address: str, shelf: _Shelf) -> None:
        try:
            async with asyncio.timeout(self._longest_seconds):
                shelf.keys = read_keys(await self._fetcher.fetch(address))
            shelf.got_at, shelf.failed = self._clock.monotonic(), False
        except (OrderwatchError, TimeoutError) as fault:
            reason = fault.message if isinstance(fault, OrderwatchError) else "no answer in time"
            self._log.warning("a platform's keys cannot be had", address=address, reason=reason)
            shelf.failed = True
        except Exception:  # noqa: BLE001  (whatever it is, nobody is let in, and it is tried again)
            self._log.exception("a platform's keys cannot be had", address=address)
            shelf.failed = True
        finally:
            shelf.trying = None
