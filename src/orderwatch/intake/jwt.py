"""Whether a JSON Web Token was signed with one of a source's secrets, by the one algorithm that is expected."""

import warnings
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from orderwatch.domain.errors import WrongSignature
from orderwatch.domain.proofs import JwtAlgorithm, KeyCoding
from orderwatch.intake.keys import key_of
from orderwatch.kit.clock import EPOCH

if TYPE_CHECKING:
    from joserfc.jwk import OctKey

LEEWAY_SECONDS = 60
"""Between the sender's clock and ours, where a token says until when it holds."""
_claims = msgspec.json.Decoder(dict[str, Any]).decode


def check_jwt(
    token: str, *, secrets: Sequence[str], algorithm: JwtAlgorithm, coding: KeyCoding, received_at: datetime
) -> None:
    """Return when `token` was signed with one of `secrets` and holds at `received_at`.

    Its header has no say in how it is verified: another algorithm than `algorithm`, ``none`` above all, is refused.

    Raises:
        WrongSignature: it was not, or is no such token.
    """
    # It takes 3 MB and few sources need it, so it comes with the first token.
    from joserfc.errors import JoseError  # noqa: PLC0415

    refusal = WrongSignature("There is no secret to verify the token with.")
    for secret in secrets:
        try:
            payload = _payload(token, jwt_key(secret, coding=coding), algorithm)
        except (JoseError, ValueError, TypeError, RecursionError) as fault:
            refusal = WrongSignature(f"The token does not prove anything ({type(fault).__name__}).")
        else:
            _check_times(payload, received_at)
            return
    raise refusal


# A memo of a pure function, for each webhook asks.
@lru_cache(maxsize=1024)
def jwt_key(secret: str, *, coding: KeyCoding) -> "OctKey":
    """Return the key that `secret` is.

    Raises:
        WrongSignature: it is not coded as the platform codes it.
    """
    from joserfc.errors import SecurityWarning  # noqa: PLC0415
    from joserfc.jwk import OctKey  # noqa: PLC0415

    with warnings.catch_warnings():
        # A short secret is the platform's choice, and no reason for a line at each request.
        warnings.simplefilter("ignore", SecurityWarning)
        return OctKey.import_key(key_of(secret, coding=coding))


def _payload(token: str, key: "OctKey", algorithm: JwtAlgorithm) -> bytes:
    from joserfc.jws import deserialize_compact  # noqa: PLC0415

    return deserialize_compact(token, key, algorithms=[algorithm]).payload


def _check_times(payload: bytes, received_at: datetime) -> None:
    try:
        claims = _claims(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise WrongSignature("The token holds no claims.") from None
    now = (received_at - EPOCH).total_seconds()
    until, since = _seconds(claims, "exp"), _seconds(claims, "nbf")
    if until is not None and now > until + LEEWAY_SECONDS:
        raise WrongSignature(f"The token has run out: {now - until:.0f} s ago.")
    if since is not None and now < since - LEEWAY_SECONDS:
        raise WrongSignature(f"The token does not hold yet: in {since - now:.0f} s.")


def _seconds(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongSignature(f"The token's {name} is no time.")
    return float(value)
