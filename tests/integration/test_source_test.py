"""``source test`` and ``provider``, against a real server."""

import json
import subprocess

import httpx2
import pytest

from tests.running import PROGRAM, RunningServer


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with RunningServer(tmp_path_factory.mktemp("trial") / "data") as running:
        yield running


def program(server, *words, language="en"):
    command = [PROGRAM, *words, "--data", str(server.data)]
    environment = {**server.environment, "ORDERWATCH_PORT": str(server.port), "ORDERWATCH_LANGUAGE": language}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=50)


def findings(server, name):
    said = program(server, "source", "test", name, "--json")
    told = json.loads(said.stdout)
    assert said.returncode == (0 if told["ok"] else 1), said.stderr
    return {finding["subject"]: finding for finding in told["findings"]}


def test_a_right_set_up_is_found_right_but_that_nobody_outside_reaches_it(server):
    program(server, "source", "add", "uber", "--provider", "uber_eats", "--secret", "s3cret")
    program(server, "send", "--source", "uber", "--example", "order_created", "--set", "meta.resource_id=T-1")
    server.wait_for_order("T-1", source="uber")

    found = findings(server, "uber")

    assert {subject for subject, finding in found.items() if finding["verdict"] == "wrong"} == {"address"}
    assert "leads to this machine" in found["address"]["detail"]
    assert "understood as order.created" in found["example"]["detail"]
    assert "leads to this source" in found["way"]["detail"]
    assert "1 events" in found["news"]["detail"]


def test_a_secret_that_is_not_coded_as_the_platform_codes_it_is_named(server):
    program(server, "source", "add", "fleet", "--provider", "onfleet", "--secret", "no hex at all")

    found = findings(server, "fleet")

    assert found["example"]["verdict"] == "wrong"
    assert "not hexadecimal" in found["example"]["detail"]


def test_requests_that_no_longer_prove_themselves_and_what_waits_are_told(server):
    program(server, "source", "add", "shop", "--provider", "uber_eats", "--secret", "s3cret")
    program(server, "send", "--source", "shop", "--example", "order_created", "--set", "meta.resource_id=T-2")
    server.wait_for_order("T-2", source="shop")
    program(server, "send", "--source", "shop", "--example", "order_created", "--secret", "changed on its side")

    found = findings(server, "shop")

    assert found["signatures"]["verdict"] == "wrong"
    assert "until" in found["signatures"]["detail"]
    assert "source secret shop" in found["signatures"]["advice"]
    assert "refused" in found


def test_an_open_source_of_a_platform_that_could_prove_itself_is_wrong_and_a_beta_one_is_noted(server):
    program(server, "source", "add", "bare", "--provider", "whereparcel", "--verify", "open")

    found = findings(server, "bare")

    assert found["proof"]["verdict"] == "wrong"
    assert "HMAC-SHA256" in found["proof"]["advice"]
    assert found["platform"]["verdict"] == "note"
    assert "beta" in found["platform"]["detail"]


def test_an_address_that_leads_elsewhere_is_told_so(server):
    public = f"http://127.0.0.1:{server.port}/in/another-name"
    program(server, "source", "add", "moved", "--provider", "uber_eats", "--secret", "s", "--public-url", public)

    found = findings(server, "moved")

    assert found["way"]["verdict"] == "wrong"
    assert "404" in found["way"]["detail"]
    assert httpx2.options(public).status_code == 404


def test_it_is_said_in_korean_where_that_is_spoken(server):
    program(server, "source", "add", "parcels", "--provider", "tracker_delivery")

    said = program(server, "source", "test", "parcels", language="ko")

    assert "아직 받은 것이 없습니다." in said.stdout
    assert "이 기기나 내부 네트워크의 주소" in said.stdout


def test_a_source_that_there_is_not_is_said_so(server):
    said = program(server, "source", "test", "nobody")

    assert said.returncode == 1
    assert "nobody" in said.stderr


def test_platforms_are_listed_and_each_is_shown():
    listed = subprocess.run([PROGRAM, "provider", "list", "--json"], capture_output=True, text=True, timeout=50)
    shown = subprocess.run([PROGRAM, "provider", "show", "aftership"], capture_output=True, text=True, timeout=50)
    unknown = subprocess.run([PROGRAM, "provider", "show", "aftershop"], capture_output=True, text=True, timeout=50)

    names = {platform["name"]: platform for platform in json.loads(listed.stdout)}
    assert names["easypost"]["confidence"] == "stable"
    assert names["sweettracker"]["confidence"] == "beta"
    assert "aftership-hmac-sha256" in shown.stdout
    assert "https://www.aftership.com/docs/tracking/webhook" in shown.stdout
    assert unknown.returncode == 1
    assert "did you mean aftership?" in unknown.stderr
