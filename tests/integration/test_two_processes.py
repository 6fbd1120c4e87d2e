"""Receiver and worker: whatever happens to one, nothing that was acknowledged is lost, and nothing is done twice."""

import os
import select
import signal
import subprocess

import pytest

from tests.running import PROGRAM, RunningServer


@pytest.fixture
def server(tmp_path):
    with RunningServer(tmp_path / "data") as running:
        yield running


def created(order_id):
    return {"event_type": "order_created", "order_id": order_id, "event_id": order_id}


def sent_to_log(server):
    status, page = server.call("GET", "/api/v1/notifications?channel=log&limit=500")
    assert status == 200
    return page["items"]


def test_webhooks_are_taken_while_the_worker_is_dead_and_it_catches_up(server):
    server.webhook(**created("A-1"))
    server.wait_for_order("A-1")
    (worker,) = server.worker_pids()

    os.kill(worker, signal.SIGKILL)
    answers = [server.webhook(**created(f"B-{n}"))[0] for n in range(50)]

    assert answers == [200] * 50
    assert server.wait_for_order("B-49")["status"] == "created"
    assert server.worker_pids() != [worker]


def test_a_worker_ends_with_its_receiver(server):
    (worker,) = server.worker_pids()
    end = os.pidfd_open(worker)

    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(10)

    # Readable once the process has ended.
    assert select.select([end], [], [], 10)[0]
    os.close(end)


def test_nothing_acknowledged_is_lost_and_nobody_is_told_twice_when_both_are_killed(server):
    acknowledged = []
    for round_number in range(3):
        for n in range(40):
            name = f"K-{round_number}-{n}"
            if server.webhook(**created(name))[0] == 200:
                acknowledged.append(name)
        server.kill()
        server.start()

    server.webhook(**created("last"))
    server.wait_for_order("last")
    missing = [name for name in acknowledged if server.order(name) is None]
    told = [item["order_id"] for item in sent_to_log(server)]

    assert missing == []
    assert len(told) == len(set(told))


def test_a_stop_is_quick_and_clean_while_streams_are_open(server):
    (worker,) = server.worker_pids()

    with server.stream() as events:
        next(events)
        server.stop()

    assert server.process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_second_server_on_the_same_folder_is_refused_with_a_reason(server):
    command = [PROGRAM, "serve", "--port", "0", "--data", str(server.data)]

    second = subprocess.run(command, capture_output=True, text=True, timeout=20, env=server.environment)

    assert second.returncode == 2
    assert "another" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_told_with_what_to_do(server, tmp_path):
    command = [PROGRAM, "serve", "--port", str(server.port), "--data", str(tmp_path / "other")]

    second = subprocess.run(command, capture_output=True, text=True, timeout=20, env=server.environment)

    assert second.returncode == 2
    assert "--port" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_lost_state_is_made_anew_and_tells_nobody_of_what_is_old(server):
    server.webhook(**created("old"))
    server.wait_for_order("old")
    server.stop()
    for file in server.data.glob("state.sqlite*"):
        file.unlink()

    server.start()
    server.webhook(**created("new"))
    server.wait_for_order("new")

    assert server.order("old")["status"] == "created"
    assert [item["order_id"] for item in sent_to_log(server)] == ["new"]
