"""The README's examples do what it says."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderwatch.settings_file import load_settings
from tests.running import RunningServer
from tests.unit.test_documents import ENGLISH, blocks, commands


def told(server: RunningServer, wanted: int) -> list[dict[str, Any]]:
    """Return the notifications once there are as many as wanted; the stream tells when to look again."""
    with server.stream() as events:
        for _ in events:
            answer: Any = server.call("GET", "/api/v1/notifications")[1]
            if len(answer["items"]) >= wanted:
                return answer["items"]
    raise AssertionError("the stream ended")


@pytest.fixture
def call(tmp_path: Path) -> Callable[..., str]:
    """Give what runs the README's calls of one verb on a server."""

    def run(server: RunningServer, *verb: str) -> str:
        found = [words for words in commands(ENGLISH) if words[: len(verb)] == list(verb)]
        assert found
        return "".join(server.run(*words) for words in found)

    return run


def test_the_first_webhook_is_taken_as_it_stands_there(tmp_path: Path) -> None:
    curl = next(block for block in blocks(ENGLISH, "sh") if block.startswith("curl") and "/webhook" in block)
    words = shlex.split(curl.replace("\\\n", " "))
    answer = json.loads(blocks(ENGLISH, "json")[0])

    with RunningServer(tmp_path / "data") as server:
        got = server.call("POST", "/webhook", words[words.index("-d") + 1], token=False)

        assert got == (200, answer)
        assert server.wait_for_order("A-1")["total"] == "23000"
        assert re.search(r"http://127\.0\.0\.1:8000(/\S*)", words[2])[1] == "/webhook"  # pyright: ignore[reportOptionalSubscript]


def test_the_handlers_are_run_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(blocks(ENGLISH, "python")[0])

    with RunningServer(tmp_path / "data", "--handlers", "shop:handlers", cwd=tmp_path) as server:
        assert server.call("DELETE", "/api/v1/routes/new-orders")[0] == 204
        server.webhook(event_type="order_created", order_id="A-1", total="23000", currency="KRW")
        server.webhook(event_type="order_modified", order_id="A-1", total="100000", currency="KRW")
        server.webhook(event_type="order_modified", order_id="A-1", total="100001", currency="KRW")
        server.webhook(event_type="order_cancelled", order_id="A-1", reason="가게 사정")

        said = {notification["text"]: notification for notification in told(server, 3)}

    assert {text.partition(";")[0] for text in said} == {
        "New order A-1: 23000 KRW",
        "Order A-1 grew to 100001",
        "Order A-1 is off: 가게 사정",
    }
    assert {note["title"] for text, note in said.items() if "grew" in text} == {"A large order"}
    assert said["Order A-1 is off: 가게 사정"]["channel"] == "log"


def test_senders_are_registered_and_understood(tmp_path: Path, call: Callable[..., str]) -> None:
    body = re.search(r'takes bodies like `(\{"event".*\})`', ENGLISH.read_text(encoding="utf-8"))
    assert body is not None

    with RunningServer(tmp_path / "data") as server:
        secrets = call(server, "source", "add").splitlines()
        token = next(secret for secret in secrets if not secret.startswith("whsec_"))
        status, _ = server.call(
            "POST", "/in/own-shop", body[1], headers={"Authorization": f"Bearer {token}"}, token=False
        )

        assert status == 200
        order = server.wait_for_order("17", source="own-shop")
        assert (order["status"], order["store_id"]) == ("delivered", "s1")
        assert server.run("source", "secret", "default").startswith("whsec_")


def test_a_channel_and_a_route_are_added(tmp_path: Path, call: Callable[..., str]) -> None:
    with RunningServer(tmp_path / "data") as server:
        call(server, "channel", "add")
        call(server, "route", "add")

        answer: Any = server.call("GET", "/api/v1/routes/trouble")[1]
        assert answer["event_types"] == ["order.cancelled", "order.failed"]
        assert answer["channels"] == ["team"]


def test_the_settings_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orderwatch.toml").write_text(blocks(ENGLISH, "toml")[0])

    settings = load_settings()

    assert (settings.host, settings.handlers) == ("0.0.0.0", "shop:handlers")  # noqa: S104


def test_the_health_is_asked_for_where_it_is(tmp_path: Path) -> None:
    paths = re.findall(r"http://127\.0\.0\.1:8000(/readyz|/metrics)", ENGLISH.read_text(encoding="utf-8"))

    with RunningServer(tmp_path / "data") as server:
        assert [server.call("GET", path, token=False)[0] for path in paths] == [200]
