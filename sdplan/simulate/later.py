"""Later: values that are computed when they are first asked for, and what asks for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Feedback(Exception):
    """A value is needed to compute itself: a station is asked again after its own answer."""


class Later(Generic[Value]):
    """A value that is computed when it is first asked for."""

    def __init__(self, compute: Callable[[], Value]) -> None:
        self._compute = compute
        self._value: list[Value] = []
        self._busy = False

    def __call__(self) -> Value:
        if not self._value:
            if self._busy:
                raise Feedback
            self._busy = True
            self._value.append(self._compute())
        return self._value[0]
