"""Whom a proxy speaks for, and whose word is not taken."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.web.auth.proxies import Proxies

TRUSTED = ("127.0.0.1", "10.0.0.0/8", "fd00::/8")


def seen(peer: str, *headers: tuple[str, str]) -> tuple[str, str]:
    """Return client and scheme of a request from `peer`."""
    scope: dict[str, Any] = {
        "client": (peer, 40000),
        "scheme": "http",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    found = Proxies(TRUSTED).seen(scope)
    return found["client"][0], found["scheme"]


def came_for(*values: str, peer: str = "127.0.0.1") -> str:
    return seen(peer, *(("x-forwarded-for", value) for value in values))[0]


@pytest.mark.parametrize(
    ("values", "client"),
    [
        (["203.0.113.7"], "203.0.113.7"),
        (["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (["198.51.100.1, 203.0.113.7, 10.1.2.3"], "203.0.113.7"),
        (["198.51.100.1", "203.0.113.7", "10.1.2.3, fd00::1"], "203.0.113.7"),
        (["10.1.2.3, 10.1.2.4"], "10.1.2.3"),
        (["203.0.113.7:50123"], "203.0.113.7"),
        (["[2001:db8::7]:50123"], "2001:db8::7"),
        (["::ffff:203.0.113.7"], "203.0.113.7"),
        (["203.0.113.7, nonsense"], "127.0.0.1"),
        (["203.0.113.7, nonsense, 10.1.2.3"], "10.1.2.3"),
        ([""], "127.0.0.1"),
        ([], "127.0.0.1"),
    ],
)
def test_who_asks_is_the_last_address_that_is_no_proxy_s(values: list[str], client: str) -> None:
    assert came_for(*values) == client


@pytest.mark.parametrize("peer", ["203.0.113.9", "2001:db8::9", "testclient", ""])
def test_nobody_else_s_word_is_taken(peer: str) -> None:
    assert seen(peer, ("x-forwarded-for", "10.0.0.1"), ("x-forwarded-proto", "https")) == (peer, "http")


def test_a_proxy_that_comes_by_ipv4_within_ipv6_is_known() -> None:
    assert came_for("203.0.113.7", peer="::ffff:127.0.0.1") == "203.0.113.7"


@pytest.mark.parametrize(
    ("values", "scheme"),
    [(["https"], "https"), (["HTTPS"], "https"), (["https, http"], "http"), (["ftp"], "http"), ([], "http")],
)
def test_the_scheme_is_what_our_own_proxy_says(values: list[str], scheme: str) -> None:
    assert seen("10.0.0.2", *(("x-forwarded-proto", value) for value in values))[1] == scheme


@given(st.lists(st.text(st.characters(max_codepoint=255), max_size=30), max_size=5))
def test_no_header_is_an_error(values: list[str]) -> None:
    came_for(*values)


async def test_without_proxies_the_application_is_left_alone() -> None:
    async def app(*_: Any) -> None: ...

    assert Proxies(()).behind(app) is app
