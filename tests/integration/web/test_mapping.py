"""The mapping wizard over real HTTP: a proposal, a trial, and a whole way out of the quarantine."""

import json
from typing import Any

from orderwatch.domain.people import Role
from tests.web_server import WebServer

SAMPLE = {"주문번호": "B-1", "상태": "배달 끝", "결제금액": 27400, "주문일시": "2026-11-24T19:30:02"}


async def ask(server: WebServer, what: str, **body: Any) -> Any:
    answer = await server.call("POST", f"/api/v1/mapping/{what}", body, role=Role.OPERATOR)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_proposal_can_be_tried_at_once(server: WebServer) -> None:
    sample = json.dumps(SAMPLE, ensure_ascii=False)

    proposal = await ask(server, "proposal", sample=sample)
    preview = await ask(server, "preview", sample=sample, mapping=proposal["mapping"], time_zone="Asia/Seoul")

    assert proposal["missing"] == []
    assert [field["name"] for field in proposal["fields"]] == list(SAMPLE)
    assert preview["problem"] is None
    (event,) = preview["events"]
    assert (event["order_id"], event["type"], event["total"]) == ("B-1", "order.delivered", "27400")
    assert event["occurred_at"] == "2026-11-24T10:30:02Z"
    assert "received_at" not in event


async def test_what_cannot_be_read_is_told_in_words(server: WebServer) -> None:
    usual = {"event_type": "type", "order_id": "order_id", "event_id": None}

    missing = await ask(server, "preview", sample='{"type": "ready"}', mapping=usual)
    wrong = await ask(server, "preview", sample='{"type": "ready"}', mapping=usual | {"order_id": "]["})
    torn = await ask(server, "preview", sample="{", mapping=usual)
    refused = await server.call("POST", "/api/v1/mapping/proposal", {"sample": "{"}, role=Role.OPERATOR)

    assert "no order id" in missing["problem"]
    assert "][" in wrong["problem"]
    assert "not JSON" in torn["problem"]
    assert refused.status_code == 400
    assert "not JSON" in refused.json()["detail"]


async def test_a_viewer_may_not(server: WebServer) -> None:
    answer = await server.call("POST", "/api/v1/mapping/proposal", {"sample": "{}"}, role=Role.VIEWER)

    assert answer.status_code == 403


async def test_what_was_refused_for_its_shape_is_taken_once_the_mapping_is_mended(server: WebServer) -> None:
    await server.call("POST", "/api/v1/sources", {"name": "shop"})
    for number in range(3):
        refused = await server.client.post("/in/shop", json=SAMPLE | {"주문번호": f"B-{number}"})
        assert refused.status_code == 400
    held = (await server.get("/api/v1/quarantine?source=shop"))["items"]
    detail = await server.call("POST", f"/api/v1/quarantine/{held[0]['id']}/reveal")

    proposal = await ask(server, "proposal", sample=detail.json()["body"])
    shown = await server.get("/api/v1/sources/shop")
    await server.call("PUT", "/api/v1/sources/shop", shown | {"mapping": proposal["mapping"]})
    done = await server.call("POST", "/api/v1/quarantine/resubmit", {"source": "shop"})
    await server.work()

    assert (done.json()["accepted"], done.json()["refused"]) == (3, 0)
    orders = (await server.get("/api/v1/orders?source=shop"))["items"]
    assert {(order["order_id"], order["status"]) for order in orders} == {(f"B-{n}", "delivered") for n in range(3)}
