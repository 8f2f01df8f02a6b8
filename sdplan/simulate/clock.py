"""The clock: what happens next, by a heap of times; what falls together happens in the order it was set."""

from __future__ import annotations

import heapq
from collections.abc import Callable

Act = Callable[[], None]


class Clock:
    """Simulated time [s] and the acts that are due."""

    __slots__ = ("_due", "_number", "now", "passed")

    def __init__(self) -> None:
        self.now = 0.0
        self.passed = 0
        self._due: list[tuple[float, int, Act]] = []
        self._number = 0

    def after(self, delay: float, act: Act) -> None:
        """Do something so many seconds from now."""
        self._number += 1
        heapq.heappush(self._due, (self.now + delay, self._number, act))

    def run(self, until: Callable[[], bool], most: int) -> bool:
        """Go from act to act until the condition holds; False where so many acts were not enough."""
        due, pop = self._due, heapq.heappop
        while not until():
            for _ in range(256):
                if not due:
                    return True
                self.now, _, act = pop(due)
                act()
            self.passed += 256
            if self.passed > most:
                return False
        return True
