"""A sender that nobody knows, from one body in a file to its orders, by commands alone."""

import json
from pathlib import Path

from tests.running import RunningServer


def test_a_sample_makes_a_source_and_its_kin_are_taken_once_the_mapping_is_mended(tmp_path: Path) -> None:
    body = {"접수번호": "K-1", "진행상태": "배달완료", "변경일시": "2026-11-24T19:30:02+09:00"}
    sample = tmp_path / "body.json"
    sample.write_text(json.dumps(body, ensure_ascii=False))
    with RunningServer(tmp_path / "data") as server:
        server.environment |= {"ORDERWATCH_PORT": str(server.port)}
        server.run("source", "add", "shop", "--verify", "open")
        for number in (1, 2):
            sent = json.dumps(body | {"접수번호": f"K-{number}"})
            statuses = iter(lambda sent=sent: server.call("POST", "/in/shop", sent, token=False)[0], 400)
            assert {404}.issuperset(statuses)
        server.run("source", "remove", "shop", "--yes")
        server.run("source", "add", "shop", "--verify", "open", "--sample", str(sample))
        # The receiver reads what was registered within half a second; until then the old mapping refuses.
        sent = json.dumps(body | {"접수번호": "K-3"})
        assert {400, 404}.issuperset(iter(lambda: server.call("POST", "/in/shop", sent, token=False)[0], 200))

        counts = json.loads(server.run("source", "resubmit", "shop", "--json"))

        assert counts["accepted"] == 2
        orders = [server.wait_for_order(f"K-{number}", source="shop") for number in (1, 2, 3)]
        assert {order["status"] for order in orders} == {"delivered"}
        held = server.call("GET", "/api/v1/quarantine?source=shop&state=waiting")[1]["items"]
        assert {item["reason"] for item in held} <= {"The body has no event type at “event_type || type”."}
