"""A real server, and people who look at it in a real Chromium."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.running import RunningServer

NAME, PASSWORD = "kim", "correct horse battery"
# What may be said in the console: the browser itself reports every answer of 4xx and 5xx, and a line that broke.
EXPECTED = re.compile(r"Failed to load resource|net::ERR_")

# A page that was away may rest for 15 s before it tries again.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


class Watcher:
    """A person before the page. Every fault in the console is kept; `faults` must be empty in the end."""

    def __init__(self, server: RunningServer, context: BrowserContext) -> None:
        self.server = server
        self.context = context
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self._said(message.type, message.text))

    def open(self, path: str = "/") -> Page:
        self.page.goto(f"http://127.0.0.1:{self.server.port}{path}")
        return self.page

    def sign_in(self) -> None:
        address = f"http://127.0.0.1:{self.server.port}"
        headers = {"X-Orderwatch": "1", "Origin": address}
        body = {"name": NAME, "password": PASSWORD}
        answer = self.context.request.post(f"{address}/api/v1/session", data=body, headers=headers)
        if answer.status == 401:
            body |= {"invite": invite_of(self.server)}
            answer = self.context.request.post(f"{address}/api/v1/session/invite", data=body, headers=headers)
        assert answer.ok, answer.text()

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not EXPECTED.search(text):
            self.faults.append(text)


def invite_of(server: RunningServer) -> str:
    found = re.search(r"[?&]invite=([\w.~%-]+)", server.banner)
    assert found, server.banner
    return found[1]


@contextmanager
def running(*options: str) -> Iterator[RunningServer]:
    with (
        tempfile.TemporaryDirectory(prefix="ow-e2e-") as folder,
        RunningServer(Path(folder) / "data", *options) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def fresh_server() -> Iterator[RunningServer]:
    """Give a server to which nothing was ever sent."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def shared_server() -> Iterator[RunningServer]:
    """Give a server that several tests look at, each at orders of its own."""
    with running() as server:
        yield server


@pytest.fixture
def watch(chromium: Browser) -> Iterator[object]:
    """Give a way to sit down before a server's page: `watch(server, language="ko", theme="dark")`."""
    watchers: list[Watcher] = []

    def sit_down(
        server: RunningServer,
        *,
        language: str = "en",
        theme: Literal["dark", "light"] = "light",
        width: int = 1440,
        signed_in: bool = True,
    ) -> Watcher:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="ko-KR" if language == "ko" else "en-GB",
            timezone_id="Asia/Seoul" if language == "ko" else "Europe/London",
            color_scheme=theme,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        watcher = Watcher(server, context)
        watchers.append(watcher)
        if signed_in:
            watcher.sign_in()
        return watcher

    yield sit_down
    for watcher in watchers:
        watcher.context.close()
    assert [fault for watcher in watchers for fault in watcher.faults] == []
