"""A platform is connected, and a route made, by hand."""

import json
import re

import pytest
from playwright.sync_api import expect
from standardwebhooks import Webhook

from orderwatch.kit.clock import SystemClock
from tests.e2e.test_accessibility import faults as axe_faults


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


def test_a_platform_is_picked_and_tells_what_to_paste_where(shared_server, watch):
    page = watch(shared_server).open("/sources/new")
    page.get_by_role("searchbox", name="Search platforms").fill("ubereats")
    page.get_by_role("button", name="Uber Eats").click()
    page.get_by_role("textbox", name=re.compile("^Name")).fill("uber-london")
    page.get_by_label("Secret 1").fill("a-secret-that-the-platform-shows")
    expect(page.get_by_text("as the primary webhook URL")).to_contain_text("/in/uber-london")
    expect(page.get_by_text("The webhooks hold ids alone")).to_be_visible()
    page.get_by_role("button", name="Create the source").click()
    expect(page.get_by_text("Waiting for the first event…")).to_be_visible()
    expect(page.get_by_text("orderwatch send --source uber-london --example order_created")).to_be_visible()

    shared_server.environment |= {"ORDERWATCH_PORT": str(shared_server.port)}
    shared_server.run("send", "--source", "uber-london", "--example", "order_created")

    expect(page.get_by_text("The first event came.")).to_be_visible()
    page.goto(f"http://127.0.0.1:{shared_server.port}/sources")
    row = page.locator("tbody tr").filter(has_text="uber-london")
    expect(row).to_contain_text("Uber Eats")
    expect(row).to_contain_text("Receiving")


CHOOSING = {
    "ko": ("플랫폼 검색", "공개된 웹훅 문서가 없어", "자체 서비스로 받기"),
    "en": ("Search platforms", "publishes no webhooks", "Take own service"),
}


@pytest.mark.parametrize(("language", "typed"), [("ko", "배달의민족"), ("ko", "생각대로"), ("en", "쿠팡이츠")])
def test_of_platforms_without_public_webhooks_nothing_is_claimed(shared_server, watch, language, typed):
    search, note, take = CHOOSING[language]
    page = watch(shared_server, language=language).open("/sources/new")
    page.get_by_role("searchbox", name=search).fill(typed)

    expect(page.get_by_text(note)).to_be_visible()
    expect(page.locator(".choices li")).to_have_count(0)
    page.get_by_role("button", name=take).click()
    expect(page.get_by_role("searchbox", name=search)).to_have_count(0)


ORDER = {
    "접수번호": "K-1",
    "진행상태": "라이더가 가져감",
    "변경일시": "2026-11-24T19:30:02+09:00",
    "가맹점": {"코드": "jamsil"},
    "결제금액": 27400,
    "메뉴": [{"메뉴명": "떡볶이", "수량": 2, "가격": 13700}],
    "라이더": {"이름": "김", "위치": [127.1, 37.5]},
    "비고": "",
}
WORDS = {
    "ko": (
        "이것으로 매핑 고치기",
        "샘플의 필드",
        "읽은 값",
        "상태 단어의 뜻",
        "저장",
        "기다리는 요청 3건 다시 제출",
        "배달 중",
    ),
    "en": (
        "Mend the mapping with this",
        "Fields of the sample",
        "Read as",
        "What its words mean",
        "Save",
        "Re-submit the 3 requests that wait",
        "On the way",
    ),
}


@pytest.mark.parametrize(("language", "theme"), [("ko", "dark"), ("en", "light")])
def test_a_payload_that_nobody_knows_goes_from_the_quarantine_through_the_wizard(shared_server, watch, language, theme):
    name = f"wizard-{language}"
    mend, tree, read_as, meanings, save, kin, status = WORDS[language]
    assert shared_server.call("POST", "/api/v1/sources", {"name": name})[0] == 201
    for number in range(3):
        body = json.dumps(ORDER | {"접수번호": f"{language}-{number}"})
        statuses = iter(lambda body=body: shared_server.call("POST", f"/in/{name}", body, token=False)[0], 400)
        assert {404}.issuperset(statuses)
    page = watch(shared_server, language=language, theme=theme).open(f"/quarantine?source={name}")
    page.locator("tbody a[data-row]").first.click()
    page.get_by_role("link", name=mend).click()

    event = page.get_by_role("region", name=read_as)
    expect(event).to_contain_text(f'"order_id": "{language}-2"')
    expect(event).to_contain_text('"type": "unknown"')
    expect(event).to_contain_text('"total": "27400"')
    page.get_by_label(meanings).fill("라이더가 가져감 = order.picked_up")
    expect(event).to_contain_text('"type": "order.picked_up"')
    # A place is chosen by its field in the tree, and the event follows.
    page.get_by_role("textbox", name="store_id:").fill("")
    expect(event).not_to_contain_text("store_id")
    page.get_by_role("list", name=tree).get_by_role("button", name="코드").click()
    expect(page.get_by_role("textbox", name="store_id:")).to_have_value('"가맹점"."코드"')
    expect(event).to_contain_text('"store_id": "jamsil"')
    assert axe_faults(page) == []
    page.get_by_role("button", name=save, exact=True).click()
    page.get_by_role("button", name=kin).click()
    expect(page.get_by_role("button", name=kin)).to_have_count(0)

    page.goto(f"http://127.0.0.1:{shared_server.port}/orders?source={name}")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody tr").first).to_contain_text(status)


def test_a_secret_that_was_changed_is_told_below_the_list(shared_server, watch):
    source = {
        "name": "changed-shop",
        "verification": "token",
        "secrets": ["the-secret-from-before"],
        "token": {"header": "x-key", "prefix": ""},
    }
    assert shared_server.call("POST", "/api/v1/sources", source)[0] == 201
    body = json.dumps({"event_type": "order_created", "order_id": "changed-1"})

    def send(secret, wanted):
        headers = {"x-key": secret}
        statuses = iter(
            lambda: shared_server.call("POST", "/in/changed-shop", body, headers=headers, token=False)[0], wanted
        )
        assert {404}.issuperset(statuses)

    send("the-secret-from-before", 200)
    shared_server.wait_for_order("changed-1", source="changed-shop")
    for _ in range(3):
        send("the-new-one", 401)

    page = watch(shared_server).open("/sources")

    expect(page.locator("tbody tr").filter(has_text="changed-shop")).to_contain_text("Signatures failing")
    expect(page.get_by_text("changed-shop: every request since")).to_contain_text("was the secret changed")
    page.get_by_role("link", name="Quarantine (3)").click()
    expect(page).to_have_url(re.compile("/quarantine.*source=changed-shop"))


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
