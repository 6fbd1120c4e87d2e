"""What the processes say holds no payload and no secret, not even when something of ours fails."""

import logging

import pytest
import structlog

from orderwatch.processes.logs import configure
from tests.set_clock import SetClock


@pytest.fixture(autouse=True)
def as_before():
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:], logging.root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_a_fault_is_told_with_its_place_and_without_the_values_at_hand(log_format, capsys):
    configure(log_format, SetClock())
    phone = "010-1234-5678"

    try:
        len(phone) / 0  # pyright: ignore[reportUnusedExpression]
    except ZeroDivisionError:
        structlog.get_logger("test").exception("it failed")

    said = capsys.readouterr().err
    assert "it failed" in said
    assert "ZeroDivisionError" in said
    assert "test_logs.py" in said
    assert phone not in said


def test_what_a_sender_writes_gives_the_terminal_no_commands(capsys):
    configure("console", SetClock())

    structlog.get_logger("test").info("New order A\x1b]0;mine\x07", order_id="\x9b31m\u202e1-A", source="shop")

    said = capsys.readouterr().err
    assert "shop" in said
    assert not {"\x07", "\x9b", "\u202e"} & set(said)
    assert "\x1b]" not in said
