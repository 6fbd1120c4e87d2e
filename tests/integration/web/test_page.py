"""The page over real HTTP: its files, its routes, and what stands there when it was not built."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderwatch.web.headers import secured
from orderwatch.web.page import PageApp
from tests.web_server import WebServer

SCRIPT = "console.log('orders');" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Orderwatch</title>")
    (folder / "assets" / "index-abc123.js").write_text(SCRIPT)
    (folder / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.key").write_text("secret")
    return folder


@pytest.fixture
def ask(built: Path) -> Callable[..., Any]:
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(secured(PageApp(built))), base_url="http://test")

    async def ask(path: str, method: str = "GET", **headers: str) -> httpx2.Response:
        return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return ask


@pytest.mark.parametrize("path", ["/", "/login?invite=x", "/orders/default/A.1", "/orders/default/a%2Fb", "/no/such"])
async def test_every_route_of_the_page_is_its_index(ask: Callable[..., Any], path: str) -> None:
    answer = await ask(path)

    assert answer.status_code == 200
    assert "<title>Orderwatch</title>" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_assets_are_kept_for_ever_and_sent_compressed(ask: Callable[..., Any]) -> None:
    plain = await ask("/assets/index-abc123.js", Accept_Encoding="identity")
    zipped = await ask("/assets/index-abc123.js", Accept_Encoding="gzip, br")

    assert plain.text == zipped.text == SCRIPT
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) == len(gzip.compress(SCRIPT.encode(), mtime=0))


async def test_an_asset_of_an_older_build_is_missing_and_not_the_index(ask: Callable[..., Any]) -> None:
    answer = await ask("/assets/index-older1.js")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


OUTSIDE = [
    "/../secret.key",
    "/%2e%2e/secret.key",
    "/assets/..%2f..%2fsecret.key",
    "//etc/passwd",
    "/%00",
    f"/{'a' * 3000}",
]


@pytest.mark.parametrize("path", OUTSIDE)
async def test_nothing_outside_of_the_page_is_served(ask: Callable[..., Any], path: str) -> None:
    answer = await ask(path)

    assert "secret" not in answer.text.replace("secret.key", "")
    assert "root:" not in answer.text


async def test_what_the_browser_has_is_not_sent_again_until_it_changes(ask: Callable[..., Any], built: Path) -> None:
    tag = (await ask("/")).headers["etag"]
    same = await ask("/", If_None_Match=tag)
    (built / "index.html").write_text("<!doctype html><title>Newer</title>")
    os.utime(built / "index.html", ns=(1, 1))
    changed = await ask("/", If_None_Match=tag)

    assert (same.status_code, same.content) == (304, b"")
    assert "Newer" in changed.text


async def test_head_tells_the_length_alone(ask: Callable[..., Any]) -> None:
    answer = await ask("/icon.svg", "HEAD")

    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "6")


async def test_scripts_and_styles_come_from_here_alone(ask: Callable[..., Any]) -> None:
    policy = (await ask("/")).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"], rules["frame-ancestors"]) == ("'self'", "'self'", "'none'")
    assert "unsafe" not in policy
    assert (await ask("/")).headers["referrer-policy"] == "no-referrer"


async def test_without_a_build_it_says_how_to_get_one(tmp_path: Path) -> None:
    transport = httpx2.ASGITransport(PageApp(tmp_path / "nowhere"))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/")

    assert answer.status_code == 503
    assert "make page" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


async def test_the_receiver_serves_it_beside_everything_else(server: WebServer) -> None:
    page = await server.call("GET", "/orders/default/A-1", role=None)
    posted = await server.call("POST", "/orders", role=None)
    api = await server.call("GET", "/api/no-such", role=None)

    assert page.status_code in {200, 503}
    assert "content-security-policy" in page.headers
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
    assert (api.status_code, api.headers["content-type"]) == (404, "application/problem+json")
