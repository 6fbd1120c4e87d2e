"""The guards around signing in."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from orderwatch.domain.errors import Conflict, CrossSite, NotSignedIn, TooMany
from orderwatch.web.auth.cookies import SessionCookie
from orderwatch.web.auth.csrf import SiteGuard
from orderwatch.web.auth.failures import Failures
from tests.set_clock import SetClock


def test_servers_on_one_machine_have_cookies_of_their_own() -> None:
    names = {SessionCookie(url).name for url in ("http://localhost:8000", "http://localhost:9000", "https://a.example")}

    assert len(names) == 3


def test_a_cookie_is_read_back_among_others() -> None:
    cookie = SessionCookie("http://localhost:8000")
    pair = cookie.set("s3cret_-").partition(";")[0]

    assert cookie.read(f"theme=dark; {pair}; lang=ko") == "s3cret_-"
    assert cookie.read("theme=dark") is None
    assert cookie.read(None) is None
    assert cookie.read(cookie.clear().partition(";")[0]) is None


@given(st.text(max_size=60))
def test_no_cookie_header_is_an_error(header: str) -> None:
    SessionCookie("http://localhost:8000").read("orderwatch_session_8000" + header)


@pytest.mark.parametrize(
    ("base_url", "host", "origin", "passes"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("http://127.0.0.1:8000", "localhost:8000", "http://localhost:8000", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", "http://127.0.0.1:9000", False),
        ("https://watch.example.com", "10.0.0.7:8000", "https://watch.example.com", True),
        ("https://watch.example.com", "10.0.0.7:8000", "https://evil.example", False),
        ("https://watch.example.com", "10.0.0.7:8000", "null", False),
        ("https://watch.example.com", "", "", False),
        ("https://watch.example.com", "10.0.0.7:8000", "http://[::1", False),
    ],
)
def test_an_origin_is_ours_by_our_address_or_by_the_host_that_was_asked(
    base_url: str, host: str, origin: str, passes: bool
) -> None:
    guard, headers = SiteGuard(base_url), Headers({"host": host, "origin": origin})

    if passes:
        guard.check_site(headers)
    else:
        with pytest.raises(CrossSite):
            guard.check_site(headers)


def test_a_peer_that_tries_many_names_is_stopped_and_others_are_not() -> None:
    failures = Failures(clock=SetClock(), bounds={"both": 3, "peer": 5, "name": 100})

    for n in range(5):
        failures.note(name=f"name-{n}", peer="10.0.0.1")

    with pytest.raises(TooMany):
        failures.check(name="kim", peer="10.0.0.1")
    failures.check(name="name-0", peer="10.0.0.2")


def test_one_peer_cannot_lock_a_person_out_for_others() -> None:
    failures = Failures(clock=SetClock(), bounds={"both": 3, "peer": 5, "name": 100})

    for _ in range(3):
        failures.note(name="kim", peer="10.0.0.1")

    with pytest.raises(TooMany):
        failures.check(name="kim", peer="10.0.0.1")
    failures.check(name="kim", peer="10.0.0.2")


def test_each_failure_is_forgotten_after_a_quarter_of_an_hour() -> None:
    clock = SetClock()
    failures = Failures(clock=clock, bounds={"both": 2, "peer": 50, "name": 100})

    failures.note(name="kim", peer="p")
    clock.time += timedelta(minutes=10)
    failures.note(name="kim", peer="p")

    with pytest.raises(TooMany) as stopped:
        failures.check(name="kim", peer="p")
    assert stopped.value.retry_after_seconds == 301
    clock.time += timedelta(minutes=5)
    failures.check(name="kim", peer="p")


def test_tries_count_from_their_beginning_and_are_forgotten_when_they_end_well() -> None:
    failures = Failures(clock=SetClock(), bounds={"both": 2, "peer": 50, "name": 100})
    with failures.trying(name="kim", peer="p"), failures.trying(name="kim", peer="p"), pytest.raises(TooMany):
        failures.check(name="kim", peer="p")

    failures.check(name="kim", peer="p")
    with pytest.raises(Conflict), failures.trying(name="kim", peer="p"):
        raise Conflict("The name is taken.")
    assert len(failures._failed) == 0
    with pytest.raises(NotSignedIn), failures.trying(name="kim", peer="p"):
        raise NotSignedIn("Wrong.")
    assert len(failures._failed) == 3


def test_who_has_many_ipv6_addresses_is_one_peer() -> None:
    failures = Failures(clock=SetClock(), bounds={"both": 3, "peer": 5, "name": 100})

    for n in range(5):
        failures.note(name=f"name-{n}", peer=f"2001:db8:1:2::{n:x}")

    with pytest.raises(TooMany):
        failures.check(name="kim", peer="2001:db8:1:2:ffff::1")
    failures.check(name="kim", peer="2001:db8:1:3::1")


def test_long_names_take_no_memory() -> None:
    failures = Failures(clock=SetClock())

    failures.note(name="n" * 200_000, peer="p")

    assert max(len(name) for _, name, _ in failures._failed) == 100


def test_memory_of_failures_is_bounded() -> None:
    failures = Failures(clock=SetClock())

    for n in range(11_000):
        failures.note(name=f"n{n}", peer=f"p{n}")

    assert len(failures._failed) == 10_000
