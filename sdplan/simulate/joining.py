"""Joining: how several acts make one: in turn, at once, repeated, forgiven, not waited for."""

from __future__ import annotations

from collections.abc import Callable

from sdplan.simulate.clock import Clock
from sdplan.simulate.visits import Context, Done, Start
from sdplan.solve.tree import needed


def ignore(good: bool) -> None:
    """Nobody waits for this answer."""


def in_turn(starts: list[Start]) -> Start:
    """One after another; the first failure ends it."""
    if not starts:
        return lambda context, done: done(True)
    whole = starts[-1]
    for start in reversed(starts[:-1]):
        whole = _then(start, whole)
    return whole


def _then(first: Start, rest: Start) -> Start:
    def begin(context: Context, done: Done) -> None:
        first(context, lambda good: rest(context, done) if good else done(False))

    return begin


def joined(need: int, count: int, done: Done) -> Done:
    """Counts answers: good when `need` are, failed when the last has come and they are not."""
    good_ones = answers = 0

    def answered(good: bool) -> None:
        nonlocal good_ones, answers
        answers += 1
        if good:
            good_ones += 1
            if good_ones == need:
                done(True)
        if answers == count and good_ones < need:
            done(False)

    return answered


def at_once(starts: list[Start], need: int) -> Start:
    """All at the same time; `need` of them have to succeed."""
    if not starts or need <= 0:
        return lambda context, done: done(True)

    def begin(context: Context, done: Done) -> None:
        answer = joined(need, len(starts), done)
        for start in starts:
            start(context, answer)

    return begin


def fanned(start: Start, draw: Callable[[], int], need: str) -> Start:
    """So many equal calls at once, as they are drawn; `need` of them have to succeed."""

    def begin(context: Context, done: Done) -> None:
        count = draw()
        if count == 0:
            done(True)
            return
        answer = joined(needed(need, count), count, done)
        for _ in range(count):
            start(context, answer)

    return begin


def repeated(clock: Clock, start: Start, draw: Callable[[], int]) -> Start:
    """So often in a row; each but the first is begun by the clock, so that no count is too deep."""

    def begin(context: Context, done: Done) -> None:
        left = draw()

        def answered(good: bool) -> None:
            nonlocal left
            left -= 1
            if not good or left == 0:
                done(good)
            else:
                clock.after(0.0, lambda: start(context, answered))

        if left == 0:
            done(True)
        else:
            start(context, answered)

    return begin


def or_else(start: Start, other: Start) -> Start:
    """A call, and another where it has failed."""

    def begin(context: Context, done: Done) -> None:
        start(context, lambda good: done(True) if good else other(context, done))

    return begin


def forgiven(start: Start) -> Start:
    """A call whose failure is ignored when it is known."""

    def begin(context: Context, done: Done) -> None:
        start(context, lambda good: done(True))

    return begin


def detached(clock: Clock, start: Start) -> Start:
    """Begun and not waited for; no timeout of its caller abandons it."""

    def begin(context: Context, done: Done) -> None:
        start(Context(context.started, context.drawn), ignore)
        clock.after(0.0, lambda: done(True))  # by the clock, so that many in a row are no tower of calls

    return begin
