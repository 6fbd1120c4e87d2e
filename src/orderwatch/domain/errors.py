"""Every error that Orderwatch raises on purpose.

OrderwatchError                 code, message for people
├── BadInput                    the sender's fault: 4xx, never retried
│   ├── Unreadable              400  not JSON, too deep, doubled keys, no type or order id
│   ├── WrongSignature          401
│   ├── TooLarge                413
│   └── UnsupportedMedia        415
├── NotSignedIn                 401  nobody says who asks, or it is not true
├── NotFound                    404
├── NotAllowed                  403  the caller's role does not reach that far
│   └── CrossSite               403  the request does not come from our own page
├── TooMany                     429 with Retry-After: the caller asks too often
├── Conflict                    409  the thing is not in a state that allows this
├── Unavailable                 503 with Retry-After: our own fault or load
├── BadSettings                 faults of a configuration, all of them together
└── BadMapping                  a source's mapping could not read a receipt
"""

from typing import ClassVar


class OrderwatchError(Exception):
    """The base of all our errors: `code` for machines, `message` for people."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str) -> None:
        """Take the sentence that tells a person what is wrong and what to do next."""
        super().__init__(message)
        self.message = message


class BadInput(OrderwatchError):
    """The sender's request cannot be taken as it is."""

    code = "bad_input"


class Unreadable(BadInput):
    """The body is not what it should be: not JSON, too deep, doubled keys, no event type or order id."""

    code = "unreadable"


class WrongSignature(BadInput):
    """The request does not prove that it comes from the source."""

    code = "wrong_signature"


class TooLarge(BadInput):
    """The body is longer than the limit."""

    code = "too_large"


class UnsupportedMedia(BadInput):
    """The content type or encoding is not taken here."""

    code = "unsupported_media"


class NotSignedIn(OrderwatchError):
    """Nobody says who asks, or what is said is not true."""

    code = "not_signed_in"


class NotFound(OrderwatchError):
    """There is no such thing."""

    code = "not_found"


class NotAllowed(OrderwatchError):
    """The caller's role does not reach that far."""

    code = "not_allowed"


class CrossSite(NotAllowed):
    """A request with our cookie does not come from our own page."""

    code = "csrf"


class TooMany(OrderwatchError):
    """The caller asks too often; it may try again after `retry_after_seconds`."""

    code = "too_many"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        """Take the reason and the wait to ask for."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Conflict(OrderwatchError):
    """The thing is not in a state that allows this."""

    code = "conflict"


class Unavailable(OrderwatchError):
    """We cannot do it now (disk, database, load); the caller should try again after `retry_after_seconds`."""

    code = "unavailable"

    def __init__(self, message: str, *, retry_after_seconds: int = 2) -> None:
        """Take the reason and the wait to ask for."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class BadSettings(OrderwatchError):
    """One or more settings are wrong; `faults` lists each with key, value and what was expected."""

    code = "bad_settings"

    def __init__(self, faults: list[str]) -> None:
        """Take all the faults, so that they are mended in one go."""
        super().__init__("; ".join(faults))
        self.faults = faults


class BadMapping(OrderwatchError):
    """A source's mapping could not read a receipt."""

    code = "bad_mapping"
