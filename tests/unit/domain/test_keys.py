"""What makes two webhooks the same event, and what does not."""

from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.keys import body_key, conflict_key, digest_of, event_key

NAMES = st.text("abc-0", min_size=1, max_size=5)
IDS = st.text(max_size=8)
BODIES = st.binary(max_size=8)


@given(NAMES, IDS, NAMES, IDS)
def test_an_event_is_known_by_its_source_and_id_alone(source, event_id, other_source, other_id):
    is_same = (source, event_id) == (other_source, other_id)

    assert (event_key(source, event_id) == event_key(other_source, other_id)) is is_same


@given(NAMES, BODIES, NAMES, BODIES)
def test_an_event_without_an_id_is_known_by_its_source_and_body(source, body, other_source, other_body):
    is_same = (source, body) == (other_source, other_body)

    assert (body_key(source, digest_of(body)) == body_key(other_source, digest_of(other_body))) is is_same


@given(NAMES, IDS, BODIES)
def test_the_three_kinds_of_key_never_meet(source, event_id, body):
    digest = digest_of(body)
    key = event_key(source, event_id)

    assert len({key, body_key(source, digest), conflict_key(key, digest)}) == 3


def test_a_key_takes_16_bytes_of_the_index_whatever_the_id():
    assert {len(event_key("shop", event_id)) for event_id in ("", "a\0b", "\U0001f354", "\ud800", "x" * 1000)} == {16}
