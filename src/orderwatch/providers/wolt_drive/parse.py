"""The claims of the token that is the whole body."""

from base64 import urlsafe_b64decode
from typing import cast

from orderwatch.domain.errors import Unreadable
from orderwatch.domain.providers import HeaderLookup
from orderwatch.normalise.bodies import Json, decode


def parse(body: Json, headers: HeaderLookup) -> Json:  # noqa: ARG001
    """Return the claims. Whether they were signed was checked at the door."""
    token = cast("dict[str, Json]", body).get("token") if isinstance(body, dict) else None
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != 3:  # noqa: PLR2004  (header, claims, signature)
        raise Unreadable("The body has no JSON Web Token at token.")
    try:
        return decode(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError as fault:
        raise Unreadable("The token's claims are not base64.") from fault
