"""The page while the server is away, and when it comes back."""

from playwright.sync_api import expect


def test_the_page_says_that_it_is_away_and_comes_back_without_a_gap(fresh_server, watch):
    fresh_server.webhook(event_type="order_created", order_id="before")
    page = watch(fresh_server).open()
    expect(page.locator("a.card b")).to_have_text("before")

    fresh_server.stop()
    fresh_server.process.stdout.close()
    expect(page.get_by_text("is not updating", exact=False)).to_be_visible()
    expect(page.locator("a.card b")).to_have_text("before")
    fresh_server.start()
    fresh_server.webhook(event_type="order_created", order_id="meanwhile")

    expect(page.locator('a.card[href="/orders/default/meanwhile"]')).to_be_visible()
    expect(page.get_by_text("is not updating", exact=False)).to_have_count(0)
    expect(page.get_by_text("Connected again", exact=False)).to_be_visible()


def test_a_session_that_ends_elsewhere_leads_to_the_login(fresh_server, watch):
    page = watch(fresh_server).open()
    expect(page.get_by_role("heading", level=1)).to_have_text("No events yet")

    fresh_server.call("POST", "/api/v1/users", {"name": "boss", "password": "another long one", "role": "admin"})
    assert fresh_server.call("PATCH", "/api/v1/users/kim", {"disabled": True})[0] == 200
    page.goto(f"http://127.0.0.1:{fresh_server.port}/orders")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
