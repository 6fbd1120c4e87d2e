"""A platform, as its ``provider.toml`` describes it. docs/providers.md is the same for people.

`Where` says where a value is found. It is one text or several, of which the first that finds something counts:
a JMESPath over the event; ``body:`` and a JMESPath over the whole body; ``header:NAME``; ``query:NAME``;
``path:1`` (the first part of the address after the source's own); ``text:WORD`` (that word itself).
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from orderwatch.domain.proofs import Proof

Where: TypeAlias = str | tuple[str, ...]
Method: TypeAlias = Literal["POST", "PUT", "GET"]
Success: TypeAlias = Literal[200, 201, 202, 204]


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: a key that it does not have is a mistake."""


class Receiving(_Table, frozen=True, kw_only=True):
    """``[receive]``: what the platform sends, and what it wants to hear."""

    methods: tuple[Method, ...] = ("POST",)
    content: Literal["json", "form"] = "json"
    success: Success = 200
    answer: str | None = None
    """The body of that answer; our own JSON where there is none."""
    answer_type: str = "application/json"
    deadline_seconds: float | None = None
    """How long the platform waits for it."""
    retries: str = ""
    """What it does when the answer is another, in words."""


class Handshake(_Table, frozen=True, kw_only=True):
    """``[[handshake]]``: a request that only asks whether somebody is there. It makes no event.

    Every condition that is named must hold.
    """

    methods: tuple[Method, ...] = ("POST",)
    query: str | None = None
    """It has this parameter."""
    header: str | None = None
    """It has this header."""
    empty: bool = False
    """It has no body."""
    form: str | None = None
    """Its body is a form with this field."""
    json: dict[str, str] = {}
    """Keys with dots between them, in the JSON body, and the texts that stand there; ``*`` is any text."""
    proof: bool = False
    """It must prove where it comes from, as any other request."""
    status: Success = 200
    answer: str = ""
    """With ``{query.NAME}``, ``{header.NAME}`` or ``{json.a.b}`` in it, which are repeated."""
    answer_type: str = "text/plain"


class Setting(_Table, frozen=True, kw_only=True):
    """``[settings.NAME]``: what a source gives with ``--set NAME=…``. Never a secret."""

    about: str
    needed: bool = False
    default: str | None = None


class Case(_Table, frozen=True, kw_only=True):
    """``[[case]]``: what is otherwise for some events; the first case that fits counts."""

    type: tuple[str, ...] = ()
    """Event types, in any case; ``*`` stands for anything."""
    when: str | None = None
    """A JMESPath over the event that finds something other than false, null or nothing."""
    means: str | None = None
    """The canonical event type, whatever the tables say."""
    status: Where | None = None
    order_id: Where | None = None
    money: Literal["major", "minor"] | None = None
    fields: dict[str, Where] = {}
    """Laid over those of ``[event.fields]``; an empty list leaves one out."""
    statuses: dict[str, str] = {}
    """Laid over those of ``[event.statuses]``."""


class Reading(_Table, frozen=True, kw_only=True):
    """``[event]``: where an event's parts are, and what the platform's words mean."""

    type: Where
    """The platform's name of what happened. Searched in the whole body where `each` is not."""
    status: Where = ()
    order_id: Where
    order_id_separator: str | None = None
    """One event names several orders, with this between their ids."""
    event_id: Where = ()
    """The platform's own id of the request, the same when it is repeated."""
    dedupe: tuple[Where, ...] = ()
    """Where it has none: what together makes an event the same as another. All of them must be there."""
    always_new: bool = False
    """The same body again is other news, for it holds ids alone: no request is taken for another's repetition."""
    each: str | None = None
    """A JMESPath over the body that finds a list, each entry of which is an event."""
    zone: str | None = None
    """IANA zone of times that come without one, where the platform says which."""
    time_formats: tuple[str, ...] = ()
    """Of times that are neither ISO 8601 nor Unix time, as `strptime` has them."""
    days: Literal["begin", "end"] = "begin"
    """What a date alone, or its midnight, means as `eta` or `promised_at`: a day that is promised lasts."""
    money: Literal["major", "minor"] = "major"
    """Whether totals and prices come as 12.50 or as 1250."""
    fields: dict[str, Where] = {}
    """Canonical field (``occurred_at``, ``store_id``, ``courier.lat`` …) → where it is."""
    types: dict[str, str] = {}
    """Event type → canonical event type. Any case; ``*`` stands for anything."""
    statuses: dict[str, str] = {}
    """Status → canonical event type. It counts before the event's type. Any case."""


class Setup(_Table, frozen=True, kw_only=True):
    """``[setup]``: what a person does on the platform's side, step by step. ``{url}`` is the source's address."""

    en: tuple[str, ...]
    ko: tuple[str, ...]


class Preset(_Table, frozen=True, kw_only=True):
    """The whole file."""

    name: str
    """As the platform calls itself."""
    about: str
    confidence: Literal["stable", "beta"]
    """Stable: its own documentation or library was read. Beta: partly known, or from others."""
    documentation: tuple[str, ...]
    """Where the facts come from."""
    known_not_to_work: tuple[str, ...] = ()
    receive: Receiving = Receiving()
    signature: tuple[Proof, ...]
    """Any of them will do. Empty: it can prove nothing, and only an open source takes it."""
    handshake: tuple[Handshake, ...] = ()
    settings: dict[str, Setting] = {}
    event: Reading
    case: tuple[Case, ...] = ()
    setup: Setup
