"""What the API tells of orders, over real HTTP."""

from urllib.parse import quote

import pytest

from orderwatch.domain.people import Role
from tests.web_server import WebServer

CUSTOMER = {"name": "Kim Minsu", "phone": "010-1234-5678", "address": "1 Sejong-daero", "lat": 37.566535, "lon": 126.9}
COURIER = {"id": "c-9", "name": "Lee", "phone": "010-9999-0047", "lat": 37.5, "lon": 127.0}


def created(order_id: str, **more: object) -> dict[str, object]:
    return {"event_type": "order_created", "order_id": order_id, **more}


def path_of(order_id: str, source: str = "default") -> str:
    return f"/api/v1/orders/{source}/{quote(order_id, safe='')}"


async def test_an_order_has_its_timeline_its_receipts_and_who_was_told(server: WebServer) -> None:
    await server.send(
        created("A-1", total="12.50", currency="KRW", occurred_at="2026-11-24T10:00:00Z", note="ring twice"),
        {"event_type": "order_accepted", "order_id": "A-1", "occurred_at": "2026-11-24T10:01:00Z"},
    )

    order = await server.get(path_of("A-1"))

    assert (order["status"], order["total"], order["open"], order["receipts"]) == ("accepted", "12.50", True, [1, 2])
    assert order["milestones"] == {"created": "2026-11-24T10:00:00Z", "accepted": "2026-11-24T10:01:00Z"}
    assert [entry["type"] for entry in order["timeline"]] == ["order.created", "order.accepted"]
    assert order["timeline"][0]["changes"]["status"] == [None, "created"]
    assert order["timeline"][0]["data"] == {"note": "ring twice"}
    assert {told["channel"] for told in order["told"]} == {"log", "browser"}
    assert "masked" not in order


IDS = [
    "알림-1/ü ?#",
    "a/b/c",
    "/",
    "a//b",
    "a/reveal",
    "reveal",
    "%2F",
    "50%",
    "a+b",
    "a&b=c",
    "😀",
    "\x01\x1f",
    '"',
    "a;b",
    "\\",
]


@pytest.mark.parametrize("order_id", IDS)
async def test_an_id_of_any_characters_is_found(server: WebServer, order_id: str) -> None:
    await server.send(created(order_id))

    shown = await server.get(path_of(order_id))
    revealed = await server.call("POST", path_of(order_id) + "/reveal")
    listed = await server.get(f"/api/v1/orders?q={quote(order_id, safe='')}")

    assert shown["order_id"] == order_id
    assert revealed.json()["order_id"] == order_id
    assert [order["order_id"] for order in listed["items"]] == [order_id]


async def test_what_is_not_there_is_told_as_a_problem(server: WebServer) -> None:
    for path in (path_of("A-1"), path_of("A-1", "nowhere"), path_of("\0"), "/api/v1/nothing", "/api"):
        answer = await server.call("GET", path)

        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.json()["status"], answer.json()["code"]) == (404, "not_found")


async def test_pages_follow_each_other_to_the_end(server: WebServer) -> None:
    await server.send(*(created(f"A-{n}") for n in range(7)))

    seen, cursor = [], ""
    while cursor is not None:
        page = await server.get(f"/api/v1/orders?limit=3{cursor and '&cursor='}{cursor}")
        seen += [order["order_id"] for order in page["items"]]
        cursor = page["next"]

    assert seen == [f"A-{n}" for n in range(6, -1, -1)]


async def test_filters_come_from_the_query(server: WebServer) -> None:
    await server.send(
        created("A-1", store_id="s1", occurred_at="2026-11-24T10:00:00Z"),
        created("A-2", store_id="s2", occurred_at="2026-11-24T11:00:00Z"),
        {"event_type": "order_cancelled", "order_id": "A-2", "occurred_at": "2026-11-24T11:05:00Z"},
        {"event_type": "order_picked_up", "order_id": "A-3", "occurred_at": "2026-11-24T11:30:00Z"},
    )

    async def ids(query: str) -> list[str]:
        return [order["order_id"] for order in (await server.get(f"/api/v1/orders?{query}"))["items"]]

    assert await ids("status=cancelled") == ["A-2"]
    assert await ids("status=cancelled&status=created") == ["A-2", "A-1"]
    assert await ids("open=true") == ["A-3", "A-1"]
    assert await ids("store=s1") == ["A-1"]
    assert await ids("flag=missing_created") == ["A-3"]
    assert await ids("since=2026-11-24T10:30:00Z&until=2026-11-24T11:15:00Z") == ["A-2"]
    assert await ids("since=2026-11-24T19:30:00%2B09:00&source=default&q=A-") == ["A-2", "A-3"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "query.limit"),
        ("limit=501", "query.limit"),
        ("limit=many", "query.limit"),
        ("status=lost", "query.status.0"),
        ("since=yesterday", "query.since"),
        ("since=2026-11-24T10:00:00", "query.since"),
        ("q=%00", "query.q"),
        ("open=perhaps", "query.open"),
    ],
)
async def test_a_wrong_parameter_is_a_problem_that_names_it(server: WebServer, query: str, field: str) -> None:
    answer = await server.call("GET", f"/api/v1/orders?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_made_up_cursor_is_refused(server: WebServer) -> None:
    answer = await server.call("GET", "/api/v1/orders?cursor=made-up")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")


async def test_personal_data_are_masked_on_screens_and_plain_for_trusted_programs(server: WebServer) -> None:
    await server.send(
        created("A-1", customer=CUSTOMER, note="Kim's door code is 1234"),
        {"event_type": "courier_assigned", "order_id": "A-1", "courier": COURIER},
    )

    plain = await server.call("GET", path_of("A-1"), role=Role.OPERATOR)
    masked = await server.call("GET", path_of("A-1"), role=Role.VIEWER)
    listed = await server.call("GET", "/api/v1/orders", role=Role.VIEWER)

    assert plain.json()["customer"] == CUSTOMER
    assert masked.json()["masked"] is True
    assert masked.json()["customer"] == {"name": "K… M…", "phone": "…78", "address": "…", "lat": 37.57, "lon": 126.9}
    assert masked.json()["courier"] == {"id": "c-9", "name": "L…", "phone": "…47", "lat": 37.5, "lon": 127.0}
    assert listed.json()["items"][0]["customer"]["name"] == "K… M…"
    for secret in ("Minsu", "1234", "Sejong", "37.566535", "9999", "Lee"):
        assert secret not in masked.text
        assert secret not in listed.text


async def test_an_order_without_people_is_not_called_masked(server: WebServer) -> None:
    await server.send(created("A-1"), {"event_type": "courier_assigned", "order_id": "A-2", "courier": {"id": "c-9"}})

    listed = await server.get("/api/v1/orders", role=Role.VIEWER)

    assert [order.get("masked", False) for order in listed["items"]] == [False, False]


async def test_revealing_takes_an_operator_and_is_written_down(server: WebServer) -> None:
    await server.send(created("A-1", customer=CUSTOMER))

    refused = await server.call("POST", path_of("A-1") + "/reveal", role=Role.VIEWER)
    revealed = await server.call("POST", path_of("A-1") + "/reveal", role=Role.OPERATOR)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert revealed.json()["customer"] == CUSTOMER
    audit = (await server.get("/api/v1/audit"))["items"]
    assert [(e["by"], e["action"], e["subject"]) for e in audit if e["action"] == "orders.reveal"] == [
        ("operator", "orders.reveal", "orders/default/A-1")
    ]


async def test_nobody_sees_anything_without_signing_in(server: WebServer) -> None:
    for path in ("/api/v1/orders", "/api/v1/me", "/api/v1/stream", "/api/v1/insights/summary", "/api/v1/users"):
        answer = await server.call("GET", path, role=None)

        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "not_signed_in"


async def test_a_wrong_method_names_the_right_ones(server: WebServer) -> None:
    orders = await server.call("PUT", "/api/v1/orders")
    source = await server.call("PATCH", "/api/v1/sources/x")

    assert (orders.status_code, orders.headers.get_list("allow")) == (405, ["GET"])
    assert source.headers.get_list("allow") == ["DELETE, GET, PUT"]
    assert orders.json()["title"] == "Method not allowed"


async def test_answers_are_neither_cached_nor_framed_nor_sniffed(server: WebServer) -> None:
    answer = await server.call("GET", "/api/v1/orders")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
