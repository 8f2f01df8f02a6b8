"""A bar for long work: on a terminal, and nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LENGTH = 30


@contextmanager
def bar(name: str) -> Iterator[Callable[[float], None] | None]:
    """Draws how much is done, from 0 to 1, and leaves no trace; nothing where there is no terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    try:
        yield _drawing(name)
    finally:
        sys.stderr.write("\r\x1b[K")


def _drawing(name: str) -> Callable[[float], None]:
    """Draws a bar anew when it has grown."""
    drawn = -1

    def draw(share: float) -> None:
        nonlocal drawn
        length = int(share * _LENGTH)
        if length != drawn:
            drawn = length
            sys.stderr.write(f"\r{name} [{'#' * length}{' ' * (_LENGTH - length)}]")
            sys.stderr.flush()

    return draw
