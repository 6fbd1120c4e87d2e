"""A platform is connected, and a route made, by hand."""

import json
import re

from playwright.sync_api import expect
from standardwebhooks import Webhook

from orderwatch.kit.clock import SystemClock


def test_a_source_made_in_the_form_takes_what_is_signed_with_its_secret(shared_server, watch):
    page = watch(shared_server).open("/sources")
    page.get_by_role("link", name="Add source").click()
    page.get_by_role("textbox", name=re.compile("^Name")).fill("bowl-shop")
    page.get_by_role("button", name="Make one").click()
    secret = page.get_by_label("Secret 1").input_value()
    page.get_by_role("button", name="Create the source").click()
    expect(page.get_by_text("Waiting for the first event…")).to_be_visible()
    expect(page.locator("code").filter(has_text="/in/bowl-shop")).to_be_visible()

    body = json.dumps({"event_type": "order_created", "order_id": "bowl-1"})
    now = SystemClock().now()
    signature = Webhook(secret).sign("msg-1", now, body)
    headers = {
        "webhook-id": "msg-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    statuses = iter(lambda: shared_server.call("POST", "/in/bowl-shop", body, headers=headers, token=False)[0], 200)
    # Until the receiver has read the new source it knows none of that name.
    assert {404, 200}.issuperset(statuses)

    expect(page.get_by_text("The first event came.")).to_be_visible()
    expect(page.get_by_label("Secret 1")).to_have_value(f"•••• {secret[-4:]}")


def test_a_deleted_source_can_be_taken_back(shared_server, watch):
    source = {"name": "gone-shop", "verification": "token", "secrets": ["a-secret-of-some-length"]}
    assert shared_server.call("POST", "/api/v1/sources", source)[0] == 201
    page = watch(shared_server).open("/sources/edit/gone-shop")
    page.locator("form").get_by_role("button", name="Delete").last.click()
    expect(page).to_have_url(re.compile("/sources$"))
    expect(page.locator("tbody").get_by_text("gone-shop", exact=True)).to_have_count(0)

    page.get_by_role("button", name="Take back").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Source gone-shop")


def test_a_route_made_in_the_form_reads_as_a_sentence_and_tells(shared_server, watch):
    page = watch(shared_server).open("/notifications")
    page.get_by_role("button", name="Add route").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("cancelled-orders")
    dialog.get_by_label("an order is placed").uncheck()
    dialog.get_by_label("an order is cancelled").check()
    dialog.get_by_label("log", exact=True).check()
    dialog.get_by_role("button", name="Save").click()

    sentence = page.locator("li").filter(has_text="cancelled-orders")
    expect(sentence).to_contain_text("When an order is cancelled from any source at any store → tell log")
    shared_server.webhook(event_type="order_created", order_id="route-1")
    shared_server.webhook(event_type="order_cancelled", order_id="route-1")

    row = page.locator("tbody tr").filter(has_text="route-1").filter(has_text="log")
    expect(row.first).to_contain_text("sent")
    row.first.get_by_role("button").first.click()
    expect(page.get_by_role("button", name="Send again").first).to_be_visible()
