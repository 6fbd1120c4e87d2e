"""Platforms' webhooks over real HTTP: from the request to the order."""

import hmac
from base64 import urlsafe_b64encode
from urllib.parse import quote

import pytest

from orderwatch.providers.examples import example_names, read_example
from tests.fake_clock import FakeClock
from tests.preset_cases import beside, catalog, presets, request_for, source_for
from tests.rsa_keys import PublishedKeys
from tests.web_server import web_server

BREAD = """
name = "Bread"
about = "Bread by bicycle."
confidence = "beta"
documentation = ["https://bread.example/docs"]

[receive]
success = 202
answer = "taken"
answer_type = "text/plain"

[[signature]]
kind = "hmac"
algorithm = "sha512"
header = "x-bread"
encoding = "base64url"
prefix = "b1="
content = "{header.x-time}~{setting.shop}~{body}"

[settings.shop]
about = "The shop's number."
needed = true

[[handshake]]
methods = ["GET"]
query = "hello"
answer = "{query.hello} yourself"

[event]
type = "what"
order_id = "loaf"
event_id = "header:x-id"

[event.fields]
occurred_at = "at"
total = "price"
currency = "text:KRW"
"courier.name" = "rider.name"

[event.types]
ordered = "order.created"
"out*" = "order.picked_up"
eaten = "order.delivered"

[setup]
en = ["Paste {url}."]
ko = ["{url} 을 붙여 넣습니다."]
"""


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
async def server(tmp_path, clock):
    async with web_server(tmp_path / "data", clock=clock, key_fetcher=PublishedKeys()) as running:
        yield running


@pytest.mark.parametrize("slug", presets())
async def test_a_preset_s_examples_become_the_orders_that_lie_beside_it(server, clock, slug):
    declared = catalog().declared[slug]
    source = source_for(declared, public_url="https://orders.example.com/in/shop")
    await server.registry.sources.create(source, by="test")

    for name in example_names(declared.folder):
        example = read_example(declared.folder, name)
        sent = request_for(declared, source, example)
        clock.advance(seconds=(sent.received_at - clock.now()).total_seconds())
        answer = await server.client.request(sent.method, sent.path, content=sent.body, headers=sent.headers.as_dict())
        assert answer.status_code == declared.preset.receive.success, answer.text
        if declared.preset.receive.answer is not None:
            assert answer.text == declared.preset.receive.answer
    await server.work()

    for order_id, golden in beside(slug, "orders.json").items():
        order = await server.get(f"/api/v1/orders/shop/{quote(order_id, safe='')}")
        assert {key: order[key] for key in golden} == golden
    assert (await server.get("/api/v1/receipts"))["items"]


@pytest.mark.parametrize("slug", presets())
def test_a_preset_has_orders_to_compare_with(slug):
    assert beside(slug, "orders.json")


async def test_a_provider_is_added_by_a_folder_alone(tmp_path):
    folder = tmp_path / "providers" / "bread"
    folder.mkdir(parents=True)
    (folder / "provider.toml").write_text(BREAD)
    story = [
        ("1", b'{"what": "Ordered", "loaf": 41, "price": "9900", "at": "2026-11-24T12:00:00Z"}'),
        ("2", b'{"what": "out for delivery", "loaf": 41, "rider": {"name": "Kim"}, "at": 1795521900}'),
        ("3", b'{"what": "EATEN", "loaf": 41, "at": 1795522500000}'),
    ]

    async with web_server(tmp_path / "data", providers=str(tmp_path / "providers")) as server:
        made = await server.call(
            "POST",
            "/api/v1/sources",
            {
                "name": "bread",
                "provider": "bread",
                "verification": "provider",
                "secrets": ["k3y"],
                "settings": {"shop": "12"},
            },
        )
        assert made.status_code == 201, made.text
        hello = await server.client.get("/in/bread?hello=you")
        for number, body in story:
            digest = hmac.digest(b"k3y", b"99~12~" + body, "sha512")
            headers = {"x-id": number, "x-time": "99", "x-bread": "b1=" + base64url(digest)}
            answer = await server.client.post("/in/bread", content=body, headers=headers)
            assert (answer.status_code, answer.text) == (202, "taken")
        again = await server.client.post(
            "/in/bread", content=story[0][1], headers={"x-time": "99", "x-bread": "b1=AAAA"}
        )
        await server.work()
        order = await server.get("/api/v1/orders/bread/41")

    assert (hello.status_code, hello.text) == (200, "you yourself")
    assert hello.headers["x-content-type-options"] == "nosniff"
    assert again.status_code == 401
    assert (order["status"], order["total"], order["currency"]) == ("delivered", "9900", "KRW")
    assert order["courier"]["name"] == "Kim"
    assert len(order["timeline"]) == 3
    assert order["flags"] == ["late_event"] or order["flags"] == []


async def test_a_source_that_lacks_a_setting_or_has_one_too_many_is_refused(tmp_path):
    folder = tmp_path / "providers" / "bread"
    folder.mkdir(parents=True)
    (folder / "provider.toml").write_text(BREAD)

    async with web_server(tmp_path / "data", providers=str(tmp_path / "providers")) as server:
        refused = await server.call(
            "POST",
            "/api/v1/sources",
            {"name": "b", "provider": "bread", "verification": "provider", "secrets": ["k"], "settings": {"shp": "1"}},
        )
        unknown = await server.call("POST", "/api/v1/sources", {"name": "c", "provider": "braed"})

    assert "The shop's number." in refused.text
    assert "did you mean shop?" in refused.text
    assert "did you mean bread?" in unknown.text


def base64url(digest):
    return urlsafe_b64encode(digest).decode()
