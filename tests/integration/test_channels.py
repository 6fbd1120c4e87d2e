"""The channels, against real receivers on this machine."""

import asyncio
import json
import ssl
import urllib.request
from base64 import b64encode
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from orderwatch.channels.apprise.send import hide, words
from orderwatch.channels.catalog import CHANNELS, check_channel, make_sender
from orderwatch.channels.guard import ForbiddenTarget, check, resolve
from orderwatch.channels.kinds import Surroundings
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.notifications import Channel, Message, Rejected, Retry, Sent
from orderwatch.domain.secrets import is_secret
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
        (
            410,
            {},
            Rejected(detail="410 Gone: the receiver has switched this address off; give the channel another one"),
        ),
        (400, {}, Rejected(detail="400: the receiver refuses this message")),
        (404, {}, Retry(detail="404")),
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


async def test_an_answer_that_never_ends_is_not_read():
    async with listening((200, {"transfer-encoding": "chunked"})) as listener:
        assert await sender("webhook", url=listener.url, secret=SECRET).send(due()) == Sent(detail="200")


async def test_the_name_stays_in_the_host_header_and_an_address_that_does_not_answer_is_passed_over():
    async with listening() as listener:
        port = listener.url.rpartition(":")[2]
        # localhost may be ::1 as well, where nobody listens.
        outcome = await sender("webhook", url=f"http://localhost:{port}/", secret=SECRET).send(due())

    assert outcome == Sent(detail="200")
    assert listener.requests[0][1]["host"] == f"localhost:{port}"


def self_signed(name, folder):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, NOON - timedelta(1), NOON + timedelta(900))
    certificate = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False).sign(
        key, hashes.SHA256()
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    return str(folder / "key.pem")


async def test_tls_asks_for_the_name_and_trusts_no_stranger(tmp_path):
    asked_for = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed("localhost", tmp_path))
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    async with listening(tls=context) as listener:
        port = listener.url.rpartition(":")[2]
        outcome = await sender("webhook", url=f"https://localhost:{port}/", secret=SECRET).send(due())

    assert isinstance(outcome, Retry)
    assert "certificate" in outcome.detail.lower()
    assert "localhost" in asked_for
    assert listener.requests == []


async def test_a_receiver_that_is_not_there_is_tried_again():
    outcome = await sender("webhook", url="http://127.0.0.1:9/", secret=SECRET).send(due())

    assert isinstance(outcome, Retry)


async def test_a_name_that_no_host_can_have_is_told_like_any_that_does_not_resolve():
    outcome = await sender("webhook", url="http://a..b/", secret=SECRET).send(due())

    assert isinstance(outcome, Retry)
    assert "a..b does not resolve" in outcome.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"])
async def test_private_targets_are_refused_unless_allowed(host):
    outcome = await sender("webhook", allow_private=False, url=f"http://{host}:1/", secret=SECRET).send(due())

    assert isinstance(outcome, Rejected)
    assert "allow_private_targets" in outcome.detail


PRIVATE = "127.0.0.1 10.1.2.3 192.168.1.1 172.16.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ::1 :: fe80::1%eth0"
PRIVATE += " fc00::1 ::ffff:127.0.0.1 2001:db8::1 64:ff9b::7f00:1 64:ff9b:1::7f00:1 2002:7f00:1:: 2001::7f00:1 nonsense"
PRIVATE += " ::127.0.0.1 fec0::1"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_every_address_that_is_not_public_is_known(address):
    with pytest.raises(ForbiddenTarget):
        check("name.example", ["93.184.215.14", address])


def test_public_addresses_are_allowed():
    check("name.example", ["93.184.215.14", "2606:4700::1111"])


async def test_the_address_that_was_checked_is_returned_to_be_connected_to():
    assert set(await resolve("localhost", 80, allow_private=True)) <= {"127.0.0.1", "::1"}


async def test_apprise_sends_to_its_services_and_tells_what_went_wrong():
    async with listening((200, {}), (500, {})) as listener:
        channel = sender("apprise", url=listener.url.replace("http://", "json://"))
        assert await channel.send(due()) == Sent()
        failed = await channel.send(due())

    assert isinstance(failed, Retry)
    assert "500" in failed.detail
    sent = json.loads(listener.requests[0][2])
    assert (sent["title"], sent["message"], sent["type"]) == ("New order A-1", "가게 s1", "info")


def json_service(listener, path=""):
    return listener.url.replace("http://", "json://user:s3cr3t-key@") + path


async def test_apprise_reaches_no_private_address_unless_allowed():
    async with listening() as listener:
        outcome = await sender("apprise", allow_private=False, url=json_service(listener)).send(due())
        by_name = await sender(
            "apprise", allow_private=False, url=json_service(listener).replace("127.0.0.1", "localhost")
        ).send(due())
        mail = await sender("apprise", allow_private=False, url="mailto://u:p@example.com?smtp=127.0.0.1").send(due())

    for refused in (outcome, by_name, mail):
        assert isinstance(refused, Rejected)
        assert "allow_private_targets" in refused.detail
    assert listener.requests == []


async def test_the_guard_of_apprise_holds_up_nothing_else():
    async with listening() as listener:
        await sender("apprise", allow_private=False, url=json_service(listener)).send(due())
        await asyncio.to_thread(urllib.request.urlopen, listener.url, b"", 5)
        outcome = await sender("apprise", url=json_service(listener)).send(due())

    assert outcome == Sent()
    assert len(listener.requests) == 2


async def test_apprise_follows_no_redirect():
    async with listening() as other, listening((302, {"location": other.url})) as listener:
        outcome = await sender("apprise", url=json_service(listener)).send(due())

    assert isinstance(outcome, Retry)
    assert other.requests == []


async def test_what_apprise_says_of_a_failure_holds_no_secret():
    secret = "s3cr3t-key"
    outcome = await sender("apprise", url=f"json://user:{secret}@127.0.0.1:9/{secret}/x").send(due())

    assert isinstance(outcome, Retry)
    assert outcome.detail
    assert secret not in outcome.detail
    assert hide(f"POST json://user:{secret}@host.example/ failed", f"json://user:{secret}@host.example/") == (
        "POST json://••••:••••@host.example/ failed"
    )


@pytest.mark.parametrize(
    ("link", "told"),
    [
        (None, ("New order A-1", "가게 s1")),
        ("http://127.0.0.1:8000/orders/x/A-1", ("New order A-1", "가게 s1")),
        ("https://ow.example/orders/x/A-1", ("New order A-1", "가게 s1\nhttps://ow.example/orders/x/A-1")),
    ],
)
def test_title_and_body_do_not_say_the_same_twice_and_a_link_leads_where_it_can_be_followed(link, told):
    assert words(Message(title="New order A-1", text="New order A-1 · 가게 s1", link=link)) == told
    assert words(Message(title="Hello", text="Hello")) == ("", "Hello")


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
    ("kind", "settings", "reasons"),
    [
        ("pigeon", {}, ["no kind"]),
        ("webhook", {}, ["url is missing", "secret is missing"]),
        ("webhook", {"url": "ftp://x"}, ["http://", "secret is missing"]),
        ("webhook", {"url": 5, "secret": SECRET, "colour": "red"}, ["url must be an address", "colour"]),
        ("webhook", {"url": "ftp://x", "secret": "whsec_c2hvcnQ="}, ["http://", "24 to 64"]),
        ("webhook", {"url": "https://x.example:0", "secret": SECRET}, ["http://"]),
        ("apprise", {"url": "nope://x"}, ["Apprise knows"]),
        ("apprise", {"url": "slack://x"}, ["Apprise knows"]),
        ("log", {"file": "x"}, ["file"]),
    ],
)
async def test_wrong_settings_are_told_all_at_once(kind, settings, reasons):
    with pytest.raises(BadSettings) as told:
        await check_channel(Channel(name="hook", kind=kind, settings=settings))

    assert all(reason in told.value.message for reason in reasons)
    assert all("hook" in fault for fault in told.value.faults)


def test_a_sender_is_not_made_of_wrong_settings():
    with pytest.raises(BadSettings, match="24 to 64"):
        sender("webhook", url="https://x.example", secret="whsec_c2hvcnQ=")


async def test_an_apprise_address_that_turns_out_wrong_is_refused_when_it_is_used():
    assert await sender("apprise", url="nope://x").send(due()) == Rejected(detail="Apprise does not know this address")


@pytest.mark.parametrize("kind", CHANNELS.values(), ids=lambda kind: kind.name)
async def test_every_kind_is_described_in_both_languages_with_examples_that_work(kind):
    description = kind.description
    examples = {setting.name: setting.example for setting in description.settings}

    assert description.kind == kind.name
    for told in (description, *description.settings):
        assert set(told.label) == set(told.help) == {"en", "ko"}
    await check_channel(Channel(name="example", kind=kind.name, settings=examples))


@pytest.mark.parametrize("kind", CHANNELS.values(), ids=lambda kind: kind.name)
def test_what_a_kind_calls_secret_is_kept_encrypted_and_shown_masked(kind):
    for setting in kind.description.settings:
        assert setting.secret is is_secret(setting.name, str(setting.example))


async def test_the_local_channels_never_fail():
    assert isinstance(await sender("log").send(due()), Sent)
    assert isinstance(await sender("browser").send(due()), Sent)
