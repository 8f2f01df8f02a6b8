"""What has been computed for a tree is kept for the next time that it is asked for, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
MOST = 4096


class Memo(Generic[Answer]):
    """Answers by frozen question; emptied when it holds `MOST` of them."""

    def __init__(self) -> None:
        self.known: dict[Hashable, Answer] = {}

    def __call__(self, question: Hashable, answer: Callable[[], Answer]) -> Answer:
        """The answer to this question, computed where it is not known."""
        found = self.known.get(question)
        if found is None:
            found = answer()
            if len(self.known) >= MOST:
                self.known.clear()
            self.known[question] = found
        return found

    def forget(self) -> None:
        """Empty it, as a measurement of speed needs."""
        self.known.clear()
