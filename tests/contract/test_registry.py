"""One suite over both databases: what people decided is kept, and kept safe."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.commands import CommandKind
from orderwatch.domain.errors import BadSettings, Conflict, NotFound
from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.people import Role
from orderwatch.domain.sources import Source, Verification
from orderwatch.storage.engines import Engines
from orderwatch.storage.registry.passwords import Passwords
from orderwatch.storage.registry.registry import Registry
from orderwatch.storage.tables import registry as tables
from orderwatch.storage.vault import Vault
from tests.set_clock import NOON, SetClock

KEY = b"k" * 32


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def open_registry(engines: Engines, clock: SetClock, key: bytes = KEY) -> Registry:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Registry(engines.registry, vault=Vault(key), clock=clock, passwords=Passwords(quick))


@pytest.fixture
def registry(engines: Engines, clock: SetClock) -> Registry:
    return open_registry(engines, clock)


async def everything_stored(engine: AsyncEngine) -> bytes:
    async with engine.connect() as connection:
        stored = b""
        for table in tables.metadata.sorted_tables:
            for row in await connection.execute(table.select()):
                stored += b" ".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
        return stored


async def test_a_new_store_has_what_the_first_webhook_needs(registry: Registry) -> None:
    await registry.seed()

    assert [(s.name, s.provider, s.verification) for s in await registry.sources.specs()] == [
        ("default", "orderwatch", Verification.OPEN)
    ]
    assert [(c.name, c.kind) for c in await registry.channels.specs()] == [("browser", "browser"), ("log", "log")]
    assert [(r.name, r.event_types, r.channels) for r in await registry.routes.specs()] == [
        ("new-orders", ("order.created",), ("log", "browser"))
    ]


async def test_what_was_deleted_stays_deleted_when_the_store_is_opened_again(registry: Registry) -> None:
    await registry.seed()
    await registry.routes.delete("new-orders", by="kim")

    await registry.seed()

    assert await registry.routes.specs() == []


async def test_each_change_raises_the_revision_and_reading_does_not(registry: Registry) -> None:
    before = await registry.revision()

    await registry.sources.create(Source(name="shop"), by="kim")
    created = await registry.revision()
    await registry.sources.save(Source(name="shop", currency="KRW"), by="kim")
    saved = await registry.revision()
    await registry.sources.entries()
    await registry.sources.delete("shop", by="kim")

    assert (before, created, saved, await registry.revision()) == (0, 1, 2, 3)


async def test_secrets_are_unreadable_in_the_store_and_readable_through_it(
    registry: Registry, engines: Engines
) -> None:
    source = Source(name="shop", verification=Verification.TOKEN, secrets=("first-of-two", "second-of-two"))
    channel = Channel(
        name="slack",
        kind="apprise",
        settings={"url": "slack://Tok-A/Tok-B", "headers": {"X-Api-Key": "abcdef"}, "note": "for the shift", "n": 3},
    )

    await registry.sources.create(source, by="kim")
    await registry.channels.create(channel, by="kim")

    stored = await everything_stored(engines.registry)
    assert not any(secret in stored for secret in (b"first-of-two", b"second-of-two", b"Tok-A", b"abcdef"))
    assert b"for the shift" in stored
    assert (await registry.sources.get("shop")).spec == source
    assert (await registry.channels.get("slack")).spec == channel


async def test_another_key_is_a_fault_that_names_the_row(registry: Registry, engines: Engines, clock: SetClock) -> None:
    await registry.sources.create(Source(name="shop", secrets=("s3cret",)), by="kim")

    other = open_registry(engines, clock, key=b"x" * 32)

    with pytest.raises(BadSettings, match="sources/shop"):
        await other.sources.get("shop")


async def test_a_secret_cannot_be_moved_to_another_source(registry: Registry, engines: Engines) -> None:
    await registry.sources.create(Source(name="mine", secrets=("s3cret",)), by="kim")
    await registry.sources.create(Source(name="yours", secrets=("other",)), by="kim")

    async with engines.registry.begin() as connection:
        await connection.execute(
            text("UPDATE sources SET spec = (SELECT spec FROM sources WHERE name = 'mine') WHERE name = 'yours'")
        )

    with pytest.raises(BadSettings):
        await registry.sources.get("yours")


async def test_a_deleted_source_comes_back_with_its_secrets(registry: Registry) -> None:
    source = Source(name="shop", secrets=("s3cret",))
    await registry.sources.create(source, by="kim")
    await registry.sources.delete("shop", by="kim")

    restored = await registry.sources.restore("shop", by="lee")

    assert restored.spec == source
    with pytest.raises(Conflict):
        await registry.sources.restore("shop", by="lee")
    with pytest.raises(NotFound):
        await registry.sources.restore("never-was", by="lee")


async def test_what_is_still_needed_cannot_be_deleted(registry: Registry) -> None:
    await registry.seed()
    await registry.channels.create(Channel(name="spare", kind="log"), by="kim")
    await registry.channels.save(Channel(name="log", kind="log", fallback="spare"), by="kim")

    with pytest.raises(Conflict, match="route new-orders"):
        await registry.channels.delete("browser", by="kim")
    with pytest.raises(Conflict, match="channel log"):
        await registry.channels.delete("spare", by="kim")
    with pytest.raises(Conflict, match="disable it"):
        await registry.sources.delete("default", by="kim")


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (Source(name="Not A Slug"), "name"),
        (Source(name="a", time_zone="Mars/Olympus"), "time_zone"),
        (Source(name="a", secrets=("1", "2", "3")), "secrets"),
        (Source(name="a", secrets=("",)), "secrets"),
        (Source(name="a", verification=Verification.HMAC), "secrets"),
    ],
)
async def test_a_source_that_cannot_work_is_not_kept(registry: Registry, source: Source, named: str) -> None:
    with pytest.raises(BadSettings, match=named):
        await registry.sources.create(source, by="kim")

    assert await registry.sources.specs() == []


async def test_a_route_to_nowhere_is_not_kept(registry: Registry) -> None:
    with pytest.raises(BadSettings, match="no channel called nowhere"):
        await registry.routes.create(Route(name="r", channels=("nowhere",)), by="kim")


async def test_a_token_is_known_by_its_text_alone_until_it_is_revoked(registry: Registry, engines: Engines) -> None:
    token, secret = await registry.tokens.create("ci", role=Role.OPERATOR, by="kim")

    caller = await registry.tokens.find(secret)

    assert secret.startswith("ow_")
    assert len(secret) >= 46
    assert caller is not None
    assert (caller.name, caller.role, caller.via) == ("ci", Role.OPERATOR, "token")
    assert secret.encode() not in await everything_stored(engines.registry)
    await registry.tokens.revoke(token.id, by="kim")
    assert await registry.tokens.find(secret) is None
    assert [t.revoked_at for t in await registry.tokens.list()] == [NOON]


async def test_an_invite_makes_one_user_and_no_second(registry: Registry) -> None:
    invite = await registry.invites.create(Role.ADMIN, by="the machine")

    first = await registry.invites.redeem(invite.secret, name="kim", password="correct horse")
    second = await registry.invites.redeem(invite.secret, name="lee", password="correct horse")

    assert first is not None
    assert (first.name, first.role) == ("kim", Role.ADMIN)
    assert second is None
    assert await registry.users.any()


async def test_an_invite_is_not_spent_by_a_failure(registry: Registry) -> None:
    await registry.users.create("kim", password="correct horse", role=Role.VIEWER, by="lee")
    invite = await registry.invites.create(Role.ADMIN, by="lee")

    with pytest.raises(Conflict):
        await registry.invites.redeem(invite.secret, name="kim", password="correct horse")
    with pytest.raises(BadSettings):
        await registry.invites.redeem(invite.secret, name="park", password="short")

    assert await registry.invites.redeem(invite.secret, name="park", password="long enough") is not None


async def test_an_invite_grows_old(registry: Registry, clock: SetClock) -> None:
    invite = await registry.invites.create(Role.ADMIN, by="lee")

    clock.time += timedelta(hours=24)

    assert await registry.invites.redeem(invite.secret, name="kim", password="correct horse") is None


async def test_a_password_is_checked_and_a_disabled_user_has_none(registry: Registry) -> None:
    await registry.users.create("kim", password="correct horse", role=Role.VIEWER, by="lee")

    assert await registry.users.check("kim", password="correct horse") is not None
    assert await registry.users.check("kim", password="wrong horse") is None
    assert await registry.users.check("nobody", password="correct horse") is None
    await registry.users.change("kim", disabled=True, by="lee")
    assert await registry.users.check("kim", password="correct horse") is None


async def test_the_last_admin_stays(registry: Registry) -> None:
    await registry.users.create("kim", password="correct horse", role=Role.ADMIN, by="kim")

    with pytest.raises(Conflict):
        await registry.users.delete("kim", by="kim")
    with pytest.raises(Conflict):
        await registry.users.change("kim", disabled=True, by="kim")
    with pytest.raises(Conflict):
        await registry.users.change("kim", role=Role.VIEWER, by="kim")
    assert [(u.role, u.disabled) for u in await registry.users.list()] == [(Role.ADMIN, False)]


async def test_a_session_slides_while_it_is_used_and_ends_when_it_is_not(registry: Registry, clock: SetClock) -> None:
    await registry.users.create("kim", password="correct horse", role=Role.OPERATOR, by="lee")
    session = await registry.sessions.create("kim")

    for _ in range(3):
        clock.time += timedelta(days=13)
        caller = await registry.sessions.find(session)
        assert caller is not None
        assert (caller.name, caller.role, caller.via) == ("kim", Role.OPERATOR, "session")
        assert caller.expires_at == clock.time + timedelta(days=14)
    clock.time += timedelta(days=14)

    assert await registry.sessions.find(session) is None


async def test_a_new_password_ends_all_sessions_but_the_one_it_was_changed_in(registry: Registry) -> None:
    await registry.users.create("kim", password="correct horse", role=Role.OPERATOR, by="lee")
    here, there = await registry.sessions.create("kim"), await registry.sessions.create("kim")

    await registry.users.set_password("kim", password="battery staple", by="kim", keep_session=here)

    assert await registry.sessions.find(here) is not None
    assert await registry.sessions.find(there) is None
    assert await registry.users.check("kim", password="battery staple") is not None


async def test_a_session_ends_with_its_user(registry: Registry) -> None:
    await registry.users.create("kim", password="correct horse", role=Role.OPERATOR, by="lee")
    await registry.users.create("boss", password="correct horse", role=Role.ADMIN, by="lee")
    session = await registry.sessions.create("kim")

    await registry.users.delete("kim", by="boss")

    assert await registry.sessions.find(session) is None


async def test_commands_are_followed_by_id(registry: Registry) -> None:
    first = await registry.commands.add(CommandKind.NOTIFICATION_RESEND, {"id": 3}, by="kim")
    second = await registry.commands.add(CommandKind.CHANNEL_TEST, {"channel": "log"}, by="kim")

    assert await registry.commands.after(0) == [first, second]
    assert await registry.commands.after(first.id) == [second]
    assert await registry.commands.get(second.id) == second
    with pytest.raises(NotFound):
        await registry.commands.get(99)


async def test_the_audit_tells_who_did_what_newest_first_in_pages(registry: Registry, clock: SetClock) -> None:
    await registry.sources.create(Source(name="shop"), by="kim")
    clock.time += timedelta(minutes=1)
    await registry.audit.add(by="lee", action="order.reveal", subject="shop/A-1")

    newest = await registry.audit.page(cursor=None, limit=1)
    older = await registry.audit.page(cursor=newest.next, limit=1)

    assert [(e.by, e.action, e.subject, e.at) for e in (*newest.items, *older.items)] == [
        ("lee", "order.reveal", "shop/A-1", NOON + timedelta(minutes=1)),
        ("kim", "sources.create", "sources/shop", NOON),
    ]
    assert older.next is None
