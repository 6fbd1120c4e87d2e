"""JMESPath over decoded JSON: compiled once, kept in a bounded memo, exact with decimals."""

from functools import lru_cache
from typing import Protocol, cast

import jmespath
from jmespath import Options

from orderwatch.domain.errors import BadMapping
from orderwatch.normalise.bodies import Json
from orderwatch.normalise.exact_functions import ExactFunctions

MAX_LENGTH = 1024
"""Characters of one expression."""
_OPTIONS = Options(custom_functions=ExactFunctions())


class Expression(Protocol):
    """A compiled expression."""

    def search(self, value: Json, options: Options | None = None) -> Json:
        """Return what it finds in `value`, None for nothing."""
        ...


# A memo of a pure function: the same text always gives the same expression.
@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Compile `text`.

    Raises:
        BadMapping: it is too long or no JMESPath.
    """
    if len(text) > MAX_LENGTH:
        raise BadMapping(f"A JMESPath expression may have {MAX_LENGTH} characters, this one has {len(text)}.")
    try:
        return cast("Expression", jmespath.compile(text))
    except Exception as fault:  # the library raises its own errors, and IndexError, ValueError, RecursionError
        raise BadMapping(f"“{text}” is no JMESPath expression: {_first_line(fault)}") from fault


def search(text: str, value: Json) -> Json:
    """Return what the expression `text` finds in `value`, None for nothing.

    Raises:
        BadMapping: the expression is wrong, or one of its functions met a value that it cannot take.
    """
    try:
        return compile_expression(text).search(value, _OPTIONS)
    except BadMapping:
        raise
    except Exception as fault:  # as above
        raise BadMapping(f"“{text}” failed on this body: {_first_line(fault)}") from fault


def _first_line(fault: Exception) -> str:
    return (str(fault).splitlines() or [type(fault).__name__])[0]
