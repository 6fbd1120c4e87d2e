"""What users write: functions, and the events that they are for."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from orderwatch.domain.events import EventType

EVERYTHING = "*"
_ARGUMENTS = ("event", "order", "notify")
Function = TypeVar("Function", bound=Callable[..., Any])


class Handlers:
    """A collection of handlers, to be named with ``--handlers module:name``.

    A function takes any of ``event`` (`Event`), ``order`` (`Order`, None for events of a store or source) and
    ``notify(text, *, title=None, channel=None)`` by name, and may be async::

        handlers = Handlers()

        @handlers.on("order_created")
        def tell_the_kitchen(event, order, notify):
            notify(f"New order {event.order_id}")
    """

    def __init__(self) -> None:
        self._handlers: dict[str, tuple[frozenset[str], Callable[..., Any]]] = {}

    def on(self, *event_types: str) -> Callable[[Function], Function]:
        """Register a function for one or more event types: ``order_created``, ``order.created``, or ``*`` for all.

        Raises:
            ValueError: a type that is not in the vocabulary, or a second function with the same name.
            TypeError: the function asks for an argument that there is not.
        """
        wanted = frozenset(_canonical(name) for name in event_types)
        if not wanted:
            raise ValueError('on() needs one or more event types, such as @handlers.on("order_created").')

        def register(function: Function) -> Function:
            name = function.__qualname__
            if name in self._handlers:
                raise ValueError(f"There are two handlers called {name}; give one another name.")
            _check_arguments(function)
            self._handlers[name] = (wanted, function)
            return function

        return register

    @property
    def names_by_type(self) -> dict[str, list[str]]:
        """Return the names of the handlers for each event type, ``*`` as a type of its own."""
        found: dict[str, list[str]] = {}
        for name, (types, _) in self._handlers.items():
            for kind in sorted(types):
                found.setdefault(kind, []).append(name)
        return found

    def function(self, name: str) -> Callable[..., Any]:
        """Return the function of a handler.

        Raises:
            KeyError: there is none of that name (any more).
        """
        return self._handlers[name][1]


def _canonical(name: str) -> str:
    if name == EVERYTHING:
        return name
    dotted = name.replace("_", ".", 1) if "." not in name else name
    known = [kind.value for kind in EventType]
    if dotted not in known:
        raise ValueError(f"There is no event type “{name}”. There are: {', '.join(known)}, and * for all.")
    return dotted


def _check_arguments(function: Callable[..., Any]) -> None:
    for parameter in inspect.signature(function).parameters.values():
        is_open = parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}
        if parameter.name not in _ARGUMENTS and parameter.default is parameter.empty and not is_open:
            raise TypeError(
                f"The handler {function.__qualname__} asks for “{parameter.name}”; it can have {', '.join(_ARGUMENTS)}."
            )


def arguments_for(function: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return those of `given` that the function takes."""
    parameters = inspect.signature(function).parameters
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    return {name: value for name, value in given.items() if takes_all or name in parameters}
