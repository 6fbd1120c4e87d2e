from pathlib import Path

import pytest

from orderwatch.domain.events import EventType
from orderwatch.domain.flags import FLAG_BY_FAULT, Flag
from orderwatch.orders.contribution import MILESTONES

PAGE = (Path(__file__).parents[3] / "docs" / "orders.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", sorted({*EventType, *Flag, *FLAG_BY_FAULT, *MILESTONES.values()}))
def test_every_type_flag_fault_and_milestone_is_documented(word):
    assert f"`{word}`" in PAGE
