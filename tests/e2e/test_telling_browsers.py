"""The channel `browser`: what reaches a page that is open, and a person who looks elsewhere."""

from playwright.sync_api import expect

# A headless browser shows no notifications and hides no tabs: this stands in for both, and keeps what is shown.
ELSEWHERE = """
  window.shown = []
  window.Notification = class {
    static permission = 'granted'
    constructor(title, options) { window.shown.push([title, options.tag]) }
    close() {}
  }
  Object.defineProperty(document, 'hidden', { get: () => true })
"""


def test_a_hidden_page_shows_one_notification_for_each_new_order(shared_server, watch):
    watcher = watch(shared_server)
    watcher.page.add_init_script(ELSEWHERE)
    page = watcher.open()
    expect(page.get_by_text("Live", exact=True).first).to_be_visible()

    shared_server.webhook(event_type="order_created", order_id="told-1")
    expect(page.get_by_role("complementary").get_by_text("told-1")).to_be_visible()
    shared_server.webhook(event_type="order_created", order_id="told-1")
    shared_server.webhook(event_type="order_accepted", order_id="told-1")
    shared_server.webhook(event_type="order_created", order_id="told-2")
    expect(page.get_by_role("complementary").get_by_text("told-2")).to_be_visible()

    shown = page.evaluate("window.shown")
    assert [tag for _, tag in shown] == ["default told-1", "default told-2"]
    assert "told-1" in shown[0][0]


def test_what_was_told_before_is_not_told_again_when_the_page_opens(shared_server, watch):
    shared_server.webhook(event_type="order_created", order_id="earlier-1")
    shared_server.wait_for_order("earlier-1")
    watcher = watch(shared_server)
    watcher.page.add_init_script(ELSEWHERE)

    page = watcher.open()
    expect(page.get_by_role("complementary").get_by_text("earlier-1")).to_be_visible()

    assert page.evaluate("window.shown") == []


def test_the_top_bar_says_whether_sound_is_on(shared_server, watch):
    page = watch(shared_server).open()
    button = page.get_by_role("button", name="Sound", exact=False)
    expect(button).to_have_text("Sound off until a click")

    page.get_by_role("heading", name="Alerts").click()
    expect(button).to_have_text("Sound on")
    button.click()

    expect(button).to_have_text("Sound off")
