"""axe over every screen in both themes, and the rules of the house about the page as a whole."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = Path(__file__).resolve().parents[2] / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}
SCREENS = [
    "/",
    "/?view=table",
    "/?view=stores",
    "/orders",
    "/orders/default/axe-1",
    "/orders/default/nobody",
    "/receipts",
    "/receipts/1",
    "/quarantine",
    "/quarantine/q-1",
    "/notifications",
    "/handlers",
    "/sources",
    "/sources/new",
    "/sources/edit/default",
    "/settings",
    "/nowhere",
]


def faults(page):
    """Run axe in the page. Its script is evaluated by the debugger, which the page's policy does not bind."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (violation["id"], node["html"][:160], node["failureSummary"][:300])
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


def fill(server):
    server.webhook(event_type="order_created", order_id="axe-1", store_id="Axe", total="9.00", currency="GBP")
    server.webhook(event_type="order_accepted", order_id="axe-2", occurred_at="2026-11-24T10:00:00Z")
    server.webhook(event_type="order_delivered", order_id="axe-3")
    server.call("POST", "/webhook", "not json", token=False)
    server.wait_for_order("axe-3")


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ko", "dark")])
def test_no_screen_has_a_serious_fault(shared_server, watch, language, theme):
    fill(shared_server)
    watcher = watch(shared_server, language=language, theme=theme)
    found = {}
    for path in SCREENS:
        page = watcher.open(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        page.wait_for_load_state("load")
        found[path] = faults(page)

    assert {path: fault for path, fault in found.items() if fault} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_neither_the_first_run_nor_the_login_nor_a_phone_has_a_serious_fault(fresh_server, watch, theme):
    stranger = watch(fresh_server, theme=theme, signed_in=False).open("/login?invite=x")
    expect(stranger.get_by_role("heading", level=1)).to_be_visible()
    assert faults(stranger) == []

    page = watch(fresh_server, theme=theme).open()
    expect(page.get_by_role("heading", level=1)).to_have_text("No events yet")
    assert faults(page) == []

    fill(fresh_server)
    phone = watch(fresh_server, theme=theme, width=390).open()
    expect(phone.locator("a.card").first).to_be_visible()
    assert faults(phone) == []


def test_the_layout_holds_at_twice_the_size(shared_server, watch):
    fill(shared_server)
    for path in SCREENS:
        page = watch(shared_server, width=720).open(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_skip_link_leads_to_the_content(shared_server, watch):
    page = watch(shared_server).open("/orders")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()
