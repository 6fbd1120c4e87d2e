"""Receipts and the quarantine: what came is there to be looked at, and what was refused can be submitted again."""

import hmac
import json
from pathlib import Path

import pytest

from orderwatch.domain.people import Role
from tests.web_server import WebServer

EVENT = {"event_type": "order_created", "order_id": "A-1", "event_id": "ev-1", "customer": {"name": "Kim"}}


async def add_source(server: WebServer, **source: object) -> None:
    answer = await server.call("POST", "/api/v1/sources", {"name": "shop", "provider": "generic", **source})
    assert answer.status_code == 201, answer.text


async def put_source(server: WebServer, **source: object) -> None:
    answer = await server.call("PUT", "/api/v1/sources/shop", {"name": "shop", "provider": "generic", **source})
    assert answer.status_code == 200, answer.text


async def test_receipts_are_listed_and_shown_as_they_came(server: WebServer) -> None:
    await server.send(EVENT, EVENT)

    listed = await server.get("/api/v1/receipts")
    first, second = await server.get("/api/v1/receipts/1"), await server.get("/api/v1/receipts/2")

    assert [(entry["position"], entry["kind"], entry["of"]) for entry in listed["items"]] == [
        (2, "duplicate", 1),
        (1, "event", None),
    ]
    assert (first["encoding"], json.loads(first["body"])) == ("utf-8", EVENT)
    assert first["headers"]["content-type"] == "application/json"
    assert (second["body"], second["size"]) == (None, 0)
    assert (await server.get("/api/v1/receipts?kind=duplicate"))["items"] == listed["items"][:1]


async def test_bodies_are_for_those_who_may_see_personal_data(server: WebServer) -> None:
    await server.send(EVENT)

    masked = await server.get("/api/v1/receipts/1", role=Role.VIEWER)
    refused = await server.call("POST", "/api/v1/receipts/1/reveal", role=Role.VIEWER)
    revealed = await server.call("POST", "/api/v1/receipts/1/reveal", role=Role.OPERATOR)

    assert (masked["body"], masked["masked"]) == (None, True)
    assert refused.status_code == 403
    assert json.loads(revealed.json()["body"]) == EVENT
    assert "receipts.reveal" in [entry["action"] for entry in (await server.get("/api/v1/audit"))["items"]]


async def test_bytes_that_are_no_text_are_shown_in_base64(server: WebServer) -> None:
    await server.client.post("/webhook", content=b"\xff\xfe\x00", headers={"content-type": "application/json"})

    (row,) = (await server.get("/api/v1/quarantine"))["items"]
    shown = await server.get(f"/api/v1/quarantine/{row['id']}")

    assert (shown["encoding"], shown["body"]) == ("base64", "//4A")


async def test_a_replay_is_a_receipt_of_its_own_and_reads_the_first_one_anew(server: WebServer) -> None:
    await server.send(EVENT, EVENT)

    refused = await server.call("POST", "/api/v1/receipts/2/replay", role=Role.VIEWER)
    answer = await server.call("POST", "/api/v1/receipts/2/replay", role=Role.OPERATOR)
    await server.work()

    assert refused.status_code == 403
    assert (answer.status_code, answer.json()) == (202, {"receipt": 3, "replay_of": 1})
    assert (await server.get("/api/v1/receipts"))["items"][0]["kind"] == "replay"
    order = await server.get("/api/v1/orders/default/A-1")
    assert (len(order["timeline"]), order["duplicates"]) == (1, 1)
    assert (await server.call("POST", "/api/v1/receipts/99/replay")).status_code == 404


async def test_a_receipt_that_could_not_be_understood_is_mended_by_mapping_and_replay(server: WebServer) -> None:
    statuses = {"NEW": "order.created"}
    await add_source(server, mapping={"event_type": "kind", "order_id": "nr", "statuses": statuses})
    await server.client.post("/in/shop", json={"kind": "NEW", "nr": "S-1", "sum": "9.90"})
    await server.client.post("/in/shop", json={"kind": "NEW", "nr": "S-2", "sum": "8.80"})
    await put_source(server, mapping={"event_type": "kind", "order_id": "nr", "events": "lines", "statuses": statuses})
    await server.work()
    waiting = (await server.get("/api/v1/quarantine?kind=unreadable"))["items"]
    mapping = {"event_type": "kind", "order_id": "nr", "fields": {"total": "sum"}, "statuses": statuses}
    await put_source(server, mapping=mapping)

    one = await server.call("POST", f"/api/v1/quarantine/{waiting[0]['id']}/resubmit")
    rest = await server.call("POST", "/api/v1/quarantine/resubmit", {"source": "shop"})
    await server.work()

    assert [(row["id"], row["kind"], row["status"]) for row in waiting] == [
        ("r-2", "unreadable", None),
        ("r-1", "unreadable", None),
    ]
    assert (one.json()["outcome"], one.json()["receipt"]) == ("accepted", 3)
    assert rest.json()["accepted"] >= 1
    assert (await server.get("/api/v1/quarantine"))["items"] == []
    totals = [(o["order_id"], o["total"]) for o in (await server.get("/api/v1/orders?source=shop"))["items"]]
    assert totals == [("S-2", "8.80"), ("S-1", "9.90")]


async def test_refused_requests_wait_with_their_reason(server: WebServer) -> None:
    await server.client.post("/webhook", content=b"{", headers={"content-type": "application/json"})
    await server.client.post("/webhook", content=b"a=1", headers={"content-type": "application/x-www-form-urlencoded"})

    page = await server.get("/api/v1/quarantine")

    assert [(row["code"], row["status"], row["size"]) for row in page["items"]] == [
        ("unsupported_media", 415, 3),
        ("unreadable", 400, 1),
    ]
    assert all(row["reason"] and row["resubmitted_at"] is None for row in page["items"])
    assert page["dropped"] == {}
    assert (await server.get("/api/v1/quarantine?code=unreadable"))["items"] == page["items"][1:]


async def test_what_is_still_wrong_is_refused_again_and_stays(server: WebServer) -> None:
    await server.client.post("/webhook", content=b"{", headers={"content-type": "application/json"})

    answer = await server.call("POST", "/api/v1/quarantine/q-1/resubmit", {"trust": True})

    assert answer.json()["outcome"] == "refused"
    assert answer.json()["code"] == "unreadable"
    assert answer.json()["reason"]
    assert (await server.get("/api/v1/quarantine?state=waiting"))["items"][0]["id"] == "q-1"


async def test_an_operator_may_trust_what_was_badly_signed_and_it_is_taken_once(server: WebServer) -> None:
    await add_source(server, verification="token", secrets=["the right one"], token={"header": "x-token"})
    body = {"event_type": "order_created", "order_id": "T-1"}
    refused = await server.client.post("/in/shop", json=body, headers={"x-token": "wrong"})

    untrusted = await server.call("POST", "/api/v1/quarantine/q-1/resubmit", role=Role.OPERATOR)
    not_his = await server.call("POST", "/api/v1/quarantine/q-1/resubmit", {"trust": True}, role=Role.VIEWER)
    trusted = await server.call("POST", "/api/v1/quarantine/q-1/resubmit", {"trust": True}, role=Role.OPERATOR)
    again = await server.call("POST", "/api/v1/quarantine/q-1/resubmit", {"trust": True}, role=Role.OPERATOR)
    await server.work()

    assert (refused.status_code, not_his.status_code) == (401, 403)
    assert (untrusted.json()["outcome"], untrusted.json()["code"]) == ("refused", "wrong_signature")
    assert (trusted.json()["outcome"], trusted.json()["receipt"]) == ("accepted", 1)
    assert again.status_code == 409
    assert (await server.get("/api/v1/orders/shop/T-1"))["status"] == "created"
    row = (await server.get("/api/v1/quarantine?state=resubmitted"))["items"][0]
    assert (row["id"], row["resubmitted_as"]) == ("q-1", 1)


async def test_what_was_refused_for_a_secret_that_was_wrong_here_passes_once_that_is_mended(
    server: WebServer, tmp_path: Path
) -> None:
    token = "what-the-platform-sends-all-along"
    way = {"verification": "token", "token": {"header": "x-token"}}
    await add_source(server, **way, secrets=["a-typing-error"])
    await server.client.post("/in/shop", json=EVENT, headers={"x-token": token, "cookie": "session=of-somebody"})
    early = await server.call("POST", "/api/v1/quarantine/q-1/resubmit", role=Role.OPERATOR)
    shown = await server.call("POST", "/api/v1/quarantine/q-1/reveal")
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("journal.sqlite*"))

    await put_source(server, **way, secrets=[token])
    mended = await server.call("POST", "/api/v1/quarantine/q-1/resubmit", role=Role.OPERATOR)

    assert early.json()["code"] == "wrong_signature"
    assert mended.json()["outcome"] == "accepted"
    assert shown.json()["headers"]["x-token"] == "what…ng"
    assert b"what-the-platform-sends" not in shown.content + stored
    assert b"of-somebody" not in shown.content + stored


async def test_once_the_secret_is_mended_what_was_signed_with_it_passes_and_the_rest_stays(server: WebServer) -> None:
    way = {"verification": "hmac", "hmac": {"header": "x-shop-signature"}}
    await add_source(server, **way, secrets=["a-typing-error"])
    body = json.dumps(EVENT).encode()
    digest = hmac.digest(b"the-right-one", body, "sha256").hex()
    for signature in (digest, "00" * 32):
        headers = {"content-type": "application/json", "x-shop-signature": signature}
        await server.client.post("/in/shop", content=body, headers=headers)

    await put_source(server, **way, secrets=["the-right-one"])
    mended = await server.call("POST", "/api/v1/quarantine/resubmit", {"source": "shop"})

    assert mended.json() == {"accepted": 1, "duplicate": 0, "refused": 1, "more": False, "next": None}


async def test_all_that_match_are_submitted_again_together(server: WebServer) -> None:
    await add_source(server, verification="token", secrets=["the right one"], token={"header": "x-token"})
    for number in range(3):
        await server.client.post("/in/shop", json={"event_type": "order_created", "order_id": f"T-{number}"})
    await server.client.post("/webhook", content=b"{", headers={"content-type": "application/json"})

    shop = await server.call("POST", "/api/v1/quarantine/resubmit", {"source": "shop", "trust": True})
    rest = await server.call("POST", "/api/v1/quarantine/resubmit")
    await server.work()

    assert shop.json() == {"accepted": 3, "duplicate": 0, "refused": 0, "more": False, "next": None}
    assert rest.json() == {"accepted": 0, "duplicate": 0, "refused": 1, "more": False, "next": None}
    orders = (await server.get("/api/v1/orders?source=shop"))["items"]
    assert {order["order_id"] for order in orders} == {"T-0", "T-1", "T-2"}


@pytest.mark.parametrize("path", ["quarantine/q-9", "quarantine/r-9", "quarantine/x", "receipts/9"])
async def test_what_is_not_there_is_not_found(server: WebServer, path: str) -> None:
    assert (await server.call("GET", f"/api/v1/{path}")).status_code == 404


async def test_an_empty_batch_that_is_trusted_later_is_taken_and_becomes_no_receipt(server: WebServer) -> None:
    await server.call("POST", "/api/v1/sources", {"name": "shop", "verification": "hmac", "secrets": ["secret"]})
    batch = {"content-type": "application/cloudevents-batch+json"}
    refused = await server.client.post("/in/shop", content=b"[]", headers=batch)
    assert refused.status_code == 401

    answer = await server.call("POST", "/api/v1/quarantine/q-1/resubmit", {"trust": True})

    assert (answer.json()["outcome"], answer.json()["receipt"]) == ("accepted", None)
    assert [row["id"] for row in (await server.get("/api/v1/quarantine?state=resubmitted"))["items"]] == ["q-1"]
