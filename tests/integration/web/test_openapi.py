"""The API keeps to its description, whatever it is asked, and its description to the documentation."""

import asyncio
import json
import re
import sys
from pathlib import Path

import pytest

from orderwatch.domain.people import Role
from tests.web_server import WebServer

PROGRAM = str(Path(sys.executable).with_name("schemathesis"))
DOCUMENTATION = Path(__file__).parents[3] / "docs" / "api.md"
EXCLUDED = (
    # What the description cannot say (a cursor is one of ours, a name is free) is a 400 or 409 of its own.
    "positive_data_acceptance",
    # An order id may be `x/reveal`, so GET is allowed where only POST is described.
    "allow_header_conformance",
)


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_every_answer_is_as_described(server: WebServer, tmp_path: Path) -> None:
    await server.send({"event_type": "order_created", "order_id": "A-1", "customer": {"name": "Kim"}})
    await server.client.post("/webhook", content=b"{", headers={"content-type": "application/json"})

    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        "run",
        f"{server.client.base_url}/openapi.json".replace("//openapi", "/openapi"),
        *("--header", f"Authorization: Bearer {server.tokens[Role.ADMIN]}"),
        *("--max-examples", "5", "--generation-deterministic", "--no-color"),
        *("--phases", "coverage,fuzzing"),
        *("--exclude-checks", ",".join(EXCLUDED)),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()

    assert process.returncode == 0, output.decode()[-6000:]


async def test_every_endpoint_is_in_the_documentation(server: WebServer) -> None:
    described = await server.get("/openapi.json", role=None)
    text = DOCUMENTATION.read_text()

    words = {re.sub(r"\{[^}]*\}", "{}", word) for word in re.findall(r"[\w/{}…-]+", text)}
    tails = {path.removeprefix("/api/v1") for path in described["paths"]}
    missing = [tail for tail in tails if not _is_told(re.sub(r"\{[^}]*\}", "{}", tail), words)]

    assert missing == []


def _is_told(tail: str, words: set[str]) -> bool:
    """Say whether a path stands in the text whole, or as `…/its/end`; the three kinds of registered share one text."""
    tail = re.sub(r"^/(channels|routes)(?=$|/\{\}($|/restore))", "/sources", tail)
    parts = tail.split("/")
    ends = ["…/" + "/".join(parts[start:]) for start in range(1, len(parts))]
    return any(word in words for word in (f"/api/v1{tail}", *ends))


async def test_every_struct_that_is_named_is_described(server: WebServer) -> None:
    described = await server.get("/openapi.json", role=None)

    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described)))

    assert named <= set(described["components"]["schemas"])
    assert {"OrderDetail", "Problem", "Stats", "SourceShape"} <= named
    assert "422" not in json.dumps(list(described["paths"].values()))
