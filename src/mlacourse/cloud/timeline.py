"""The one clock of the offline cloud: it starts at a fixed instant and moves only when somebody advances it."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)

Callback = Callable[[], None]


class Clock:
    """Time in the cloud, with what is due at which instant.

    >>> clock = Clock()
    >>> _ = clock.after(timedelta(minutes=5), lambda: print("due at", clock.now().time()))
    >>> clock.advance(minutes=10)
    due at 09:05:00
    >>> clock.now().isoformat()
    '2027-01-11T09:10:00+00:00'
    """

    def __init__(self, start: datetime = START, wall: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._wall = wall
        self.start = start
        self._now = start
        self._due: list[tuple[datetime, int, Callback]] = []
        self._order = itertools.count()
        self._cancelled: set[int] = set()
        self._lock = threading.RLock()
        # (wall-clock instant, cloud instant) of every move: what a foreign process signed is dated by the wall.
        self._moves: list[tuple[datetime, datetime]] = [(wall(), start)]

    def now(self) -> datetime:
        """Return the cloud's time, in UTC."""
        return self._now

    def at(self, moment: datetime, callback: Callback) -> int:
        """Run ``callback`` once the clock reaches ``moment``; the number cancels it.

        What is already due runs at the next advance, at the time that it is then.
        """
        with self._lock:
            number = next(self._order)
            heapq.heappush(self._due, (moment, number, callback))
            return number

    def after(self, delay: timedelta, callback: Callback) -> int:
        """Run ``callback`` once this much time has passed."""
        return self.at(self._now + delay, callback)

    def cancel(self, number: int) -> None:
        """Forget what ``at`` or ``after`` registered under this number."""
        with self._lock:
            self._cancelled.add(number)

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move on, running everything due on the way in order of its time, then of its registration.

        A callback sees the instant at which it was due. It may register more, and may itself advance: what is due
        by then runs inside it, and the outer advance goes on from there.
        """
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if step < timedelta(0):
            raise ValueError(f"The clock only moves forward: {step} is in the past.")
        with self._lock:
            target = self._now + step
            while (callback := self._next_due(target)) is not None:
                callback()
            if target > self._now:
                self._move(target)

    def cloud_time(self, wall: datetime) -> datetime:
        """Return what the cloud's clock showed in a second of the wall clock, at that second's end."""
        shown = self._moves[0][1]
        for moved, instant in self._moves:
            if moved >= wall + timedelta(seconds=1):
                break
            shown = instant
        return shown

    def _next_due(self, target: datetime) -> Callback | None:
        while self._due and self._due[0][0] <= target:
            moment, number, callback = heapq.heappop(self._due)
            if number in self._cancelled:
                self._cancelled.discard(number)
                continue
            if moment > self._now:
                self._move(moment)
            return callback
        return None

    def _move(self, moment: datetime) -> None:
        self._now = moment
        self._moves.append((self._wall(), moment))
