"""The verbs as a person or a script runs them, beside a real server."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from orderwatch.cli import program
from orderwatch.cli.follow import Lines
from orderwatch.cli.sse import StreamEvent
from orderwatch.cli.terminal import Terminal
from tests.running import PROGRAM, RunningServer

REAL = Path(__file__).parents[3] / "shared" / "data" / "food_deliveries_days01-15.csv"
Done = subprocess.CompletedProcess[str]


def ask(server: RunningServer, path: str) -> Any:
    status, answer = server.call("GET", path)
    assert status == 200, answer
    return answer


def run(*words: str, server: RunningServer | None = None, stdin: str = "", **environment: str) -> Done:
    """Run a verb within this process; with `server`, as on that server's machine."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, _environment(server, environment), clear=True),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = program.run(words)
    return Done(words, code, out.getvalue(), err.getvalue())


def run_apart(*words: str, server: RunningServer | None = None, cwd: Path | None = None, **environment: str) -> Done:
    """Run a verb as a process of its own."""
    given = _environment(server, environment)
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, env=given, cwd=cwd, timeout=50)


def _environment(server: RunningServer | None, more: dict[str, str]) -> dict[str, str]:
    given = {key: value for key, value in os.environ.items() if not key.startswith("ORDERWATCH_")}
    if server is not None:
        given |= {"ORDERWATCH_DATA": str(server.data), "ORDERWATCH_PORT": str(server.port)}
    return given | {"ORDERWATCH_LANGUAGE": "en", "COLUMNS": "200"} | more


def json_of(*words: str, server: RunningServer) -> Any:
    done = run(*words, "--json", server=server)
    assert done.returncode in {0, 1}, done.stderr
    return json.loads(done.stdout)


def untold(server: RunningServer) -> Any:
    """Return the order B-1 without the notifications about it, which are still on their way."""
    return {**ask(server, "/api/v1/orders/default/B-1"), "told": None}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Give a running server that all tests here share."""
    with RunningServer(tmp_path_factory.mktemp("commands") / "data") as running:
        yield running


@pytest.fixture
def idle(tmp_path: Path) -> str:
    """Give the data folder of a server that is not running."""
    assert run("migrate", "--data", str(tmp_path / "data")).returncode == 0
    return str(tmp_path / "data")


class TestFaults:
    def test_without_a_verb_it_explains_itself(self) -> None:
        done = run_apart()

        assert done.returncode == 2
        assert "orderwatch serve" in done.stdout + done.stderr

    def test_a_verb_that_there_is_not_is_wrong_usage(self) -> None:
        done = run("servo")

        assert done.returncode == 2
        assert "serve" in done.stderr

    def test_all_wrong_settings_are_told_at_once_before_anything_starts(self, tmp_path: Path) -> None:
        (tmp_path / "mine.toml").write_text("prot = 1\nmax_depth = 1\n")

        done = run_apart("serve", "--config", str(tmp_path / "mine.toml"), "--log-format", "loud")

        assert done.returncode == 2
        assert "did you mean port?" in done.stderr
        assert "max_depth = 1" in done.stderr
        assert "--log-format = 'loud'" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_server_that_does_not_run_is_said_to_be_missing(self, idle: str) -> None:
        for verb in ("send", "tail", "replay 1", "channel test log"):
            done = run(*verb.split(), "--data", idle, ORDERWATCH_PORT="1")

            assert done.returncode == 1, verb
            assert "No server answers at http://127.0.0.1:1" in done.stderr
            assert "Traceback" not in done.stderr

    def test_a_database_that_is_not_there_is_told_without_a_traceback(self) -> None:
        done = run("token", "list", "--database", "postgresql://nobody@127.0.0.1:1/none")

        assert done.returncode == 1
        assert "the store cannot be used" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_second_server_on_the_same_folder_is_refused(self, server: RunningServer) -> None:
        done = run_apart("serve", "--port", "0", "--data", str(server.data))

        assert done.returncode == 2
        assert "serves the folder" in done.stderr


class TestSending:
    def test_one_webhook_is_sent_and_the_answer_printed(self, server: RunningServer) -> None:
        done = run(
            "send",
            "--order",
            "보내기/1",
            "--set",
            "store_id=s1",
            "--set",
            "courier.lat=37.5",
            "--set",
            "courier.lon=127",
            server=server,
        )

        assert done.returncode == 0
        assert json.loads(done.stdout)["status"] == "success"
        order = server.wait_for_order("보내기/1")
        assert order["store_id"] == "s1"
        assert order["courier"]["lat"] == 37.5

    def test_a_refusal_is_printed_and_is_no_success(self, server: RunningServer) -> None:
        done = run("send", "--event", "", "--json", server=server)

        assert done.returncode == 1
        answer = json.loads(done.stdout)
        assert answer["status"] == 400
        assert answer["body"]["code"] == "unreadable"

    def test_a_registered_sender_is_signed_for_with_its_own_secret(self, server: RunningServer) -> None:
        for name, *options in (
            ("by-token",),
            ("by-standard", "--provider", "standard_webhooks"),
            ("by-hmac", "--verify", "hmac", "--content", "{timestamp}.{body}", "--timestamp-header", "x-time"),
        ):
            added = run("source", "add", name, *options, server=server)
            assert added.returncode == 0, added.stderr
            assert f"/in/{name}" in added.stderr

            event = ["--set", "type=order.created"] if name == "by-standard" else []
            right = run("send", "--source", name, "--order", name, *event, server=server)
            wrong = run("send", "--source", name, "--order", name, "--secret", "whsec_AAAAAAAA", server=server)

            assert right.returncode == 0, right.stderr
            assert (wrong.returncode, json.loads(wrong.stdout)["status"]) == (1, 401)

    def test_a_town_is_simulated_as_fast_as_the_server_takes_it(self, server: RunningServer) -> None:
        words = ["simulate", "--speed", "0", "--hours", "1", "--per-day", "300", "--seed", "5", "--duplicates", "0.2"]

        summary = json_of(*words, server=server)

        assert summary["ok"] == summary["sent"] > 50
        assert summary["duplicates"] > 0
        assert (summary["refused"], summary["failed"], summary["seed"]) == (0, 0, 5)

    @pytest.mark.skipif(not REAL.is_file(), reason="the real deliveries are not on this machine")
    def test_real_deliveries_end_as_the_file_says(self, server: RunningServer, tmp_path: Path) -> None:
        lines = REAL.read_text().splitlines()[:61]
        (tmp_path / "some.csv").write_text("\n".join(lines))
        words = [
            "--csv",
            str(tmp_path / "some.csv"),
            "--map",
            "tip=data.tip",
            "--set",
            "currency=USD",
            "--prefix",
            "t-",
        ]

        summary = json_of("simulate", *words, "--speed", "0", "--shuffle", "0.5", server=server)

        rows = [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
        steps = ("placed_at", "sent_to_restaurant_at", "courier_at_restaurant_at", "delivered_at")
        assert summary["ok"] == sum(bool(row[step]) for row in rows for step in steps)
        for row in rows:
            order = server.wait_for_order(f"t-{row['order_id']}", lambda order: order["status"] == "delivered")
            assert order["milestones"]["delivered"] == row["delivered_at"]
            assert (order["store_id"], order["currency"]) == (row["restaurant_id"], "USD")

    def test_broken_off_it_still_sums_up(self, server: RunningServer) -> None:
        assert run("source", "add", "broken-off", "--verify", "open", server=server).returncode == 0
        words = [PROGRAM, "simulate", "--source", "broken-off", "--speed", "600", "--per-day", "3000", "--json"]
        environment = _environment(server, {})
        with (
            server.stream() as events,
            subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as simulating,
        ):
            next(order for name, order, _ in events if name == "order" and order["source"] == "broken-off")

            simulating.send_signal(signal.SIGINT)
            summary = json.loads(simulating.communicate()[0])

        assert simulating.returncode == 130
        assert summary["ok"] == summary["sent"] >= 1

    def test_a_mapping_that_cannot_be_is_wrong_usage(self, server: RunningServer, tmp_path: Path) -> None:
        (tmp_path / "some.csv").write_text("id,placed_at\n1,2024-01-01T00:00:00Z\n")

        done = run("simulate", "--csv", str(tmp_path / "some.csv"), "--map", "placed=order_created", server=server)

        assert done.returncode == 2
        assert "did you mean placed_at?" in done.stderr


class TestAsking:
    def test_tail_prints_what_changes(self, server: RunningServer) -> None:
        environment = {**os.environ, "ORDERWATCH_DATA": str(server.data), "ORDERWATCH_PORT": str(server.port)}
        words = [PROGRAM, "tail", "--json", "--count", "1", "--source", "default"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as tail:
            number = 0
            # It sees what comes after it has connected; it is sent to until it has.
            while tail.poll() is None:
                number += 1
                server.webhook(event_type="order_created", order_id=f"tail-{number}")
            line = json.loads(tail.communicate()[0])

        assert tail.returncode == 0
        assert line["event"] == "order"
        assert line["data"]["source"] == "default"

    def test_tail_gives_the_terminal_no_commands_that_a_sender_wrote(self) -> None:
        card = {"source": "shop", "order_id": "A\x1b]0;mine\x07", "status": "created", "reason": "\u202eno\n\x9b1m"}
        out = io.StringIO()

        with contextlib.redirect_stdout(out):
            Lines(Terminal("en"), source=None, as_json=False).show(StreamEvent("order", "1", card))

        assert "shop" in out.getvalue()
        assert not set("\x1b\x07\x9b\u202e") & set(out.getvalue())
        assert out.getvalue().count("\n") == 1

    def test_receipts_are_replayed_and_nobody_is_told_again(self, server: RunningServer) -> None:
        answer: Any = server.webhook(event_type="order_created", order_id="again", event_id="again-1")[1]
        server.wait_for_order("again")
        told = len(ask(server, "/api/v1/notifications?limit=500")["items"])

        one = json_of("replay", str(answer["receipt"]), server=server)
        some = json_of("replay", f"1..{min(answer['receipt'], 9)}", server=server)

        assert one == {"replayed": 1, "missing": 0}
        assert some["replayed"] > 1
        server.wait_for_order("again")
        assert len(ask(server, "/api/v1/notifications?limit=500")["items"]) == told
        assert len(ask(server, "/api/v1/orders/default/again")["timeline"]) == 1

    def test_a_receipt_that_is_not_there_is_said_to_be_missing(self, server: RunningServer) -> None:
        assert json_of("replay", "99999999", server=server) == {"replayed": 0, "missing": 1}

    def test_what_fails_side_by_side_is_told_like_what_fails_alone(self, server: RunningServer) -> None:
        server.webhook(event_type="order_created", order_id="side")
        server.wait_for_order("side")
        url = f"http://127.0.0.1:{server.port}"
        _, viewer = server.call("POST", "/api/v1/tokens", {"name": "viewer", "role": "viewer"})

        refused = run("replay", "1..", "--url", url, "--token", viewer["token"])

        assert refused.returncode == 1
        assert "Error: The server refused: 403" in refused.stderr

    @pytest.mark.parametrize("words", [["replay"], ["replay", "x..y"], ["replay", "9..3"]])
    def test_a_range_that_is_none_is_wrong_usage(self, words: list[str], server: RunningServer) -> None:
        assert run(*words, server=server).returncode == 2

    def test_a_token_of_ones_own_serves_as_well_as_one_made_for_the_while(self, server: RunningServer) -> None:
        url = f"http://127.0.0.1:{server.port}"

        right = run("channel", "test", "log", "--url", url, "--token", str(server.token))
        wrong = run("channel", "test", "log", "--url", url, "--token", "ow_nobody")
        none = run("channel", "test", "log", "--url", url)

        assert right.returncode == 0, right.stderr
        assert (wrong.returncode, none.returncode) == (1, 2)
        assert "ORDERWATCH_TOKEN" in none.stderr


class TestPeople:
    def test_a_token_is_printed_alone_and_works_until_it_is_revoked(self, server: RunningServer) -> None:
        made = run("token", "create", "billing", "--role", "viewer", server=server)
        token = made.stdout.strip()
        headers = {"Authorization": f"Bearer {token}"}

        assert made.stdout == f"{token}\n"
        me: Any = server.call("GET", "/api/v1/me", headers=headers, token=False)[1]
        assert me["role"] == "viewer"
        listed = {entry["name"]: entry["id"] for entry in json_of("token", "list", server=server)}
        assert run("token", "revoke", str(listed["billing"]), server=server).returncode == 0
        assert server.call("GET", "/api/v1/me", headers=headers, token=False)[0] == 401
        assert "billing" not in run("token", "list", server=server).stdout
        assert "billing" in run("token", "list", "--all", server=server).stdout

    def test_a_person_is_added_locked_out_and_let_in_again(self, server: RunningServer) -> None:
        def sign_in(password: str) -> int:
            return server.call("POST", "/api/v1/session", {"name": "kim", "password": password}, token=False)[0]

        added = run("user", "add", "kim", "--role", "operator", server=server, stdin="a long password\n")
        assert added.returncode == 0, added.stderr
        assert sign_in("a long password") == 200
        assert run("user", "passwd", "kim", server=server, stdin="another password\n").returncode == 0
        assert sign_in("a long password") == 401
        assert run("user", "add", "admin", "--role", "admin", server=server, stdin="a long password\n").returncode == 0
        assert run("user", "disable", "kim", server=server).returncode == 0
        assert sign_in("another password") == 401
        assert run("user", "enable", "kim", server=server).returncode == 0
        assert sign_in("another password") == 200
        assert [user["name"] for user in json_of("user", "list", server=server)] == ["admin", "kim"]

    def test_a_short_password_is_refused(self, server: RunningServer) -> None:
        done = run("user", "add", "lee", server=server, stdin="short\n")

        assert done.returncode == 2
        assert "10" in done.stderr

    def test_an_invite_lets_one_person_in(self, server: RunningServer) -> None:
        url = run("invite", "--role", "viewer", server=server).stdout.strip()
        body = {"invite": url.partition("invite=")[2], "name": "park", "password": "a long password"}

        assert url.startswith(f"http://127.0.0.1:{server.port}/login?invite=")
        assert server.call("POST", "/api/v1/session/invite", body, token=False)[0] == 201
        assert server.call("POST", "/api/v1/session/invite", {**body, "name": "choi"}, token=False)[0] == 401


class TestRegistry:
    def test_secrets_of_a_sender_are_shown_when_asked_for_and_replaced_one_by_one(self, server: RunningServer) -> None:
        first = run("source", "add", "rotating", server=server).stdout.strip()

        shown = json.loads(run("source", "show", "rotating", server=server).stdout)
        second = run("source", "secret", "rotating", server=server).stdout.strip()
        revealed = json.loads(run("source", "show", "rotating", "--reveal", server=server).stdout)

        assert first not in json.dumps(shown)
        assert revealed["secrets"] == [second, first]
        assert run("send", "--source", "rotating", "--secret", first, server=server).returncode == 0
        assert run("source", "secret", "rotating", server=server).returncode == 2
        dropped = run("source", "secret", "rotating", "--drop-old", server=server)
        assert (dropped.returncode, dropped.stdout) == (0, "")
        kept = json.loads(run("source", "show", "rotating", "--reveal", server=server).stdout)
        assert kept["secrets"] == [second]
        assert run("source", "secret", "rotating", "--drop-old", server=server).returncode == 2
        # The server looks twice a second whether another process has changed something.
        while run("send", "--source", "rotating", "--secret", first, server=server).returncode == 0:
            pass

    def test_what_is_removed_is_refused(self, server: RunningServer) -> None:
        assert run("source", "add", "passing", "--verify", "open", server=server).returncode == 0
        assert run("source", "remove", "passing", server=server, stdin="n\n").returncode == 1
        assert run("source", "remove", "passing", "--yes", server=server).returncode == 0

        # The server looks twice a second whether another process has changed something.
        while server.call("POST", "/in/passing", {"event_type": "order_created", "order_id": "x"})[0] != 404:
            pass
        assert "passing" not in [source["name"] for source in json_of("source", "list", server=server)]

    def test_a_route_leads_an_event_to_a_channel(self, server: RunningServer) -> None:
        assert run("channel", "add", "second-log", "--kind", "log", server=server).returncode == 0
        words = ["--event", "order_refunded", "--store", "s9", "--channel", "second-log"]
        assert run("route", "add", "refunds", *words, server=server).returncode == 0

        server.webhook(event_type="order_refunded", order_id="told", store_id="s9")
        server.wait_for_order("told")

        told = ask(server, "/api/v1/notifications?channel=second-log")["items"]
        assert [notification["order_id"] for notification in told] == ["told"]
        assert "refunds" in run("route", "list", server=server).stdout
        refused = run("channel", "remove", "second-log", "--yes", server=server)
        assert (refused.returncode, "refunds" in refused.stderr) == (1, True)
        assert run("route", "remove", "refunds", "--yes", server=server).returncode == 0
        assert run("channel", "remove", "second-log", "--yes", server=server).returncode == 0
        assert run("channel", "test", "log", server=server).returncode == 0

    def test_settings_of_a_channel_are_checked_before_it_is_added(self, server: RunningServer) -> None:
        done = run("channel", "add", "bad", "--kind", "webhook", "--set", "url=nowhere", server=server)

        assert done.returncode == 2
        assert "bad" not in [channel["name"] for channel in json_of("channel", "list", server=server)]

    def test_the_secret_of_a_channel_is_not_listed(self, server: RunningServer) -> None:
        url = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
        assert run("channel", "add", "team", "--set", f"url={url}", server=server).returncode == 0

        assert "TIiajkdnlazkcOXrIdevi7FQ" not in run("channel", "list", server=server).stdout


class TestUpkeep:
    def test_a_well_server_has_nothing_wrong(self, server: RunningServer) -> None:
        found = json_of("doctor", server=server)

        wrong = [finding for finding in found["findings"] if finding["verdict"] == "wrong"]
        subjects = {finding["subject"] for finding in found["findings"]}
        assert (found["ok"], wrong) == (True, [])
        assert {"folder", "disk", "schema", "journal", "state", "registry", "receipts", "clock", "worker"} <= subjects

    @pytest.mark.postgres
    def test_a_database_is_examined_as_well_as_files(self, postgres_url: str, tmp_path: Path) -> None:
        words = ["--database", postgres_url, "--data", str(tmp_path / "data")]

        made = run("migrate", *words)
        token = run("token", "create", "one", *words)
        found = json.loads(run("doctor", "--json", *words).stdout)
        checked = run("check", "--port", "0", *words)

        assert (made.returncode, token.returncode, checked.returncode) == (0, 0, 0)
        assert found["ok"] is True
        assert {"schema", "receipts", "clock", "lag"} <= {finding["subject"] for finding in found["findings"]}

    def test_a_key_that_others_can_read_is_wrong(self, idle: str) -> None:
        run("token", "list", "--data", idle)
        Path(idle, "secret.key").chmod(0o644)

        done = run("doctor", "--data", idle)

        assert done.returncode == 1
        assert "chmod 600" in done.stdout

    def test_a_folder_without_a_store_is_wrong(self, tmp_path: Path) -> None:
        done = run("doctor", "--data", str(tmp_path / "nothing"), "--json")

        assert done.returncode == 1
        assert not (tmp_path / "nothing").exists()
        assert [f["subject"] for f in json.loads(done.stdout)["findings"] if f["verdict"] == "wrong"] == ["store"]

    def test_a_spoilt_file_is_found_with_its_cure(self, idle: str) -> None:
        with Path(idle, "state.sqlite").open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 4096)

        done = run("doctor", "--data", idle)

        assert done.returncode == 1
        assert "made anew" in done.stdout

    def test_check_finds_all_that_would_be_in_the_way(self, server: RunningServer, tmp_path: Path) -> None:
        words = ["--data", str(tmp_path / "new"), "--port", str(server.port), "--handlers", "nowhere:handlers"]

        found = json.loads(run("check", *words, "--json").stdout)

        verdicts = {finding["subject"]: finding["verdict"] for finding in found["findings"]}
        assert verdicts == {
            "settings": "ok",
            "handlers": "wrong",
            "port": "note",
            "folder": "ok",
            "disk": "ok",
            "store": "note",
        }
        assert not (tmp_path / "new").exists()

    def test_check_finds_handlers_and_names_them(self, tmp_path: Path) -> None:
        (tmp_path / "shop.py").write_text(
            "from orderwatch import Handlers\n"
            "handlers = Handlers()\n"
            "@handlers.on('order_created')\n"
            "def tell(event): ...\n"
        )

        done = run_apart("check", "--handlers", "shop:handlers", "--port", "0", "--json", cwd=tmp_path)

        assert done.returncode == 0, done.stdout + done.stderr
        assert "shop:handlers: tell" in done.stdout

    def test_check_reports_wrong_settings_as_findings(self) -> None:
        done = run("check", "--json", ORDERWATCH_PROT="1")

        assert done.returncode == 1
        assert "ORDERWATCH_PORT" in json.loads(done.stdout)["findings"][0]["detail"]

    def test_migrate_says_what_it_would_do_and_then_what_it_did(self, tmp_path: Path) -> None:
        data = str(tmp_path / "data")

        would = run("migrate", "--dry-run", "--data", data)
        assert not Path(data).exists()
        did = run("migrate", "--data", data)
        then = run("migrate", "--data", data)

        assert would.stdout == "journal: would be made\nstate: would be made\nregistry: would be made\n"
        assert did.stdout == "journal: made\nstate: made\nregistry: made\n"
        assert then.stdout == "The store is up to date.\n"

    def test_a_rebuild_waits_for_the_server_to_be_stopped(self, server: RunningServer) -> None:
        done = run_apart("rebuild", server=server)

        assert done.returncode == 2
        assert "stop it" in done.stderr

    def test_a_rebuild_makes_the_same_orders_anew(self, tmp_path: Path) -> None:
        with RunningServer(tmp_path / "data") as first:
            for event in ("order_created", "order_accepted", "order_delivered"):
                first.webhook(event_type=event, order_id="B-1")
            first.webhook(event_type="order_created", order_id="B-2")
            first.wait_for_order("B-2")
            before = untold(first)
            first.stop()
            first.process.stdout.close()

            done = run_apart("rebuild", "--json", server=first)

            assert json.loads(done.stdout) == {"receipts": 4}
            first.start()
            assert untold(first) == before
