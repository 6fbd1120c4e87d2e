"""The webhook endpoint as it is reached from elsewhere: signed, unless the user says otherwise."""

from base64 import b64encode
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from orderwatch.domain.sources import Source, Verification
from orderwatch.kit.clock import SystemClock
from tests.web_server import web_server

BODY = '{"event_type": "order_created", "order_id": "A-1"}'
JSON = {"content-type": "application/json"}
SECRET = "whsec_" + b64encode(b"0123456789abcdef0123456789abcdef").decode()


def signature() -> dict[str, str]:
    now = SystemClock().now()
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_1", now, BODY),
    }


async def test_the_default_source_that_is_not_open_says_how_to_sign_and_then_takes_what_is_signed(
    tmp_path: Path,
) -> None:
    async with web_server(tmp_path, open_webhook=False) as server:
        refused = await server.client.post("/webhook", content=BODY, headers=JSON)
        assert (refused.status_code, refused.json()["code"]) == (401, "wrong_signature")
        assert "orderwatch source secret default" in refused.json()["detail"]

        default = Source(
            name="default",
            provider="orderwatch",
            verification=Verification.STANDARD_WEBHOOKS,
            secrets=(SECRET,),
        )
        answer = await server.call("PUT", "/api/v1/sources/default", _shown(default))
        assert answer.status_code == 200, answer.text

        assert (await server.client.post("/webhook", content=BODY, headers=JSON)).status_code == 401
        taken = await server.client.post("/webhook", content=BODY, headers=JSON | signature())
        assert taken.json() == {"status": "success", "receipt": 1}


@pytest.mark.parametrize("path", ["/webhook", "/in/default", "/in/default/orders"])
async def test_the_default_source_is_closed_by_whichever_address(tmp_path: Path, path: str) -> None:
    async with web_server(tmp_path, host="0.0.0.0") as server:  # noqa: S104
        assert (await server.client.post(path, content=BODY, headers=JSON)).status_code == 401


async def test_who_says_so_opens_it(tmp_path: Path) -> None:
    async with web_server(tmp_path, host="0.0.0.0", open_webhook=True) as server:  # noqa: S104
        assert (await server.client.post("/webhook", content=BODY, headers=JSON)).status_code == 200


def _shown(source: Source) -> dict[str, object]:
    return {
        "name": source.name,
        "provider": source.provider,
        "verification": source.verification.value,
        "secrets": list(source.secrets),
    }
