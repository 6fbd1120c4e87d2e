"""A platform is set up and tried from the command line, against a real server."""

import subprocess

import pytest

from tests.running import PROGRAM, RunningServer


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with RunningServer(tmp_path_factory.mktemp("presets") / "data") as running:
        yield running


def test_a_platform_is_added_with_two_secrets_and_its_own_example_becomes_an_order(server):
    added = program(server, "source", "add", "uber", "--provider", "uber_eats", "--secret", "new", "--secret", "old")
    sent = program(server, "send", "--source", "uber", "--example", "order_created")
    second = program(server, "send", "--source", "uber", "--example", "order_created", "--secret", "wrong")

    assert added.returncode == 0, added.stderr
    assert "uber sends to: http" in added.stderr
    assert "In Uber's developer dashboard" in added.stderr
    assert sent.returncode == 0, sent.stderr
    assert "200" in sent.stderr
    assert second.returncode == 1
    assert "wrong_signature" in second.stdout


def test_a_key_of_an_example_can_be_changed_on_its_way(server):
    program(server, "source", "add", "eats", "--provider", "uber_eats", "--secret", "s3cret")

    sent = program(server, "send", "--source", "eats", "--example", "order_created", "--set", "meta.resource_id=A-9")

    assert sent.returncode == 0, sent.stderr
    assert server.wait_for_order("A-9", source="eats")["status"] == "created"


def test_what_cannot_be_sent_is_said_with_what_can(server):
    program(server, "source", "add", "food", "--provider", "uber_eats", "--secret", "s3cret")

    missing = program(server, "send", "--source", "food", "--example", "order_baked")
    own = program(server, "send", "--source", "food")
    default = program(server, "send", "--example", "order_created")

    assert "order_cancelled, order_created, store_offline" in missing.stderr
    assert "send one of its examples (--example)" in own.stderr
    assert "speaks as orderwatch, which has no examples" in default.stderr
    assert (missing.returncode, own.returncode, default.returncode) == (1, 2, 2)


def program(server, *words):
    command = [PROGRAM, *words, "--data", str(server.data)]
    environment = {**server.environment, "ORDERWATCH_PORT": str(server.port)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=50)
