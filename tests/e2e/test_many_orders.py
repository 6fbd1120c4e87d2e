"""5,000 open orders: what is drawn stays small, and scrolling reaches all of them."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

OPEN = 5000
CLIENTS = 16


def send(port, numbers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number in numbers:
        body = json.dumps({"event_type": "order_accepted", "order_id": f"M-{number:04}", "store_id": f"s{number % 40}"})
        connection.request("POST", "/webhook", body, {"Content-Type": "application/json"})
        assert connection.getresponse().read()
    connection.close()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_five_thousand_open_orders_are_all_there_and_few_are_drawn(fresh_server, watch):
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda start: send(fresh_server.port, range(start, OPEN, CLIENTS)), range(CLIENTS)))
    fresh_server.wait_for_order(f"M-{OPEN - 1:04}")
    page = watch(fresh_server).open()
    column = page.locator("section.col").nth(1)
    expect(column.locator(".count")).to_have_text("5,000", timeout=60_000)

    drawn = page.evaluate("document.querySelectorAll('*').length")
    page.get_by_role("button", name="more", exact=False).nth(0).focus()
    box = column.locator(".box")
    most = 0
    for _ in range(60):
        box.evaluate("(box) => box.scrollBy(0, 5000)")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        most = max(most, page.evaluate("document.querySelectorAll('a.card').length"))

    assert drawn < 2500
    assert most < 120
    page.goto(f"http://127.0.0.1:{fresh_server.port}/?view=table")
    table = page.get_by_role("table")
    expect(table).to_have_attribute("aria-rowcount", str(OPEN + 1))
    page.locator(".frame .box").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
    expect(page.locator(f'tr[aria-rowindex="{OPEN + 1}"]')).to_be_visible()
    assert page.locator("tbody tr").count() < 100
