"""Signing in, and what keeps others out, over real HTTP."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderwatch.domain.people import Role
from orderwatch.kit.clock import SystemClock
from orderwatch.storage.engines import open_engines
from orderwatch.storage.registry.registry import Registry
from orderwatch.storage.vault import open_vault
from tests.set_clock import SetClock
from tests.web_server import WebServer, web_server

OURS = {"X-Orderwatch": "1"}
PASSWORD = "correct horse"


async def invited(server: WebServer, role: Role = Role.ADMIN, name: str = "kim") -> httpx2.Response:
    """Accept an invite; the client then has the session's cookie."""
    invite = await server.registry.invites.create(role, by="test")
    body = {"invite": invite.secret, "name": name, "password": PASSWORD}
    return await server.call("POST", "/api/v1/session/invite", body, role=None)


async def sign_in(server: WebServer, name: str = "kim", password: str = PASSWORD, **more: Any) -> httpx2.Response:
    return await server.call("POST", "/api/v1/session", {"name": name, "password": password}, role=None, **more)


async def status(server: WebServer, method: str, path: str, body: Any = None, **headers: str) -> int:
    """Ask with the cookie alone."""
    answer = await server.call(
        method, path, body, role=None, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    return answer.status_code


async def test_the_first_admin_comes_in_by_the_one_time_link(server: WebServer) -> None:
    before = await server.get("/api/v1/session", role=None)

    answer = await invited(server)
    me = await server.get("/api/v1/me", role=None)

    assert before == {"authenticated": False, "has_users": False}
    assert (answer.status_code, answer.json()["name"], answer.json()["role"]) == (201, "kim", "admin")
    assert (me["name"], me["role"], me["via"]) == ("kim", "admin", "session")
    assert me["server"]["base_url"] == str(server.client.base_url).rstrip("/")
    assert await server.get("/api/v1/session", role=None) == {"authenticated": True, "has_users": True}


async def test_the_link_works_once_and_looking_at_its_page_does_not_spend_it(server: WebServer) -> None:
    invite = await server.registry.invites.create(Role.ADMIN, by="test")
    body = {"invite": invite.secret, "name": "kim", "password": PASSWORD}

    await server.client.get(f"/login?invite={invite.secret}")
    short = await server.call("POST", "/api/v1/session/invite", body | {"password": "short"}, role=None)
    first = await server.call("POST", "/api/v1/session/invite", body, role=None)
    second = await server.call("POST", "/api/v1/session/invite", body | {"name": "lee"}, role=None)

    assert (short.status_code, short.json()["errors"][0]["field"]) == (400, "body.password")
    assert first.status_code == 201
    assert second.status_code == 401


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(server: WebServer) -> None:
    cookie = (await invited(server)).headers["set-cookie"]

    assert cookie.startswith(f"orderwatch_session_{server.client.base_url.port}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


async def test_the_cookie_is_secure_where_people_come_by_https(tmp_path: Path) -> None:
    async with web_server(tmp_path, public_url="https://watch.example.com/") as server:
        cookie = (await invited(server)).headers["set-cookie"]

    assert cookie.startswith("orderwatch_session=")
    assert "Secure" in cookie.split("; ")


async def test_name_and_password_open_a_session_and_signing_out_ends_it(server: WebServer) -> None:
    await invited(server)
    assert await status(server, "DELETE", "/api/v1/session", X_Orderwatch="1") == 204
    assert await status(server, "GET", "/api/v1/me") == 401

    wrong, nobody, right = (
        await sign_in(server, password="wrong horse"),
        await sign_in(server, "nobody"),
        await sign_in(server),
    )

    assert (wrong.status_code, nobody.status_code, right.status_code) == (401, 401, 200)
    assert wrong.json() == nobody.json()
    assert await status(server, "GET", "/api/v1/me") == 200


async def test_signing_out_ends_the_session_itself_and_not_only_the_cookie(server: WebServer) -> None:
    cookie = (await invited(server)).headers["set-cookie"].partition(";")[0]

    await server.call("DELETE", "/api/v1/session", role=None, headers=OURS)

    assert await status(server, "GET", "/api/v1/me", Cookie=cookie) == 401


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"X_Orderwatch": "1"}, True),
        ({"X_Orderwatch": "1", "Sec_Fetch_Site": "same-origin"}, True),
        ({}, False),
        ({"Sec_Fetch_Site": "same-origin"}, False),
        ({"X_Orderwatch": "1", "Sec_Fetch_Site": "cross-site"}, False),
        ({"X_Orderwatch": "1", "Sec_Fetch_Site": "same-site"}, False),
        ({"X_Orderwatch": "1", "Origin": "http://evil.example"}, False),
        ({"X_Orderwatch": "1", "Origin": "null"}, False),
    ],
)
async def test_another_site_cannot_write_with_a_visitors_cookie(
    server: WebServer, headers: dict[str, str], passes: bool
) -> None:
    await invited(server)

    written = await status(server, "POST", "/api/v1/sources", {"name": "shop"}, **headers)

    assert written == (201 if passes else 403)
    assert await status(server, "GET", "/api/v1/sources", **headers) == 200


async def test_our_own_origin_may_write(server: WebServer) -> None:
    await invited(server)

    written = await status(
        server,
        "POST",
        "/api/v1/sources",
        {"name": "shop"},
        Origin=str(server.client.base_url).rstrip("/"),
        X_Orderwatch="1",
    )

    assert written == 201


async def test_another_site_cannot_sign_a_visitor_in(server: WebServer) -> None:
    await invited(server)

    answer = await sign_in(server, headers={"Origin": "http://evil.example"})

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


async def test_a_token_needs_no_such_proof_and_its_word_counts_before_the_cookie(server: WebServer) -> None:
    await invited(server)

    by_token = await server.call("POST", "/api/v1/sources", {"name": "shop"}, role=Role.ADMIN)
    wrong_token = await status(server, "GET", "/api/v1/me", Authorization="Bearer ow_wrong")
    basic = await status(server, "GET", "/api/v1/me", Authorization="Basic a2ltOnB3")

    assert (by_token.status_code, wrong_token, basic) == (201, 401, 401)


async def test_roles_include_each_other_and_reach_no_further(server: WebServer) -> None:
    reach = {
        ("GET", "/api/v1/sources"): Role.VIEWER,
        ("POST", "/api/v1/notifications/1/resend"): Role.OPERATOR,
        ("POST", "/api/v1/handlers/dead-letters/retry"): Role.OPERATOR,
        ("POST", "/api/v1/quarantine/resubmit"): Role.OPERATOR,
        ("DELETE", "/api/v1/routes/new-orders"): Role.ADMIN,
        ("GET", "/api/v1/users"): Role.ADMIN,
        ("GET", "/api/v1/tokens"): Role.ADMIN,
        ("GET", "/api/v1/audit"): Role.ADMIN,
        ("POST", "/api/v1/invites"): Role.ADMIN,
    }

    for (method, path), needed in reach.items():
        for role in Role:
            answer = await server.call(method, path, role=role)
            assert (answer.status_code == 403) is not role.reaches(needed), (method, path, role)


async def test_a_token_made_by_another_process_is_valid_at_once_and_revoked_at_once(
    server: WebServer, tmp_path: Path
) -> None:
    engines = open_engines(tmp_path, None)
    elsewhere = Registry(engines.registry, vault=open_vault(tmp_path, secret=None), clock=SystemClock())

    token, text = await elsewhere.tokens.create("ci", role=Role.VIEWER, by="the command line")
    made = await status(server, "GET", "/api/v1/me", Authorization=f"Bearer {text}")
    await elsewhere.tokens.revoke(token.id, by="the command line")
    revoked = await status(server, "GET", "/api/v1/me", Authorization=f"Bearer {text}")
    await engines.dispose()

    assert (made, revoked) == (200, 401)


async def test_guessing_is_slowed_down_and_waiting_helps(tmp_path: Path) -> None:
    clock = SetClock()
    clock.sleep = SystemClock().sleep  # The server's own tasks must not spin.
    async with web_server(tmp_path, clock=clock) as server:
        await invited(server)
        guesses = [await sign_in(server, password=f"wrong horse {n}") for n in range(11)]
        blocked = await sign_in(server)
        other = await sign_in(server, "lee")
        clock.time += timedelta(minutes=15)
        later = await sign_in(server)

    assert [guess.status_code for guess in guesses] == [401] * 10 + [429]
    assert (blocked.status_code, blocked.json()["code"]) == (429, "too_many")
    assert 0 < int(blocked.headers["retry-after"]) <= 901
    assert other.status_code == 401
    assert later.status_code == 200


async def test_behind_a_trusted_proxy_people_do_not_bar_each_other(tmp_path: Path) -> None:
    async with web_server(tmp_path, trusted_proxies="127.0.0.1") as server:
        await invited(server)
        mine, theirs = ({"X-Forwarded-For": f"192.0.2.9, 203.0.113.{n}"} for n in (7, 8))
        guesses = [await sign_in(server, password=f"wrong horse {n}", headers=theirs) for n in range(11)]
        barred = await sign_in(server, headers=theirs)
        forged = await sign_in(server, headers={"X-Forwarded-For": "192.0.2.10, 203.0.113.8"})
        welcome = await sign_in(server, headers={**mine, "X-Forwarded-Proto": "https"})

    assert [guess.status_code for guess in guesses] == [401] * 10 + [429]
    assert (barred.status_code, forged.status_code, welcome.status_code) == (429, 429, 200)
    assert "Secure" in welcome.headers["set-cookie"].split("; ")


async def test_no_forwarded_header_counts_unless_its_proxy_is_trusted(server: WebServer) -> None:
    await invited(server)

    guesses = [
        await sign_in(server, password="wrong horse", headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(11)
    ]
    await server.registry.users.create("lee", password=PASSWORD, role=Role.VIEWER, by="test")
    other = await sign_in(server, "lee", headers={"X-Forwarded-Proto": "https"})

    assert guesses[-1].status_code == 429
    assert "Secure" not in other.headers["set-cookie"].split("; ")


async def test_many_guesses_at_once_are_no_more_than_one_after_another(server: WebServer) -> None:
    await invited(server)

    guesses = await asyncio.gather(*(sign_in(server, password=f"wrong horse {n}") for n in range(20)))

    assert sorted(guess.status_code for guess in guesses) == [401] * 10 + [429] * 10


async def test_who_asks_too_often_is_told_when_to_come_back_and_webhooks_never_are(tmp_path: Path) -> None:
    async with web_server(tmp_path, api_per_minute=3) as server:
        asked = [await server.call("GET", "/api/v1/orders") for _ in range(4)]
        other = await server.call("GET", "/api/v1/orders", role=Role.VIEWER)
        event = {"event_type": "order_created", "order_id": "A-1"}
        taken = [await server.client.post("/webhook", json=event) for _ in range(10)]

    assert [answer.status_code for answer in asked] == [200, 200, 200, 429]
    assert (asked[3].json()["code"], other.status_code) == ("too_many", 200)
    assert 1 <= int(asked[3].headers["retry-after"]) <= 20
    assert {answer.status_code for answer in taken} == {200}


async def test_a_user_is_changed_wholly_or_not_at_all(server: WebServer) -> None:
    await invited(server)
    change = {"password": "battery staple", "role": "viewer"}

    last = await server.call("PATCH", "/api/v1/users/kim", change)
    kept = await sign_in(server)
    await server.registry.users.create("lee", password=PASSWORD, role=Role.ADMIN, by="test")
    done = await server.call("PATCH", "/api/v1/users/kim", change)

    assert (last.status_code, kept.status_code) == (409, 200)
    assert (done.status_code, done.json()["role"]) == (200, "viewer")
    assert await status(server, "GET", "/api/v1/me") == 401
    assert (await sign_in(server, password="battery staple")).status_code == 200


async def test_a_new_password_takes_the_old_one_and_ends_other_sessions(server: WebServer) -> None:
    elsewhere = (await invited(server)).headers["set-cookie"].partition(";")[0]
    await sign_in(server)

    change = {"current": "wrong horse", "new": "battery staple"}
    wrong = await status(server, "POST", "/api/v1/me/password", change, X_Orderwatch="1")
    right = await status(server, "POST", "/api/v1/me/password", change | {"current": PASSWORD}, X_Orderwatch="1")

    assert (wrong, right) == (403, 204)
    assert await status(server, "GET", "/api/v1/me") == 200
    assert await status(server, "GET", "/api/v1/me", Cookie=elsewhere) == 401
    assert (await sign_in(server)).status_code == 401
    assert (await sign_in(server, password="battery staple")).status_code == 200


async def test_a_session_sees_personal_data_masked_whatever_its_role(server: WebServer) -> None:
    await server.send({"event_type": "order_created", "order_id": "A-1", "customer": {"name": "Kim Minsu"}})
    await invited(server)

    shown = await server.call("GET", "/api/v1/orders/default/A-1", role=None)
    revealed = await server.call("POST", "/api/v1/orders/default/A-1/reveal", role=None, headers=OURS)

    assert shown.json()["customer"]["name"] == "K… M…"
    assert revealed.json()["customer"]["name"] == "Kim Minsu"
    audit = await server.get("/api/v1/audit")
    assert ("kim", "orders.reveal") in [(entry["by"], entry["action"]) for entry in audit["items"]]


async def test_admins_look_after_users(server: WebServer) -> None:
    await server.call("POST", "/api/v1/users", {"name": "boss", "password": PASSWORD, "role": "admin"})
    made = await server.call("POST", "/api/v1/users", {"name": "박민", "password": PASSWORD, "role": "viewer"})
    again = await server.call("POST", "/api/v1/users", {"name": "박민", "password": PASSWORD, "role": "viewer"})
    raised = await server.call("PATCH", "/api/v1/users/박민", {"role": "operator"})
    wrong = await server.call("PATCH", "/api/v1/users/박민", {"role": "king"})
    last = await server.call("PATCH", "/api/v1/users/boss", {"role": "viewer"})
    await sign_in(server, "박민")
    off = await server.call("PATCH", "/api/v1/users/박민", {"disabled": True})

    assert (made.status_code, again.status_code, raised.json()["role"]) == (201, 409, "operator")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "body.role")
    assert last.status_code == 409
    assert off.json()["disabled"] is True
    assert await status(server, "GET", "/api/v1/me") == 401
    assert (await server.call("DELETE", "/api/v1/users/박민")).status_code == 204
    assert [user["name"] for user in (await server.get("/api/v1/users"))["items"]] == ["boss"]


async def test_a_token_is_shown_once(server: WebServer) -> None:
    made = await server.call("POST", "/api/v1/tokens", {"name": "till", "role": "viewer"})
    listed = (await server.call("GET", "/api/v1/tokens")).text

    token = made.json()
    assert token["token"].startswith("ow_")
    assert token["token"] not in listed
    assert await status(server, "GET", "/api/v1/me", Authorization=f"Bearer {token['token']}") == 200
    assert (await server.call("DELETE", f"/api/v1/tokens/{token['id']}")).status_code == 204
    assert await status(server, "GET", "/api/v1/me", Authorization=f"Bearer {token['token']}") == 401


async def test_an_admin_invites_others(server: WebServer) -> None:
    invite = await server.call("POST", "/api/v1/invites", {"role": "viewer"})

    url = invite.json()["url"]
    body = {"invite": url.partition("invite=")[2], "name": "lee", "password": PASSWORD}
    accepted = await server.call("POST", "/api/v1/session/invite", body, role=None)

    assert url.startswith(f"{str(server.client.base_url).rstrip('/')}/login?invite=")
    assert (accepted.status_code, accepted.json()["role"]) == (201, "viewer")
