"""The examples of docs/receiving.md, run as they stand there, answer as it says."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running import PROGRAM, RunningServer

PAGE = (Path(__file__).parents[2] / "docs" / "receiving.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDED = ("bash", "curl", "openssl")


def run(server: RunningServer, script: str) -> str:
    environment = {
        **server.environment,
        "ORDERWATCH_DATA": str(server.data),
        "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}",
    }
    script = "set -euo pipefail\n" + script.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, timeout=50)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\r", "")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Run all of them in their order; give each block's text and what came back."""
    if missing := [program for program in NEEDED if shutil.which(program) is None]:
        pytest.skip(f"the examples need {', '.join(missing)}")
    with RunningServer(tmp_path_factory.mktemp("page") / "data") as server:
        found = [(code, run(server, code) if language == "sh" else "") for language, code in FENCED.findall(PAGE)]
        server.wait_for_order("R-2", lambda order: order["status"] == "delivered")
        server.wait_for_order("1042")
        server.wait_for_order("17", source="kitchen")
        server.wait_for_order("D-1", lambda order: order["status"] == "picked_up", source="depot")
        server.wait_for_order("R-4", source="desk")
        server.wait_for_order("R-3", source="till")
    return found


def following(answers: list[tuple[str, str]], start: str) -> tuple[str, str]:
    """Return what came back of the block with `start`, and the block after it."""
    at = next(at for at, (code, _) in enumerate(answers) if start in code)
    return answers[at][1].strip(), answers[at + 1][0].strip()


def test_every_webhook_is_taken(answers: list[tuple[str, str]]) -> None:
    told = [line for _, output in answers for line in output.replace("}{", "}\n{").splitlines() if '"status"' in line]
    taken = [answer for line in told if (answer := json.loads(line))["status"] == "success"]

    # All but the one that shows a problem.
    assert len(taken) == PAGE.count("\ncurl -sS http") - 1
    assert [answer["receipt"] for answer in taken] == [1, 2, 3, 4, 5, 6, 7, 9, 10]


@pytest.mark.parametrize("start", ["ev-1", "webhook-request-origin", '{"event_type": "order_created"}\''])
def test_answers_are_as_they_stand_there(answers: list[tuple[str, str]], start: str) -> None:
    got, written = following(answers, start)

    assert got == written


def test_the_same_again_is_answered_as_it_stands_there(tmp_path: Path) -> None:
    first = next(code for language, code in FENCED.findall(PAGE) if language == "sh")
    if missing := [program for program in NEEDED if shutil.which(program) is None]:
        pytest.skip(f"the examples need {', '.join(missing)}")

    with RunningServer(tmp_path / "data") as server:
        run(server, first)

        assert f"{run(server, first)}\n" in PAGE
