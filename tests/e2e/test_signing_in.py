"""The one-time link, the password, and what others see."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import NAME, PASSWORD, invite_of


def test_the_link_that_the_server_prints_makes_an_account_once(fresh_server, watch):
    page = watch(fresh_server, signed_in=False).open(f"/login?invite={invite_of(fresh_server)}")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No events yet")

    other = watch(fresh_server, signed_in=False).open(f"/login?invite={invite_of(fresh_server)}")
    other.get_by_label("Name").fill("lee")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Make the account").click()

    expect(other.get_by_role("alert")).to_contain_text("used already")


def test_a_password_signs_in_and_leads_to_where_one_wanted_to_go(shared_server, watch):
    watch(shared_server)
    page = watch(shared_server, signed_in=False).open("/receipts")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill("wrong password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Name or password is wrong.")

    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Receipts")
    expect(page).to_have_url(re.compile("/receipts$"))


def test_who_signs_out_sees_nothing_any_more(shared_server, watch):
    page = watch(shared_server).open("/settings")

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_language_can_be_chosen_and_is_kept(shared_server, watch):
    page = watch(shared_server).open("/settings")

    page.get_by_role("button", name="한국어").click()
    page.get_by_role("button", name="어둡게").click()
    page.reload()

    expect(page.get_by_role("heading", level=1)).to_have_text("설정")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
