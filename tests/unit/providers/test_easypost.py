"""EasyPost's own fixture: what it signed is also understood."""

import msgspec

from orderwatch.intake.accept import Request
from tests.preset_cases import beside, catalog, headers_of, intake_of, moment, read_submission, shown, source_for


def test_the_published_fixture_is_taken_and_understood():
    vector = beside("easypost", "vectors.json")[0]
    source = source_for(catalog().declared["easypost"], secrets=(vector["secret"],))
    request = Request(
        method="POST",
        path="/in/shop",
        headers=headers_of(vector["headers"]),
        body=vector["body"].encode(),
        received_at=moment(None),
    )

    (submission,) = intake_of(catalog()).accept(source, request)
    (event,) = read_submission(submission, source, catalog())

    assert shown(event) == {
        "type": "order.picked_up",
        "raw_type": "tracker.updated in_transit",
        "order_id": "1",
        "occurred_at": "2024-08-02T19:26:52Z",
        "eta": "2024-08-05T23:59:59Z",
        "courier": {"name": "FedEx"},
    }
    assert submission.event_id == "evt_1"
    assert len(event.data["result"]["tracking_details"]) == len(
        msgspec.json.decode(vector["body"])["result"]["tracking_details"]
    )
