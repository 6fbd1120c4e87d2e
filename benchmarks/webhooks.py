"""The webhooks that are sent: unique, signed, about 1.4 kB, four steps an order."""

import hashlib
import hmac
import json
import random
from collections.abc import Iterator

SECRET = "bench-secret-0123456789abcdef"
STEPS = ("order_created", "order_accepted", "order_picked_up", "order_delivered")
PAD = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz ", k=680))


def bodies(run: str, *, start: int = 0) -> Iterator[bytes]:
    """Yield bodies without end; `run` makes their ids unlike those of any other run."""
    number = start
    while True:
        order, step = divmod(number, len(STEPS))
        yield json.dumps(
            {
                "event_type": STEPS[step],
                "event_id": f"{run}-{number}",
                "order_id": f"{run}-{order}",
                "store_id": f"store-{order % 40}",
                "region": "Seoul",
                "total": "27400",
                "currency": "KRW",
                "items": [
                    {"name": f"bibimbap {k}", "quantity": k + 1, "price": "9100", "note": "no onions"} for k in range(6)
                ],
                "courier": {"id": f"c-{order % 90}", "name": "Lee", "lat": 37.5 + order % 100 / 1e3, "lon": 127.0},
                "customer": {"name": "Kim", "phone": "+82 10 0000 0000", "address": "1 Sejong-daero, Jung-gu"},
                "note": PAD,
            },
            separators=(",", ":"),
        ).encode()
        number += 1


def sign(body: bytes) -> str:
    """Return the hexadecimal HMAC-SHA256 of `body`."""
    return hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def request(path: str, body: bytes) -> bytes:
    """Return a whole HTTP/1.1 request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Signature: {sign(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
