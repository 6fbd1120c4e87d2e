"""Two nodes on one PostgreSQL database: both take webhooks, one works, and the other takes over when it dies."""

import pytest

from tests.running import RunningServer

pytestmark = pytest.mark.postgres


def test_both_nodes_take_webhooks_and_one_takes_over_from_the_other(tmp_path, postgres_url):
    environment = {"ORDERWATCH_DATABASE": postgres_url, "ORDERWATCH_SECRET_KEY": "the same on every node, 32 or more"}
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with (
        RunningServer(tmp_path / "one" / "data", environment=environment) as one,
        RunningServer(tmp_path / "two" / "data", environment=environment) as two,
    ):
        created = {"event_type": "order_created", "order_id": "A-1", "event_id": "e1"}
        first, again = one.webhook(**created), two.webhook(**created)
        two.webhook(event_type="order_accepted", order_id="A-1")
        assert two.wait_for_order("A-1", lambda order: order["status"] == "accepted")["duplicates"] == 1
        assert one.order("A-1")["status"] == "accepted"
        assert (first[1].get("duplicate"), again[1]["duplicate"]) == (None, True)

        one.kill()
        two.webhook(event_type="order_delivered", order_id="A-1")

        assert two.wait_for_order("A-1", lambda order: order["status"] == "delivered")
        _, told = two.call("GET", "/api/v1/notifications?channel=log")
        assert len(told["items"]) == 1
