"""Sources: what begins the runs of a flow: a Poisson stream, clients that think, or messages."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sdplan.simulate.clock import Act, Clock
from sdplan.simulate.draws import Draws
from sdplan.simulate.plan import Source, Trigger
from sdplan.simulate.visits import Context, Start
from sdplan.solve.tree import Place


class Runs:
    """Begins the runs of one flow and notes how they end."""

    def __init__(self, clock: Clock, start: Start, opens: float, closes: float) -> None:
        self.clock = clock
        self.start = start
        self.opens = opens  # the window in which a run has to begin to be measured
        self.closes = closes
        self.started = 0
        self.measured = 0
        self.times: list[float] = []  # s; not a number for a run that failed
        self.fresh: list[float] = []

    @property
    def unfinished(self) -> int:
        """Measured runs that have not ended yet."""
        return self.measured - len(self.times)

    def begin(self, messages: Iterable[float] = (), ended: Act | None = None) -> None:
        """Begin a run now, for messages whose runs began at these times."""
        clock = self.clock
        now = clock.now
        self.started += 1
        counts = self.opens <= now < self.closes
        self.measured += counts
        context = Context(now)

        def done(good: bool) -> None:
            if counts:
                self.times.append(clock.now - now if good else math.nan)
                if good:
                    self.fresh.extend(clock.now - published for published in messages)
            if ended is not None:
                ended()

        self.start(context, done)


def poisson(clock: Clock, draws: Draws, runs: Runs, rate: float) -> None:
    """Runs at this rate, independent of each other."""
    gap = draws.exponential(1.0 / rate)

    def arrive() -> None:
        clock.after(gap(), arrive)
        runs.begin()

    clock.after(gap(), arrive)


def closed(clock: Clock, draws: Draws, runs: Runs, source: Source) -> None:
    """So many clients, each of which thinks for an exponential time before it asks again.

    Thinking has no memory: all of them together ask at the rate count / think, and an ask counts with
    the share of them that thinks at that moment.
    """
    gap, share = draws.exponential(source.think / source.clients), draws.share()
    busy = 0.0

    def back() -> None:
        nonlocal busy
        busy -= 1.0

    def ask() -> None:
        nonlocal busy
        clock.after(gap(), ask)
        if share() * source.clients < source.clients - busy:
            busy += 1.0
            runs.begin((), back)

    clock.after(gap(), ask)


class Inbox:
    """Messages that wait for the next run of a triggered flow."""

    def __init__(self, clock: Clock, draws: Draws, trigger: Trigger, runs: Runs) -> None:
        self.clock = clock
        self.trigger = trigger
        self.runs = runs
        self.messages: list[float] = []
        self.count = 0.0
        self.turn = 0
        self.share = draws.share()
        self.lag = draws.law(trigger.lag) if trigger.lag is not None else None
        if trigger.every > 0.0:
            clock.after(self.share() * trigger.every, self._in_turn(0))

    def take(self, published: float) -> None:
        """A message, from a run that began at this time; it comes after the lag of the stream."""
        if self.lag is None:
            self._put(published)
        else:
            self.clock.after(self.lag(), lambda: self._put(published))

    def wants(self) -> bool:
        """Whether a message that others get too is one that this flow reads."""
        return self.trigger.share >= 1.0 or self.share() < self.trigger.share

    def _put(self, published: float) -> None:
        trigger = self.trigger
        if trigger.every > 0.0 and not trigger.batch:
            self.messages.append(published)
            return
        if not trigger.batch:
            self.runs.begin((published,))
            return
        self.messages.append(published)
        self.count += 1.0
        while self.count >= trigger.batch:
            self.count -= trigger.batch
            self._flush()

    def _in_turn(self, turn: int) -> Act:
        def due() -> None:
            if turn == self.turn:
                self.count = 0.0
                self._flush()

        return due

    def _flush(self) -> None:
        messages, self.messages = self.messages, []
        self.turn += 1
        if self.trigger.every > 0.0:
            self.clock.after(self.trigger.every, self._in_turn(self.turn))
        self.runs.begin(messages)


class Post:
    """Brings every message to the flows that it triggers."""

    def __init__(self, draws: Draws) -> None:
        self.share = draws.share()
        self.inboxes: dict[Place, list[Inbox]] = {}

    def add(self, inbox: Inbox) -> None:
        for place in inbox.trigger.places:
            self.inboxes.setdefault(place, []).append(inbox)

    def publish(self, place: Place, published: float) -> None:
        """A message was written at a place by a run that began at this time."""
        inboxes = self.inboxes.get(place, [])
        if inboxes and inboxes[0].trigger.one_of_all:
            left = self.share()
            for inbox in inboxes:
                left -= inbox.trigger.share
                if left < 0.0:
                    inbox.take(published)
                    return
            return
        for inbox in inboxes:
            if inbox.wants():
                inbox.take(published)
