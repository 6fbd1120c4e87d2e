"""A request that is ready to be sent."""

from msgspec import Struct


class Outgoing(Struct, frozen=True, kw_only=True):
    """One webhook, signed."""

    method: str
    path: str
    """With its query, from the server's root."""
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """Return the body for people."""
        return self.content.decode("utf-8", "replace")
