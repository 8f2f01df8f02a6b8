"""Attempts: what a caller does about answers that are late or bad: timeouts, hedges and retries."""

from __future__ import annotations

import math

from sdplan.simulate.clock import Clock
from sdplan.simulate.draws import Draws
from sdplan.simulate.visits import Context, Done, Start

_SEEN_FIRST = 200  # durations before a percentile of them is believed
_SEEN_MOST = 20_000


def bounded(clock: Clock, start: Start, timeout: float, *, cancel: bool) -> Start:
    """A call that fails at its timeout [s]; what it called runs on, unless it is cancelled."""

    def begin(context: Context, done: Done) -> None:
        over = False
        inner = Context(context.started, context.drawn, may_end=True) if cancel else context
        if cancel and context.under_way is not None:
            context.under_way[inner] = inner.abandon

        def told(good: bool) -> None:
            nonlocal over
            if over:
                return
            over = True
            if cancel and context.under_way is not None:
                context.under_way.pop(inner, None)
            done(good)

        def late() -> None:
            if over:
                return
            if cancel:
                inner.abandon()
            told(False)

        clock.after(timeout, late)
        start(inner, told)

    return begin


def retried(clock: Clock, draws: Draws, start: Start, retries: float, backoff: float, jitter: float) -> Start:
    """Up to so many more attempts after a failed one, each after a pause that doubles."""
    count, share = draws.count(retries), draws.share()

    def begin(context: Context, done: Done) -> None:
        left, pause = count(), backoff

        def told(good: bool) -> None:
            nonlocal left, pause
            if good or left == 0:
                done(good)
                return
            left -= 1
            wait = pause * (1.0 - jitter * share())
            pause *= 2.0
            clock.after(wait, lambda: None if context.dead else start(context, told))

        start(context, told)

    return begin


class _Patience:
    """After how long a second call starts [s]: a time as stated, or a percentile of what was seen so far."""

    def __init__(self, after: float | str) -> None:
        self.delay = after if isinstance(after, float | int) else math.inf
        self.level = float(after.removeprefix("p")) / 100.0 if isinstance(after, str) else 0.0
        self.seen: list[float] = []
        self.next = _SEEN_FIRST

    def see(self, duration: float) -> None:
        if not self.level or len(self.seen) >= _SEEN_MOST:
            return
        self.seen.append(duration)
        if len(self.seen) >= self.next:
            self.next *= 2
            self.delay = sorted(self.seen)[math.ceil(self.level * len(self.seen)) - 1]


def hedged(clock: Clock, draws: Draws, start: Start, after: float | str, shared: float) -> Start:
    """A second, equal call where no answer has come in time; the first good answer counts."""
    patience, share = _Patience(after), draws.share()

    def begin(context: Context, done: Done) -> None:
        began, out, over = clock.now, 1, False

        def told(good: bool) -> None:
            nonlocal out, over
            out -= 1
            if not over and (good or out == 0):
                over = True
                done(good)

        def first(good: bool) -> None:
            patience.see(clock.now - began)
            told(good)

        def again() -> None:
            nonlocal out
            if over or context.dead:
                return
            if share() < shared:  # it takes as long as the first: load, and no help
                start(context, lambda good: None)
                return
            out += 1
            start(context, told)

        if patience.delay < math.inf:
            clock.after(patience.delay, again)
        start(context, first)

    return begin
