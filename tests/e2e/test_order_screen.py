"""One order, with what the platform sent, and what is hidden until it is asked for."""

from playwright.sync_api import expect


def send_order(server, order_id):
    server.webhook(
        event_type="order_created",
        order_id=order_id,
        store_id="Green Bowl",
        items=[{"name": "Bibim bowl", "quantity": 2, "price": "11.20"}],
        total="22.40",
        currency="GBP",
        customer={"name": "Kim Park", "phone": "+44 20 7946 0012", "lat": 51.53, "lon": -0.08},
    )
    server.webhook(event_type="order_accepted", order_id=order_id)
    server.webhook(event_type="order_picked_up", order_id=order_id)
    for step in range(3):
        place = {"id": "c9", "name": "Lee", "lat": 51.52 + step / 500, "lon": -0.09}
        server.webhook(event_type="courier.location", order_id=order_id, courier=place, event_id=f"{order_id}-{step}")


def test_an_order_tells_its_way_its_facts_and_what_is_wrong(shared_server, watch):
    send_order(shared_server, "A/1 주문?")
    page = watch(shared_server).open("/orders/default/A%2F1%20%EC%A3%BC%EB%AC%B8%3F")

    expect(page.get_by_role("heading", level=1)).to_have_text("A/1 주문?")
    expect(page.get_by_text("2 × Bibim bowl").first).to_be_visible()
    expect(page.get_by_text("£22.40").first).to_be_visible()
    expect(page.get_by_role("img", name="Map:", exact=False)).to_be_visible()
    expect(page.get_by_role("region", name="Milestones")).to_contain_text("Picked up")


def test_personal_data_is_masked_until_it_is_revealed(shared_server, watch):
    send_order(shared_server, "masked-1")
    page = watch(shared_server).open("/orders/default/masked-1")
    expect(page.get_by_text("(logged)").first).to_be_visible()
    assert "Kim Park" not in page.content()

    page.get_by_role("button", name="Reveal").first.click()

    expect(page.get_by_text("Kim Park")).to_be_visible()
    audit = shared_server.call("GET", "/api/v1/audit")[1]["items"]
    assert any("masked-1" in entry["subject"] for entry in audit)


def test_the_raw_receipt_is_shown_byte_for_byte_on_demand(shared_server, watch):
    body = '{"event_type": "order_created", "order_id": "raw-1", "big": 12345678901234567890, "f": 1.0}'
    shared_server.call("POST", "/webhook", body, token=False)
    page = watch(shared_server).open("/orders/default/raw-1")
    page.get_by_text("Raw receipt", exact=True).last.click()

    page.get_by_role("button", name="Show it (logged)").click()

    expect(page.locator("pre")).to_contain_text("12345678901234567890")
    expect(page.locator("pre")).to_contain_text("1.0")


def test_an_order_that_changes_is_shown_as_it_is_now(shared_server, watch):
    shared_server.webhook(event_type="order_created", order_id="change-1")
    page = watch(shared_server).open("/orders/default/change-1")
    expect(page.locator(".head .tag")).to_have_text("Unaccepted")

    shared_server.webhook(event_type="order_cancelled", order_id="change-1", reason="store closed")

    expect(page.locator(".head .tag")).to_have_text("Cancelled")
    expect(page.get_by_text("store closed").first).to_be_visible()


def test_an_order_that_does_not_exist_is_said_so(shared_server, watch):
    page = watch(shared_server).open("/orders/default/nobody")

    expect(page.get_by_text("No such order.", exact=False)).to_be_visible()


def test_the_neighbours_of_an_order_are_one_key_away(shared_server, watch):
    for order_id in ("next-1", "next-2"):
        shared_server.webhook(event_type="order_created", order_id=order_id)
    shared_server.wait_for_order("next-2")
    page = watch(shared_server).open("/orders/default/next-1")
    expect(page.locator("footer").get_by_text("Live")).to_be_visible()

    page.keyboard.press("]")
    expect(page.get_by_role("heading", level=1)).to_have_text("next-2")
    page.keyboard.press("[")

    expect(page.get_by_role("heading", level=1)).to_have_text("next-1")
