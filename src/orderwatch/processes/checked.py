"""The registry's channels, each judged by its kind before it is kept."""

from orderwatch.channels.catalog import check_channel
from orderwatch.domain.notifications import Channel
from orderwatch.domain.registered import Registered
from orderwatch.processes.registered import Announced


class CheckedChannels(Announced[Channel]):
    """Keeps no channel that could never send. Raises BadSettings with everything that is wrong with one."""

    async def create(self, spec: Channel, *, by: str) -> Registered[Channel]:
        """Register a new one."""
        await check_channel(spec)
        return await super().create(spec, by=by)

    async def replace(self, spec: Channel, *, by: str) -> Registered[Channel]:
        """Put one in the place of another."""
        await check_channel(spec)
        return await super().replace(spec, by=by)
