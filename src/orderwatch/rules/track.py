"""The last hours of one stream: what came, what should have come, and how strong the stream was before.

The slow level is a Gamma belief about the stream's strength against its baseline: (events + prior) over (expected +
prior), fading with a half-life. A window is judged by the level from before it began, so a fault does not become usual
while it is looked at.
"""

from collections.abc import Sequence
from math import log

from msgspec import Struct

from orderwatch.rules.likelihood import log_ratio

_STRONGEST = 8.0
"""No level is above it by night, when one event would be much."""


class Window(Struct, frozen=True):
    """What the most telling window says. `steps` back from now."""

    steps: int
    actual: float
    expected: float
    """By baseline and level."""
    level: float
    weight: float
    """Log-likelihood ratio of the fault, in nats."""


class Track(Struct, kw_only=True):
    """Sums since the beginning, in rings. Place `at` is now."""

    at: int = 0
    floor: int = 0
    """No window reaches further back: before it lies a fault that is over, or nothing."""
    actual: list[float]
    expected: list[float]
    events: list[float]
    """The level's numerator, prior left out, at each place."""
    due: list[float]
    """Its denominator."""
    prior: float = 10.0
    """The prior of the level, and the shape of the swings within a window."""

    def add(self, count: float, expected: float, *, keep: float) -> None:
        """Go one step on; the level keeps a share `keep` of what it knew."""
        size = len(self.actual)
        now, then = self.at % size, (self.at + 1) % size
        self.actual[then] = self.actual[now] + count
        self.expected[then] = self.expected[now] + expected
        self.events[then] = self.events[now] * keep + count
        self.due[then] = self.due[now] * keep + expected
        self.at += 1

    def hold(self, count: float, expected: float) -> None:
        """Go one step on while the stream is not itself: the level stays."""
        self.add(count, expected, keep=1.0)
        size = len(self.actual)
        now, before = self.at % size, (self.at - 1) % size
        self.events[now], self.due[now] = self.events[before], self.due[before]

    def put_level_back(self, steps: int) -> None:
        """Let the level be what it was `steps` ago."""
        size = len(self.actual)
        now, then = self.at % size, (self.at - steps) % size
        self.events[now], self.due[now] = self.events[then], self.due[then]

    def adopt(self, steps: int) -> None:
        """Let the level be what the last `steps` were."""
        now = self.at % len(self.actual)
        self.events[now], self.due[now] = self.totals(steps)

    def level(self, steps: int = 0) -> float:
        """Return the level as it was `steps` ago."""
        place = (self.at - steps) % len(self.actual)
        return (self.events[place] + self.prior) / (self.due[place] + self.prior)

    def totals(self, steps: int) -> tuple[float, float]:
        """Return what came in the last `steps`, and what the baseline expected."""
        size = len(self.actual)
        now, then = self.at % size, (self.at - steps) % size
        return self.actual[now] - self.actual[then], self.expected[now] - self.expected[then]

    def thin(
        self, windows: Sequence[int], *, share: float, least: float, doubt: float
    ) -> list[tuple[int, float, float, float, float]]:
        """Return the windows that may speak, with a weight of `least`, for only a `share` coming.

        `windows` are rising numbers of steps, `doubt` is the relative variance of what the baseline says. Each is
        returned as steps, what came, what was wanted, level, shape.
        """
        # No window with this share of what is wanted, or more, speaks for the fault.
        enough = (1 - share) / -log(share)
        ring_actual, ring_expected, ring_events, ring_due = self.actual, self.expected, self.events, self.due
        size, prior, at = len(ring_actual), self.prior, self.at
        actual, expected = ring_actual[at % size], ring_expected[at % size]
        reach = at - self.floor
        found: list[tuple[int, float, float, float, float]] = []
        longest = min(reach, windows[-1])
        if (expected - ring_expected[(at - longest) % size]) * _STRONGEST < least:
            return found  # Night.
        for steps in windows:
            if steps > reach:
                break
            place = (at - steps) % size
            events, due = ring_events[place] + prior, ring_due[place] + prior
            wanted = (expected - ring_expected[place]) * events / due
            # Nothing weighs more than what it lacks.
            if wanted < least:
                continue
            came = actual - ring_actual[place]
            if came < enough * wanted:
                found.append((steps, came, wanted, events / due, 1 / (1 / events + 1 / prior + doubt)))
        return found

    def excess(self, windows: Sequence[int], *, factor: float, least: float, doubt: float) -> Window | None:
        """Return the window that tells most for `factor` times as much coming, if its weight reaches `least`."""
        most, found = least, None
        size, prior = len(self.actual), self.prior
        now = self.at % size
        actual, expected = self.actual[now], self.expected[now]
        gain = log(factor)
        enough = (factor - 1) / gain
        for steps in windows:
            if steps > self.at - self.floor:
                break
            place = (self.at - steps) % size
            came = actual - self.actual[place]
            if came * gain < most:
                continue
            events, due = self.events[place] + prior, self.due[place] + prior
            wanted = (expected - self.expected[place]) * events / due
            if came <= enough * wanted:
                continue
            shape = 1 / (1 / events + 1 / prior + doubt)
            weight = log_ratio(came, expected=wanted, share=factor, shape=shape)
            if weight >= most:
                most, found = weight, Window(steps, came, wanted, events / due, weight)
        return found


def new_track(steps: int) -> Track:
    """Return a track whose windows reach back `steps`."""
    size = steps + 1
    return Track(actual=[0.0] * size, expected=[0.0] * size, events=[0.0] * size, due=[0.0] * size)
