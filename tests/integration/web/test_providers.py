"""The platforms, as the page offers them."""

from pathlib import Path

from orderwatch.domain.people import Role
from tests.web_server import WebServer, web_server

OWN = """
name = "Corner Shop"
about = "A shop round the corner."
confidence = "beta"
documentation = ["https://corner.example/webhooks"]
known_not_to_work = ["Refunds are not told."]

[[signature]]
kind = "token"
header = "x-corner"

[settings.branch]
about = "The branch's number."
needed = true

[event]
type = "what"
order_id = "no"

[event.types]
new = "order.created"

[setup]
en = ["Paste {url} into the field Webhook."]
ko = ["웹훅 칸에 {url} 을 붙여 넣습니다."]
"""


async def test_each_platform_tells_how_sure_we_are_and_what_to_paste_where(server: WebServer) -> None:
    listed = (await server.get("/api/v1/providers", role=Role.VIEWER))["items"]

    by_name = {one["name"]: one for one in listed}
    uber = by_name["uber_eats"]
    assert (uber["title"], uber["confidence"]) == ("Uber Eats", "stable")
    assert uber["documentation"][0].startswith("https://developer.uber.com/")
    assert "HMAC" in uber["proof"]
    assert "order_created" in uber["examples"]
    assert all(any("{url}" in step for step in one["steps"][language]) for one in listed for language in ("en", "ko"))
    assert [one["title"].casefold() for one in listed] == sorted(one["title"].casefold() for one in listed)


async def test_no_support_is_claimed_for_platforms_of_which_nothing_is_public(server: WebServer) -> None:
    listed = (await server.get("/api/v1/providers"))["items"]

    told = " ".join(one["title"] + one["name"] + one["about"] for one in listed)
    assert not [name for name in ("배달의민족", "쿠팡이츠", "요기요", "바로고", "부릉", "생각대로") if name in told]


async def test_a_folder_of_one_s_own_stands_among_them(tmp_path: Path) -> None:
    folder = tmp_path / "providers" / "corner_shop"
    folder.mkdir(parents=True)
    (folder / "provider.toml").write_text(OWN)

    async with web_server(tmp_path / "data", providers=str(folder.parent)) as server:
        listed = (await server.get("/api/v1/providers"))["items"]

    (own,) = [one for one in listed if one["name"] == "corner_shop"]
    assert own["confidence"] == "beta"
    assert own["known_not_to_work"] == ["Refunds are not told."]
    assert own["settings"] == [
        {"name": "branch", "about": "The branch's number.", "needed": True, "default": None},
    ]
