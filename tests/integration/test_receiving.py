"""Receiving over real HTTP: what is taken, what is refused and with which words, and that the server lives on."""

import gzip
import hashlib
import hmac
import http.client
import json
import socket
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest
from standardwebhooks.webhooks import Webhook

from orderwatch.kit.clock import SystemClock
from tests.running import RunningServer

CREATED = {"event_type": "order_created", "order_id": "A-1"}
KEY = "whsec_" + b64encode(b"0123456789abcdef0123456789abcdef").decode()
LIMIT = 20_000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    environment = {"ORDERWATCH_REQUEST_SECONDS": "0.5", "ORDERWATCH_MAX_BODY_BYTES": str(LIMIT)}
    with RunningServer(tmp_path_factory.mktemp("receiving") / "data", environment=environment) as running:
        for source in (
            {"name": "shop", "provider": "orderwatch", "verification": "hmac", "secrets": ["old", "new"]},
            {"name": "std", "provider": "standard_webhooks", "verification": "standard_webhooks", "secrets": [KEY]},
            {"name": "quiet", "provider": "orderwatch", "success_status": 204},
            {"name": "zipped", "provider": "orderwatch", "allow_compressed": True},
            {
                "name": "kitchen",
                "provider": "generic",
                "mapping": {
                    "event_type": "상태",
                    "order_id": '"주문"."번호"',
                    "event_id": None,
                    "fields": {"total": '"금액"'},
                    "statuses": {"접수": "order.created", "완료": "order.delivered"},
                    "events": None,
                },
            },
        ):
            if source["name"] == "kitchen":
                source["mapping"]["event_type"] = '"상태"'
            status, answer = running.call("POST", "/api/v1/sources", source)
            assert status == 201, answer
        yield running


def send(server, path, body, method="POST", **headers: Any) -> tuple[int, Any, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
    connection.request(method, path, body=raw, headers=sent)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content) if content else None, dict(answer.getheaders())


def is_problem(answer, status, code):
    got, problem, headers = answer
    assert (got, headers["content-type"]) == (status, "application/problem+json")
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["detail"]
    return problem


def raw(server, *pieces):
    """Send bytes as they are, and return all that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        while data := connection.recv(65536):
            answer += data
        return answer


def test_the_tutorial_s_own_request_gets_the_tutorial_s_own_answer(server):
    status, answer, _ = send(server, "/webhook", CREATED)

    assert status == 200
    assert answer["status"] == "success"
    assert set(answer) <= {"status", "receipt", "duplicate"}


def test_the_same_again_is_said_to_be_a_duplicate(server):
    event = CREATED | {"event_id": "dup-1"}
    assert "duplicate" not in send(server, "/webhook", event)[1]

    assert send(server, "/webhook", event)[1]["duplicate"] is True


@pytest.mark.parametrize("order_id", ["알림-1/ü ?#", "a/b/c", "🍔", "%2F", "..", 'q"uote', "tab\tid", "x" * 200])
def test_any_order_id_is_kept_and_found_again(server, order_id):
    assert send(server, "/webhook", {"event_type": "order_created", "order_id": order_id})[0] == 200

    order = server.wait_for_order(order_id)

    assert order["order_id"] == order_id
    assert quote(order_id)


def test_each_source_answers_with_its_own_success_status(server):
    status, answer, headers = send(server, "/in/quiet", CREATED)

    assert (status, answer) == (204, None)
    assert "content-length" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_source_takes_posts_and_puts_on_any_path_below_its_own(server, method):
    assert send(server, "/in/quiet/orders/7?x=1", CREATED | {"event_id": method}, method)[0] == 204


def test_either_of_two_secrets_signs(server):
    for secret in ("old", "new"):
        body = json.dumps(CREATED | {"event_id": secret}).encode()
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        assert send(server, "/in/shop", body, X_Signature=digest)[0] == 200


@pytest.mark.parametrize(
    "headers", [{}, {"X_Signature": "00" * 32}, {"X_Signature": "x" * 5000}, {"X_Signature": "\xe9"}]
)
def test_a_wrong_signature_is_refused_and_kept_in_quarantine_without_its_secrets(server, headers):
    problem = is_problem(send(server, "/in/shop", CREATED, **headers), 401, "wrong_signature")

    status, page = server.call("GET", "/api/v1/quarantine?source=shop&limit=1")
    assert status == 200
    (row,) = page["items"]
    assert row["reason"] == problem["detail"]
    _, detail = server.call("GET", f"/api/v1/quarantine/{row['id']}")
    assert "00" * 32 not in json.dumps(detail)


def test_standard_webhooks_are_verified_and_known_by_their_id(server):
    at = SystemClock().now()
    body = json.dumps({"type": "order.created", "timestamp": at.isoformat(), "data": {"order_id": "SW-1"}})
    headers = {
        "webhook_id": "msg_1",
        "webhook_timestamp": str(int(at.timestamp())),
        "webhook_signature": Webhook(KEY).sign("msg_1", at, body),
    }

    assert send(server, "/in/std", body.encode(), **headers)[0] == 200
    assert send(server, "/in/std", body.encode(), **headers)[1]["duplicate"] is True
    is_problem(send(server, "/in/std", body.encode() + b" ", **headers), 401, "wrong_signature")


def test_a_generic_source_reads_korean_fields_and_words(server):
    assert send(server, "/in/kitchen", {"상태": "접수", "주문": {"번호": 17}, "금액": "9,900"})[0] == 200
    status, page = server.call("GET", "/api/v1/sources/kitchen")
    assert (status, page["name"]) == (200, "kitchen")

    with server.stream() as events:
        order = next(found for _ in events if (found := server.order("17", "kitchen")))

    assert order["status"] == "created"


def test_cloudevents_are_taken_in_all_three_modes(server):
    event = {"specversion": "1.0", "id": "1", "source": "/t", "type": "order.created", "data": {"order_id": "CE-1"}}
    binary = {"ce_specversion": "1.0", "ce_id": "2", "ce_source": "/t", "ce_type": "order.ready", "ce_subject": "CE-1"}

    assert send(server, "/webhook", event, Content_Type="application/cloudevents+json")[0] == 200
    assert send(server, "/webhook", {}, **binary)[0] == 200
    batch = [event | {"id": str(n)} for n in range(3, 6)]
    assert send(server, "/webhook", batch, Content_Type="application/cloudevents-batch+json")[0] == 200

    order = server.wait_for_order("CE-1", lambda order: len(order["timeline"]) == 5)
    assert order["status"] == "ready"


def test_an_empty_batch_of_cloudevents_is_taken(server):
    answer = send(server, "/webhook", [], Content_Type="application/cloudevents-batch+json")

    assert answer[:2] == (200, {"status": "success"})


def test_a_cloudevents_sender_that_asks_is_given_consent(server):
    status, _, headers = send(server, "/in/quiet", b"", "OPTIONS", WebHook_Request_Origin="events.example.com")

    assert status == 200
    assert headers["webhook-allowed-origin"] == "events.example.com"
    assert headers["webhook-allowed-rate"] == "*"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"event_type": "order_created", ', 400, "unreadable"),
        (b"[1, 2]", 400, "unreadable"),
        (b"\xff\xfe\x00", 400, "unreadable"),
        (b"", 400, "unreadable"),
        ({"event_type": "order_created"}, 400, "unreadable"),
        ({"order_id": "x"}, 400, "unreadable"),
        (b"[" * 15_000, 400, "unreadable"),
        (b'{"event_type":"order_created","order_id":"x","order_id":"y"}', 400, "unreadable"),
        (b'{"event_type":"order_created","order_id":"x","total":NaN}', 400, "unreadable"),
        (b"x" * (LIMIT + 1), 413, "too_large"),
    ],
)
def test_each_bad_body_gets_its_own_problem(server, body, status, code):
    is_problem(send(server, "/webhook", body), status, code)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"])
def test_what_is_not_json_is_unsupported(server, content_type):
    is_problem(send(server, "/webhook", CREATED, Content_Type=content_type), 415, "unsupported_media")


def test_an_unknown_source_is_not_found_and_tells_how_to_add_one(server):
    assert "orderwatch source add" in is_problem(send(server, "/in/nobody", CREATED), 404, "no_source")["detail"]


@pytest.mark.parametrize(("path", "method"), [("/webhook", "DELETE"), ("/webhook", "GET"), ("/in/quiet", "PATCH")])
def test_another_method_is_not_allowed_and_told_which_are(server, path, method):
    answer = send(server, path, CREATED, method)

    is_problem(answer, 405, "method_not_allowed")
    assert "POST" in answer[2]["allow"]


def test_what_a_page_of_another_site_makes_a_browser_send_is_refused(server):
    answer = send(server, "/webhook", CREATED, Origin="https://evil.example", Sec_Fetch_Site="cross-site")

    is_problem(answer, 401, "wrong_signature")


@pytest.mark.parametrize(
    ("body", "headers", "is_kept"),
    [
        (b"{", {}, True),
        (b"q=1", {"Content_Type": "application/x-www-form-urlencoded"}, True),
        (b"{}", {"Content_Encoding": "gzip"}, True),
        (b"{}", {"Sec_Fetch_Site": "cross-site"}, True),
        (b"x" * (LIMIT + 1), {}, False),
    ],
)
def test_what_is_refused_for_what_it_is_stands_in_quarantine_whole(server, body, headers, is_kept):
    def newest():
        return server.call("GET", "/api/v1/quarantine?source=default&limit=1")[1]["items"][:1]

    before = newest()
    status, problem, _ = send(server, "/webhook", body, **headers)
    after = newest()

    assert status >= 400
    assert (after != before) is is_kept
    if is_kept:
        assert (after[0]["reason"], after[0]["status"]) == (problem["detail"], status)
        assert after[0]["size"] == len(body)


def test_a_body_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(server):
    event = CREATED | {"event_id": "limit", "note": ""}
    event["note"] = "x" * (LIMIT - len(json.dumps(event)))

    assert send(server, "/webhook", event)[0] == 200

    event["note"] += "x"
    is_problem(send(server, "/webhook", event), 413, "too_large")


def test_a_body_without_a_length_is_counted_as_it_comes(server):
    head = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"2000\r\n" + b"x" * 8192 + b"\r\n"

    answer = raw(server, head, chunk, chunk, chunk)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()


def test_compressed_bodies_are_refused_unless_the_source_lets_them_in(server):
    packed = gzip.compress(json.dumps(CREATED | {"event_id": "zip"}).encode())

    is_problem(send(server, "/webhook", packed, Content_Encoding="gzip"), 415, "unsupported_media")
    assert send(server, "/in/zipped", packed, Content_Encoding="gzip")[0] == 200
    is_problem(send(server, "/in/zipped", packed[:-6], Content_Encoding="gzip"), 400, "unreadable")
    is_problem(send(server, "/in/zipped", packed, Content_Encoding="br"), 415, "unsupported_media")


def test_a_gzip_bomb_is_bounded_by_what_it_expands_to(server):
    bomb = gzip.compress(b"0" * 10_000_000)
    assert len(bomb) < LIMIT

    is_problem(send(server, "/in/zipped", bomb, Content_Encoding="gzip"), 413, "too_large")


def test_headers_that_do_not_come_to_an_end_in_time_are_refused(server):
    answer = raw(server, b"POST /webhook HTTP/1.1\r\nHost: x\r\n")

    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_connection_that_says_nothing_is_closed(server):
    assert raw(server).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_does_not_come_to_an_end_in_time_is_refused(server):
    head = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"

    answer = raw(server, head + b'{"event_')

    assert answer.startswith(b"HTTP/1.1 408 ")


def test_headers_without_end_are_refused(server):
    answer = raw(server, b"POST /webhook HTTP/1.1\r\nHost: x\r\n", *[b"X-Pad: " + b"y" * 8000 + b"\r\n"] * 12)

    assert answer.startswith(b"HTTP/1.1 431 ")


CHUNKED = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("trailers", [[b"X-Pad: " + b"y" * 8000 + b"\r\n"] * 90, [b"X-Pad: ", *[b"y" * 8000] * 90]])
def test_trailers_without_end_are_refused(server, trailers):
    answer = raw(server, CHUNKED, b"2\r\n{}\r\n0\r\n", *trailers)

    assert answer.startswith(b"HTTP/1.1 431 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_body_in_many_small_chunks_and_its_trailers_are_taken(server):
    chunks = b"".join(b"1;some=extension\r\n%c\r\n" % byte for byte in b" " * 9000 + json.dumps(CREATED).encode())

    answer = raw(server, CHUNKED.replace(b"Host", b"Connection: close\r\nHost"), chunks, b"0\r\nx-sum: 1\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_head_is_answered_without_closing_the_connection(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    for _ in range(2):
        connection.request("HEAD", "/healthz")
        answer = connection.getresponse()
        assert (answer.status, answer.read(), answer.will_close) == (200, b"", False)
    connection.close()


def test_a_sender_that_goes_away_harms_nobody(server):
    head = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head)

    assert send(server, "/webhook", CREATED | {"event_id": "after"})[0] == 200


def test_everything_is_counted_where_prometheus_asks(server):
    send(server, "/webhook", b"{")

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()

    for outcome in ("stored", "duplicate", "unreadable"):
        assert f'orderwatch_receipts_total{{outcome="{outcome}",source="default"}}' in text
    assert "orderwatch_acknowledge_seconds_bucket" in text
    assert "orderwatch_journal_commit_seconds_count" in text


def test_nothing_of_all_this_was_an_error_of_ours(server):
    log = server.log_text()

    assert "Traceback" not in log
    assert '"level": "error"' not in log
