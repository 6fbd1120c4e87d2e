"""Query and path parameters that several endpoints share, each with its bounds."""

import re
from typing import Annotated

from fastapi import Path, Query
from pydantic import AwareDatetime, BeforeValidator

_TEXT = r"^[^\x00]*$"
"""PostgreSQL has no NUL in its texts."""
_LARGEST = 2**63 - 1
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _not_a_number(value: object) -> object:
    # Pydantic would take seconds since 1970 as well, and nobody could tell them from milliseconds.
    if isinstance(value, str) and not _DATE.match(value):
        raise ValueError("must begin with a date, such as 2026-11-24T19:32:08Z")
    return value


Text = Annotated[str | None, Query(max_length=300, pattern=_TEXT)]
Cursor = Annotated[str | None, Query(max_length=2000, description="What the page before gave as `next`.")]
Limit = Annotated[int, Query(ge=1, le=500, description="How many items at most.")]
Moment = Annotated[AwareDatetime | None, BeforeValidator(_not_a_number), Query(description="RFC 3339, with its zone.")]
Number = Annotated[int, Path(ge=0, le=_LARGEST)]
Name = Annotated[str, Path(max_length=300, pattern=_TEXT)]
OrderId = Annotated[str, Path(pattern=_TEXT, description="Percent-encoded whole, `/` too.")]
