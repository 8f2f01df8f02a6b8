"""Slots: the servers or workers behind one queue, taken first come first served."""

from __future__ import annotations

import math
from collections import deque
from typing import Protocol

from sdplan.simulate.clock import Clock
from sdplan.simulate.draws import Draw


class Asker(Protocol):
    """What waits for a slot."""

    ticket: Ticket | None

    def granted(self, waited: float) -> None: ...

    def refused(self) -> None: ...


class Ticket:
    """A place in a queue, which its holder may give up."""

    __slots__ = ("asker", "since", "waits")

    def __init__(self, asker: Asker, since: float) -> None:
        self.asker = asker
        self.since = since
        self.waits = True


class Slots:
    """So many slots and the queue before them, with room for `room` and patience as it is drawn."""

    __slots__ = ("clock", "free", "patience", "queue", "room", "waiting")

    def __init__(self, clock: Clock, count: float, room: float = math.inf, patience: Draw | None = None):
        self.clock = clock
        self.free = count
        self.room = room
        self.patience = patience
        self.queue: deque[Ticket] = deque()
        self.waiting = 0

    def ask(self, asker: Asker) -> None:
        """A slot at once, a place in the queue, or a refusal."""
        if self.free >= 1.0:
            self.free -= 1.0
            asker.granted(0.0)
            return
        if self.waiting >= self.room:
            asker.refused()
            return
        asker.ticket = ticket = Ticket(asker, self.clock.now)
        self.queue.append(ticket)
        self.waiting += 1
        if self.patience is not None:
            self.clock.after(self.patience(), lambda: self._out_of_patience(ticket))

    def leave(self) -> None:
        """A slot becomes free, and goes to the first who waits."""
        queue = self.queue
        while queue:
            ticket = queue.popleft()
            if ticket.waits:
                self._hand_over(ticket)
                return
        self.free += 1.0

    def _hand_over(self, ticket: Ticket) -> None:
        """By way of the clock, so that a queue of calls that take no time is not a tower of calls here."""
        self.withdraw(ticket)
        waited = self.clock.now - ticket.since
        self.clock.after(0.0, lambda: ticket.asker.granted(waited))

    def withdraw(self, ticket: Ticket) -> None:
        """Who waits no longer wants a slot."""
        if ticket.waits:
            ticket.waits = False
            self.waiting -= 1

    def _out_of_patience(self, ticket: Ticket) -> None:
        if ticket.waits:
            self.withdraw(ticket)
            ticket.asker.refused()
