"""The way of a receipt, on one screen: normalise → orders → notify and handlers. All of it pure; `storage` keeps it.

(Rules and alerts join between orders and notify.)
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.events import Event
from orderwatch.domain.notifications import Draft
from orderwatch.domain.orders import TERMINAL, Order
from orderwatch.domain.receipts import Receipt, ReceiptKind
from orderwatch.orders.fold import State, add_duplicates, decode, encode, fold, view
from orderwatch.orders.view import render

OrderKey = tuple[str, str]
"""Source and order id."""


class Unread(Struct, frozen=True):
    """A receipt that was acknowledged and could not be understood."""

    receipt: Receipt
    code: str
    reason: str


class Understood(Struct, frozen=True):
    """What a run of receipts says, before it meets the state."""

    after: int
    """The journal's mark that the run begins at."""
    position: int
    """The last receipt's: the journal's mark once this is kept."""
    receipts: Sequence[Receipt]
    events: Sequence[Event]
    unread: Sequence[Unread]
    repeats: Mapping[int, int]
    """Position of a first receipt → how many duplicates of it are in the run."""


class StoredOrder(Struct, frozen=True):
    """What the store knows of an order that a run touches."""

    state: bytes
    status: str
    first_receipt: int
    last_receipt: int


class OrderChange(Struct, frozen=True):
    """An order after the run."""

    order: Order
    state: bytes
    view: bytes
    is_open: bool
    first_receipt: int
    last_receipt: int


class HandlerCall(Struct, frozen=True):
    """One handler to run for one event."""

    handler: str
    event: Event


class Changes(Struct, frozen=True):
    """What a run does to the state."""

    orders: Sequence[OrderChange]
    counts: Mapping[tuple[str, str], int]
    """(source, status) → by how much the number of orders changed."""
    drafts: Sequence[Draft]
    calls: Sequence[HandlerCall]


Read = Callable[[Receipt], Sequence[Event]]
"""normalise: the events of one receipt; raises BadMapping or Unreadable."""
Route = Callable[[Event, Order | None], Sequence[Draft]]
"""notify: who is told of an event."""
Match = Callable[[Event], Iterable[str]]
"""handlers: the names of the handlers that want an event."""


class Pipeline:
    """The stages in their order. Holds no state of its own."""

    def __init__(self, *, read: Read, route: Route, match: Match) -> None:
        """Take each stage's one function."""
        self._read = read
        self._route = route
        self._match = match

    def understand(self, receipts: Sequence[Receipt], *, after: int) -> Understood:
        """Normalise a run of receipts (rising positions, no replays); nothing in it can make this raise."""
        events: list[Event] = []
        unread: list[Unread] = []
        repeats: Counter[int] = Counter()
        for receipt in receipts:
            if receipt.kind is ReceiptKind.DUPLICATE:
                if receipt.of is not None:
                    repeats[receipt.of] += 1
                continue
            try:
                events += self._read(receipt)
            except (BadMapping, Unreadable) as error:
                unread.append(Unread(receipt, error.code, error.message))
        return Understood(after, receipts[-1].position, receipts, events, unread, repeats)

    def apply(
        self,
        events: Sequence[Event],
        known: Mapping[OrderKey, StoredOrder],
        duplicates: Mapping[OrderKey, int],
        *,
        quiet_until: int,
    ) -> Changes:
        """Fold `events` and `duplicates` into the `known` orders, and say who is told and what is run.

        Nobody is told of receipts up to `quiet_until`: a rebuild has told them before.
        """
        grouped: dict[OrderKey, list[Event]] = defaultdict(list)
        for event in events:
            if event.order_id is not None:
                grouped[event.source, event.order_id].append(event)
        orders: dict[OrderKey, OrderChange] = {}
        counts: Counter[tuple[str, str]] = Counter()
        for key in {**grouped, **dict.fromkeys(duplicates)}:
            before = known.get(key)
            after = _advance(key, before, grouped.get(key, ()), duplicates.get(key, 0))
            if after is None:
                continue
            orders[key] = after
            if before is None or before.status != after.order.status:
                counts[key[0], after.order.status.value] += 1
                if before is not None:
                    counts[key[0], before.status] -= 1
        loud = [event for event in events if event.receipt > quiet_until and not event.conflict]
        return Changes(list(orders.values()), counts, self._drafts(loud, orders), self._calls(loud))

    def refold(self, key: OrderKey, events: Sequence[Event], before: StoredOrder | None) -> OrderChange | None:
        """Fold an order from nothing, when one of its events was understood anew; None when it has none left."""
        state: State | None = None
        for event in events:
            state = fold(state, event)
        if state is None:
            return None
        duplicates = decode(before.state).duplicates if before else 0
        receipts = [event.receipt for event in events]
        return _change(key, add_duplicates(state, duplicates), first=min(receipts), last=max(receipts))

    def react(
        self, events: Sequence[Event], orders: Mapping[OrderKey, OrderChange]
    ) -> tuple[list[Draft], list[HandlerCall]]:
        """Say who is told and what is run for `events` that were understood late."""
        loud = [event for event in events if not event.conflict]
        return self._drafts(loud, orders), self._calls(loud)

    def _drafts(self, events: Iterable[Event], orders: Mapping[OrderKey, OrderChange]) -> list[Draft]:
        drafts: list[Draft] = []
        for event in events:
            change = orders.get((event.source, event.order_id or ""))
            drafts += self._route(event, change.order if change else None)
        return drafts

    def _calls(self, events: Iterable[Event]) -> list[HandlerCall]:
        return [HandlerCall(name, event) for event in events for name in self._match(event)]


def _advance(key: OrderKey, before: StoredOrder | None, events: Sequence[Event], duplicates: int) -> OrderChange | None:
    if before is None and not events:
        return None
    state = decode(before.state) if before else None
    for event in events:
        state = fold(state, event)
    if state is None:
        return None
    if duplicates:
        state = add_duplicates(state, duplicates)
    receipts = [event.receipt for event in events]
    first = min([*receipts, *([before.first_receipt] if before else ())])
    last = max([*receipts, *([before.last_receipt] if before else ())])
    return _change(key, state, first=first, last=last)


def _change(key: OrderKey, state: State, *, first: int, last: int) -> OrderChange:
    order = view(state, source=key[0], order_id=key[1])
    return OrderChange(
        order=order,
        state=encode(state),
        view=render(order),
        is_open=order.status not in TERMINAL,
        first_receipt=first,
        last_receipt=last,
    )
