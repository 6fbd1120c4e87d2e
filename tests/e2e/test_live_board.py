"""The board while orders come, move and end."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from orderwatch.kit.clock import SystemClock


def ago(minutes):
    return (SystemClock().now() - timedelta(minutes=minutes)).isoformat()


def card(page, order_id):
    return page.locator(f'a.card[href="/orders/default/{order_id}"]')


def column(page, name):
    return page.locator("section.col").filter(has=page.get_by_role("heading", name=name, exact=True))


def test_an_order_moves_through_the_columns_as_its_webhooks_come(shared_server, watch):
    page = watch(shared_server).open()
    for event, name in [
        ("order_created", "Unaccepted"),
        ("order_accepted", "Preparing"),
        ("order_ready", "Ready, waiting"),
        ("order_picked_up", "On the way"),
    ]:
        shared_server.webhook(event_type=event, order_id="move-1", store_id="Noodle Yard")
        expect(card(column(page, name), "move-1")).to_be_visible()

    shared_server.webhook(event_type="order_delivered", order_id="move-1")

    expect(column(page, "Done").get_by_text("move-1")).to_be_visible()


def test_a_late_order_stands_in_the_lane_with_its_reason(shared_server, watch):
    shared_server.webhook(
        event_type="order_created", order_id="late-1", occurred_at=ago(50), promised_at=ago(12), store_id="Soho"
    )
    shared_server.webhook(event_type="order_ready", order_id="late-1", occurred_at=ago(3))
    page = watch(shared_server).open("/?store=Soho")

    lane = page.get_by_role("region", name="At risk")

    expect(lane).to_contain_text("late-1")
    expect(lane).to_contain_text("past promise")
    expect(card(page, "late-1")).to_have_class(re.compile("is-crit"))


def test_a_column_stands_still_while_the_pointer_is_in_it(shared_server, watch):
    shared_server.webhook(event_type="order_created", order_id="still-1", store_id="Still")
    page = watch(shared_server).open("/?store=Still")
    card(page, "still-1").hover()

    shared_server.webhook(event_type="order_created", order_id="still-2", store_id="Still")
    expect(page.get_by_text("1 change waiting")).to_be_visible()
    expect(card(page, "still-2")).to_have_count(0)
    page.get_by_role("button", name="Apply now").focus()
    page.keyboard.press("Enter")

    expect(card(page, "still-2")).to_be_visible()


def test_filters_live_in_the_address(shared_server, watch):
    shared_server.webhook(event_type="order_created", order_id="here-1", store_id="Here")
    shared_server.webhook(event_type="order_created", order_id="there-1", store_id="There")
    page = watch(shared_server).open()

    page.get_by_label("Store", exact=False).first.select_option("Here")

    expect(page).to_have_url(re.compile(r"\?store=Here$"))
    expect(card(page, "here-1")).to_be_visible()
    expect(card(page, "there-1")).to_have_count(0)
    page.get_by_role("link", name="Table", exact=True).click()
    expect(page.locator("tbody tr[aria-rowindex]")).to_have_count(1)


def test_everything_can_be_reached_by_keys(shared_server, watch):
    shared_server.webhook(event_type="order_created", order_id="key-1", store_id="Keys", occurred_at=ago(3))
    shared_server.webhook(event_type="order_created", order_id="key-2", store_id="Keys")
    page = watch(shared_server).open("/?store=Keys")
    expect(card(page, "key-2")).to_be_visible()

    page.keyboard.press("j")
    expect(card(page, "key-1")).to_be_focused()
    page.keyboard.press("j")
    expect(card(page, "key-2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("key-2")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page).to_have_title(re.compile("Live board"))
    page.keyboard.press("/")
    page.keyboard.type("key-1")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Search: key-1")


def test_the_focus_stays_on_its_card_while_others_change(shared_server, watch):
    shared_server.webhook(event_type="order_created", order_id="focus-1", store_id="Focus")
    page = watch(shared_server).open("/?store=Focus")
    card(page, "focus-1").focus()

    for number in range(5):
        shared_server.webhook(event_type="order_created", order_id=f"focus-new-{number}", store_id="Focus")
    expect(page.get_by_text("5 changes waiting")).to_be_visible()

    expect(card(page, "focus-1")).to_be_focused()


def test_a_phone_shows_one_list_at_a_time(shared_server, watch):
    shared_server.webhook(event_type="order_created", order_id="phone-1", store_id="Phone")
    page = watch(shared_server, width=390).open("/?store=Phone")

    page.get_by_role("button", name=re.compile("^Unaccepted")).click()

    expect(card(page, "phone-1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('button, .card, nav a')].filter((one) => one.offsetParent)"
        ".filter((one) => one.getBoundingClientRect().height < 44 && !one.classList.contains('link'))"
        ".map((one) => one.outerHTML.slice(0, 80))"
    )
    assert small == []
