"""The live stream, read line by line as the standard ends lines."""

import json

import httpx2

from orderwatch.cli.sse import StreamEvent, read_stream

ORDER = {"order_id": "A\u2028\x85\x1c1", "reason": "김치"}


async def events(*pieces: bytes) -> list[StreamEvent]:
    async def body():
        for piece in pieces:
            yield piece

    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=body()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://server") as client:
        return [event async for event in read_stream(client, last_event_id="")]


async def test_what_looks_like_the_end_of_a_line_within_json_is_none() -> None:
    data = json.dumps(ORDER, ensure_ascii=False).encode()

    (event,) = await events(b"event: order\nid: 7\ndata: " + data + b"\n\n")

    assert (event.name, event.id, event.data) == ("order", "7", ORDER)


async def test_the_stream_may_be_cut_anywhere() -> None:
    whole = b"event: order\r\ndata: " + json.dumps(ORDER, ensure_ascii=False).encode() + b"\r\n\r\n:\n\n"

    found = await events(*(whole[n : n + 1] for n in range(len(whole))))

    assert [event.data for event in found] == [ORDER]
