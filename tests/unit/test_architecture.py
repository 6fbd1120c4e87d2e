"""What ARCHITECTURE.md promises is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_each_invariant_is_guarded_by_a_test_that_exists(file, test):
    assert re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_there_are_invariants():
    assert len(NAMED) >= 15


def test_every_room_of_the_house_is_named():
    rooms = {path.name for path in (ROOT / "src/orderwatch").iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert {room for room in rooms if room not in TEXT} == set()
