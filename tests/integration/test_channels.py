"""The channels, against real receivers on this machine."""

import asyncio
import json
from base64 import b64encode
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from orderwatch.channels.catalog import CHANNELS, make_sender
from orderwatch.channels.guard import ForbiddenTarget, check, resolve
from orderwatch.channels.kinds import Surroundings
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.notifications import Channel, Message, Rejected, Retry, Sent
from orderwatch.kit.clock import SystemClock
from orderwatch.notify.ports import Due
from tests.listening import listening
from tests.set_clock import NOON

SECRET = "whsec_" + b64encode(b"0123456789abcdef0123456789abcdef").decode()


def due(**payload):
    message = Message(
        title="New order A-1", text="New order A-1 · 가게 s1", payload={"type": "order.created", **payload}
    )
    return Due(
        id=7,
        cause="c",
        channel="hook",
        route=None,
        source="default",
        order_id="A-1",
        message=message,
        attempts=(),
        tries=0,
        created_at=NOON,
    )


def sender(kind, *, allow_private=True, **settings):
    surroundings = Surroundings(clock=SystemClock(), allow_private_targets=allow_private)
    return make_sender(Channel(name="hook", kind=kind, settings=settings), surroundings)


async def test_a_webhook_is_signed_as_the_reference_library_verifies():
    async with listening() as listener:
        outcome = await sender("webhook", url=listener.url + "/hooks?a=1", secret=SECRET).send(due(order_id="A-1"))

    assert outcome == Sent(detail="200")
    ((line, headers, body),) = listener.requests
    assert line == "POST /hooks?a=1 HTTP/1.1"
    told = Webhook(SECRET).verify(body.decode(), headers)
    assert told["type"] == "order.created"
    assert told["data"]["text"] == "New order A-1 · 가게 s1"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.decode() + " ", headers)


async def test_the_id_stays_the_same_over_all_tries():
    async with listening((503, {}), (200, {})) as listener:
        hook = sender("webhook", url=listener.url, secret=SECRET)
        await hook.send(due())
        await hook.send(due())

    first, second = (headers["webhook-id"] for _, headers, _ in listener.requests)
    assert first == second


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (204, {}, Sent(detail="204")),
        (301, {"location": "http://127.0.0.1:1/"}, Retry(detail="301")),
        (410, {}, Rejected(detail="410: the receiver wants no more of it")),
        (400, {}, Rejected(detail="400: the receiver refuses this message")),
        (429, {"retry-after": "120"}, Retry(detail="429", after=timedelta(seconds=120))),
        (503, {"retry-after": "999999999"}, Retry(detail="503", after=timedelta(hours=1))),
        (503, {"retry-after": "soon"}, Retry(detail="503")),
        (500, {}, Retry(detail="500")),
    ],
)
async def test_an_answer_is_judged_as_the_specification_says(status, headers, outcome):
    async with listening((status, headers)) as listener:
        assert await sender("webhook", url=listener.url, secret=SECRET).send(due()) == outcome

    assert len(listener.requests) == 1


async def test_a_receiver_that_is_not_there_is_tried_again():
    outcome = await sender("webhook", url="http://127.0.0.1:9/", secret=SECRET).send(due())

    assert isinstance(outcome, Retry)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"])
async def test_private_targets_are_refused_unless_allowed(host):
    outcome = await sender("webhook", allow_private=False, url=f"http://{host}:1/", secret=SECRET).send(due())

    assert isinstance(outcome, Rejected)
    assert "allow_private_targets" in outcome.detail


PRIVATE = "127.0.0.1 10.1.2.3 192.168.1.1 172.16.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ::1 :: fe80::1%eth0"
PRIVATE += " fc00::1 ::ffff:127.0.0.1 2001:db8::1 64:ff9b::7f00:1 2002:7f00:1::"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_every_address_that_is_not_public_is_known(address):
    with pytest.raises(ForbiddenTarget):
        check("name.example", ["93.184.215.14", address])


def test_public_addresses_are_allowed():
    check("name.example", ["93.184.215.14", "2606:4700::1111"])


async def test_the_address_that_was_checked_is_returned_to_be_connected_to():
    assert await resolve("localhost", 80, allow_private=True) in {"127.0.0.1", "::1"}


async def test_apprise_sends_to_its_services_and_tells_what_went_wrong():
    async with listening((200, {}), (500, {})) as listener:
        channel = sender("apprise", url=listener.url.replace("http://", "json://"))
        assert await channel.send(due()) == Sent()
        failed = await channel.send(due())

    assert isinstance(failed, Retry)
    assert "500" in failed.detail or "Error" in failed.detail
    assert json.loads(listener.requests[0][2])["message"] == "New order A-1 · 가게 s1"


async def test_apprise_reaches_no_private_host_unless_allowed():
    outcome = await sender("apprise", allow_private=False, url="json://127.0.0.1:1/").send(due())

    assert isinstance(outcome, Rejected)


async def test_apprise_leaves_the_loop_its_turns():
    async with listening() as listener:
        channel = sender("apprise", url=listener.url.replace("http://", "json://"))
        sending, turns = asyncio.ensure_future(channel.send(due())), 0
        while not sending.done():
            turn = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_later(0.001, turn.set_result, None)
            await turn
            turns += 1

    assert turns > 1


@pytest.mark.parametrize(
    ("kind", "settings", "reason"),
    [
        ("pigeon", {}, "no kind"),
        ("webhook", {}, "url"),
        ("webhook", {"url": "ftp://x", "secret": SECRET}, "http"),
        ("webhook", {"url": "https://x.example", "secret": "whsec_c2hvcnQ="}, "24 to 64"),
        ("webhook", {"url": "https://x.example", "secret": SECRET, "colour": "red"}, "colour"),
        ("apprise", {"url": "nope://x"}, "Apprise knows"),
        ("log", {"file": "x"}, "file"),
    ],
)
def test_wrong_settings_are_told(kind, settings, reason):
    with pytest.raises(BadSettings, match=reason):
        sender(kind, **settings)


@pytest.mark.parametrize("kind", CHANNELS.values(), ids=lambda kind: kind.name)
def test_every_kind_is_described_in_both_languages(kind):
    fields = set(kind.shape.__struct_fields__)

    assert set(kind.label) == {"en", "ko"}
    assert {setting.name for setting in kind.settings} == fields
    assert all(set(setting.label) == set(setting.help) == {"en", "ko"} for setting in kind.settings)


async def test_the_local_channels_never_fail():
    assert isinstance(await sender("log").send(due()), Sent)
    assert isinstance(await sender("browser").send(due()), Sent)
