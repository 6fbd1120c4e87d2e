"""What was refused, and what becomes of it once its cause is mended."""

import re

from playwright.sync_api import expect


def test_a_refused_webhook_becomes_an_order_once_its_cause_is_mended(fresh_server, watch):
    source = {"name": "shop", "verification": "open", "mapping": {"event_type": "kind", "order_id": "wrong_place"}}
    assert fresh_server.call("POST", "/api/v1/sources", source)[0] == 201
    body = {"kind": "order_created", "number": "Q-1"}
    assert fresh_server.call("POST", "/in/shop", body, token=False)[0] == 400
    page = watch(fresh_server).open("/quarantine")
    page.get_by_role("button", name="Re-submit", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Refused again")).to_be_visible()

    source["mapping"]["order_id"] = "number"
    assert fresh_server.call("PUT", "/api/v1/sources/shop", source)[0] == 200
    # The receiver reads what was changed a moment later.
    while fresh_server.call("POST", "/in/shop", body | {"number": "Q-0"}, token=False)[0] != 200:
        pass
    page.get_by_role("button", name="Re-submit", exact=True).click()

    expect(page.get_by_role("status").filter(has_text="Accepted as receipt")).to_be_visible()
    page.goto(f"http://127.0.0.1:{fresh_server.port}/orders/shop/Q-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Q-1")


def test_all_that_wait_are_submitted_at_once_and_counted(fresh_server, watch):
    for number in range(3):
        fresh_server.call("POST", "/webhook", f"not json {number}", token=False)
    page = watch(fresh_server).open("/quarantine")
    expect(page.locator("tbody tr")).to_have_count(3)

    page.get_by_role("button", name="Re-submit all waiting").click()

    expect(page.get_by_role("status").filter(has_text=re.compile("3 refused again"))).to_be_visible()
