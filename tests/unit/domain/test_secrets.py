"""Which settings are secrets, how they look to people, and that looking at them loses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.secrets import HIDDEN, Json, is_secret, keep_masked, mask_settings, masked

PLAIN = st.text(alphabet="abcdefgh:/@?#0123", max_size=30)
SETTINGS = st.recursive(
    st.none() | st.booleans() | st.integers() | PLAIN,
    lambda inner: st.dictionaries(st.sampled_from(["url", "token", "note", "to", "inner"]), inner, max_size=4),
    max_leaves=10,
)


@given(SETTINGS)
def test_what_is_sent_back_as_shown_is_what_was_stored(settings) -> None:
    assert keep_masked(mask_settings(settings), settings) == settings


@given(SETTINGS)
def test_no_secret_is_shown_whole(settings) -> None:
    def secrets(value, key=""):
        if isinstance(value, dict):
            return [found for k, v in value.items() for found in secrets(v, k)]
        return [value] if isinstance(value, str) and is_secret(key, value) else []

    def texts(value):
        if isinstance(value, dict):
            return [found for v in value.values() for found in texts(v)]
        return [value] if isinstance(value, str) else []

    hidden = [text for text in texts(mask_settings(settings)) if HIDDEN in text]
    assert len(hidden) == len(secrets(settings))


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("whsec_a-secret-of-some-length-9f2c", "•••• 9f2c"),
        ("short", "••••"),
        ("https://hooks.example.com/services/T0/B0/XyZ", "https://hooks.example.com/•••• /XyZ"),
        ("https://user:pw@hooks.example.com?key=1", "https://hooks.example.com/•••• ey=1"),
        ("slack://TokenA/TokenB/TokenC", "slack://•••• kenC"),
        ("tgram://1:A", "tgram://••••"),
    ],
)
def test_a_secret_shows_what_it_is_for_and_its_last_characters(secret: str, shown: str) -> None:
    assert masked(secret) == shown


def test_secrets_in_a_list_are_found_by_their_looks() -> None:
    stored: list[Json] = ["first-secret-of-two-aaaa", "second-secret-of-two-bbbb"]

    assert keep_masked(["•••• bbbb"], stored) == ["second-secret-of-two-bbbb"]
    assert keep_masked(["•••• aaaa", "a new one"], stored) == ["first-secret-of-two-aaaa", "a new one"]
    with pytest.raises(ValueError, match="cccc"):
        keep_masked(["•••• cccc"], stored)
