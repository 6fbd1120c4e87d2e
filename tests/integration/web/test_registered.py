"""Sources, channels and routes, the log of notifications and commands, over real HTTP."""

from typing import Any

import httpx2
import pytest

from orderwatch.domain.people import Role
from tests.web_server import WebServer

SECRET = "whsec_a-secret-of-some-length-9f2c"
KEY = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3OGE="


async def make(server: WebServer, plural: str, **spec: Any) -> httpx2.Response:
    return await server.call("POST", f"/api/v1/{plural}", spec)


async def test_what_the_first_webhook_needs_is_there_from_the_start(server: WebServer) -> None:
    sources = (await server.get("/api/v1/sources"))["items"]
    channels = (await server.get("/api/v1/channels"))["items"]
    routes = (await server.get("/api/v1/routes"))["items"]

    assert [(s["name"], s["provider"], s["address"], s["activity"]["events"]) for s in sources] == [
        ("default", "orderwatch", "/in/default", 0)
    ]
    assert [(c["name"], c["kind"]) for c in channels] == [("browser", "browser"), ("log", "log")]
    assert [(r["name"], r["channels"]) for r in routes] == [("new-orders", ["log", "browser"])]


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"mapping": {"event_type": "a["}}, "mapping.event_type"),
        ({"mapping": {"order_id": "x" * 2000}}, "mapping.order_id"),
        ({"mapping": {"fields": {"courier.name": "a["}}}, "mapping.fields.courier.name"),
        ({"mapping": {"fields": {"colour": "a"}}}, "mapping.fields"),
        ({"mapping": {"statuses": {"DONE": "order.eaten"}}}, "mapping.statuses"),
        ({"verification": "standard_webhooks", "secrets": ["whsec_~"]}, "secrets"),
        ({"verification": "token", "secrets": ["s"], "token": {"header": "x token"}}, "token.header"),
        ({"verification": "hmac", "secrets": ["s"], "hmac": {"header": ""}}, "hmac.header"),
        (
            {"verification": "hmac", "secrets": ["s"], "hmac": {"content": "{timestamp}.{body}"}},
            "hmac.timestamp_header",
        ),
        ({"verification": "hmac", "secrets": ["s"], "hmac": {"content": "{id}.{body}"}}, "hmac.id_header"),
    ],
)
async def test_a_source_that_could_take_nothing_is_refused_with_the_field(
    server: WebServer, spec: dict[str, Any], field: str
) -> None:
    answer = await make(server, "sources", name="shop", **spec)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [f"body.{field}"]


async def test_a_route_for_an_event_that_there_is_not_is_refused(server: WebServer) -> None:
    wrong = await make(server, "routes", name="r", event_types=["order.eaten"], channels=["log"])
    right = await make(server, "routes", name="r", event_types=["order_delivered", "*"], channels=["log"])

    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "body.event_types")
    assert right.status_code == 201


async def test_a_body_that_is_nested_without_end_is_refused(server: WebServer) -> None:
    nested = b'{"name": "x", "kind": "log", "settings": {"a": ' + b"[" * 60_000 + b"]" * 60_000 + b"}}"

    answer = await server.call("POST", "/api/v1/channels", content=nested, headers={"content-type": "application/json"})

    assert (answer.status_code, answer.json()["detail"]) == (400, "The body is nested too deeply.")


async def test_a_new_source_takes_webhooks_at_once_and_tells_what_came(server: WebServer) -> None:
    before = await server.client.post("/in/shop", json={"event_type": "order_created", "order_id": "S-1"})
    made = await make(server, "sources", name="shop")
    after = await server.client.post("/in/shop", json={"event_type": "order_created", "order_id": "S-1"})
    await server.client.post("/in/shop", content=b"{", headers={"content-type": "application/json"})
    await server.work()
    deleted = await server.call("DELETE", "/api/v1/sources/shop")
    gone = await server.client.post("/in/shop", json={"event_type": "order_created", "order_id": "S-2"})
    restored = await server.call("POST", "/api/v1/sources/shop/restore")

    assert (before.status_code, made.status_code, after.status_code) == (404, 201, 200)
    assert (deleted.status_code, gone.status_code) == (204, 404)
    activity = restored.json()["activity"]
    assert (activity["events"], activity["rejected"]) == (1, 1)
    assert activity["last_received_at"] is not None


async def test_secrets_are_never_shown_and_kept_when_sent_back_as_shown(server: WebServer) -> None:
    made = await make(server, "sources", name="shop", verification="token", secrets=[SECRET, "short"])
    shown = (await server.get("/api/v1/sources"))["items"][1]

    sent_back = await server.call("PUT", "/api/v1/sources/shop", shown | {"currency": "KRW"})
    lost = await server.call("PUT", "/api/v1/sources/shop", shown | {"secrets": ["•••• abcd"]})

    assert made.json()["secrets"] == shown["secrets"] == ["•••• 9f2c", "••••"]
    assert SECRET not in made.text
    assert (sent_back.status_code, sent_back.json()["currency"]) == (200, "KRW")
    assert (await server.registry.sources.get("shop")).spec.secrets == (SECRET, "short")
    assert (lost.status_code, lost.json()["errors"][0]["field"]) == (400, "body.secrets")


async def test_a_channels_address_is_a_secret_too(server: WebServer) -> None:
    settings = {"url": "https://me:pw@shop.example/h/1", "secret": KEY}

    made = await make(server, "channels", name="hook", kind="webhook", settings=settings)
    replaced = await server.call("PUT", "/api/v1/channels/hook", made.json() | {"enabled": False})

    assert made.json()["settings"] == {"url": "https://shop.example/•••• /h/1", "secret": "•••• OGE="}
    assert replaced.json()["enabled"] is False
    assert (await server.registry.channels.get("hook")).spec.settings == settings


@pytest.mark.parametrize(
    ("plural", "spec", "field"),
    [
        ("sources", {"name": "Not a slug"}, "body.name"),
        ("sources", {"name": "a", "time_zone": "Mars/Olympus"}, "body.time_zone"),
        ("sources", {"name": "a", "verification": "hmac"}, "body.secrets"),
        ("sources", {"name": "a", "verification": "handshake"}, "body.verification"),
        ("sources", {"name": "a", "hmac": {"algorithm": "md5"}}, "body.hmac.algorithm"),
        ("sources", {"name": 7}, "body.name"),
        ("routes", {"name": "a", "channels": ["nowhere"]}, "body.channels"),
        ("channels", {"name": "a", "kind": "log", "fallback": "nowhere"}, "body.fallback"),
    ],
)
async def test_a_wrong_field_is_named(server: WebServer, plural: str, spec: dict[str, Any], field: str) -> None:
    answer = await make(server, plural, **spec)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_names_are_taken_once_and_do_not_change(server: WebServer) -> None:
    taken = await make(server, "sources", name="default")
    renamed = await server.call("PUT", "/api/v1/sources/default", {"name": "other"})
    missing = await server.call("PUT", "/api/v1/sources/other", {"name": "other"})
    unknown = await make(server, "sources", name="a", colour="red")

    assert (taken.status_code, renamed.status_code, missing.status_code, unknown.status_code) == (409, 400, 404, 400)
    assert "colour" in unknown.json()["detail"]


async def test_what_is_needed_stays(server: WebServer) -> None:
    source = await server.call("DELETE", "/api/v1/sources/default")
    channel = await server.call("DELETE", "/api/v1/channels/log")
    route = await server.call("DELETE", "/api/v1/routes/new-orders")
    free = await server.call("DELETE", "/api/v1/channels/log")

    assert (source.status_code, channel.status_code, route.status_code, free.status_code) == (409, 409, 204, 204)
    assert "new-orders" in channel.json()["detail"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'"text"', b'{"name": "\\ud800"}'])
async def test_a_body_that_is_no_json_object_is_refused(server: WebServer, content: bytes) -> None:
    headers = {"Authorization": f"Bearer {server.tokens[Role.ADMIN]}", "Content-Type": "application/json"}

    answer = await server.client.post("/api/v1/routes", content=content, headers=headers)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_must_say_that_it_is_json_and_is_bounded(server: WebServer) -> None:
    token = {"Authorization": f"Bearer {server.tokens[Role.ADMIN]}"}

    form = await server.client.post("/api/v1/routes", data={"name": "a"}, headers=token)
    long = await server.call("POST", "/api/v1/routes", {"name": "a" * 300_000})

    assert (form.status_code, long.status_code) == (415, 413)


async def test_a_notification_is_listed_and_can_be_sent_again(server: WebServer) -> None:
    await server.send({"event_type": "order_created", "order_id": "A-1"})

    listed = (await server.get("/api/v1/notifications?channel=log"))["items"]
    command = await server.call("POST", f"/api/v1/notifications/{listed[0]['id']}/resend", role=Role.OPERATOR)
    waiting = await server.get(f"/api/v1/commands/{command.json()['command']}")
    await server.work()

    assert [(n["channel"], n["kind"], n["order_id"], n["status"]) for n in listed] == [("log", "log", "A-1", "pending")]
    assert (command.status_code, waiting["kind"], waiting["done"], waiting["by"]) == (
        202,
        "notification.resend",
        False,
        "operator",
    )
    assert (await server.get(f"/api/v1/commands/{waiting['id']}"))["done"] is True
    assert (await server.call("POST", "/api/v1/notifications/99/resend")).status_code == 404


async def test_the_test_of_a_channel_becomes_a_notification(server: WebServer) -> None:
    command = await server.call("POST", "/api/v1/channels/log/test", role=Role.OPERATOR)
    await server.work()

    found = await server.get(f"/api/v1/notifications?cause=test:{command.json()['command']}")
    assert [notification["channel"] for notification in found["items"]] == ["log"]
    assert (await server.call("POST", "/api/v1/channels/nowhere/test")).status_code == 404


async def test_dead_letters_are_asked_for_one_by_one_or_together(server: WebServer) -> None:
    listed = await server.get("/api/v1/handlers/dead-letters")
    one = await server.call("POST", "/api/v1/handlers/dead-letters/1/retry")
    gone = await server.call("POST", "/api/v1/handlers/dead-letters/1/dismiss")
    every = await server.call("POST", "/api/v1/handlers/dead-letters/retry", {"handler": "on_created"})

    assert listed == {"items": [], "next": None}
    assert (one.status_code, gone.status_code, every.status_code) == (404, 404, 202)
    (command,) = await server.registry.commands.after(0)
    assert command.argument == {"handler": "on_created"}


async def test_there_are_no_rules_yet_and_so_no_alerts(server: WebServer) -> None:
    assert await server.get("/api/v1/alerts") == {"items": [], "next": None}
    assert await server.get("/api/v1/rules") == {"items": [], "next": None}


async def test_the_summary_counts_what_is_open(server: WebServer) -> None:
    await server.send(
        {"event_type": "order_created", "order_id": "A-1"},
        {"event_type": "order_created", "order_id": "A-2"},
        {"event_type": "order_cancelled", "order_id": "A-2"},
    )

    summary = await server.get("/api/v1/insights/summary")

    assert (summary["open"], summary["by_status"]) == (1, {"cancelled": 1, "created": 1})
    assert summary["cancelled_30_min"] == {"cancelled": 1, "ended": 1, "share": 1.0}
    assert [(light["source"], light["events"]) for light in summary["sources"]] == [("default", 3)]
    assert (summary["pipeline"]["behind"], summary["readers"]) == (0, 0)
