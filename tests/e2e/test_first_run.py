"""What a newcomer sees before and when the first webhook comes."""

import re

from playwright.sync_api import expect


def test_the_first_webhook_turns_the_steps_into_the_board_within_a_second(fresh_server, watch):
    page = watch(fresh_server).open()
    expect(page.get_by_role("heading", level=1)).to_have_text("No events yet")
    command = page.locator("pre").first
    expect(command).to_contain_text(f"http://127.0.0.1:{fresh_server.port}/webhook")

    fresh_server.webhook(event_type="order_created", order_id="A-1")

    expect(page.locator('a.card[href="/orders/default/A-1"]')).to_be_visible(timeout=1000)
    expect(page).to_have_title(re.compile("Live board"))


def test_the_steps_are_told_in_korean_too(fresh_server, watch):
    page = watch(fresh_server, language="ko", theme="dark").open()

    expect(page.get_by_role("heading", level=1)).to_have_text("아직 이벤트가 없습니다")
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def test_the_command_that_is_shown_does_what_it_says(fresh_server, watch):
    page = watch(fresh_server).open()
    command = page.locator("pre").first.inner_text()

    body = re.search(r"-d '(.*)'", command)
    assert body
    status, answer = fresh_server.call("POST", "/webhook", body[1], token=False)

    assert (status, answer["status"]) == (200, "success")
    expect(page.locator("a.card b")).to_have_text("A-1")
