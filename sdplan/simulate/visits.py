"""Visits: one call at one node, from its arrival in a queue to the end of all that it calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sdplan.simulate.clock import Clock
from sdplan.simulate.draws import Draw
from sdplan.simulate.nodes import Node
from sdplan.simulate.slots import Ticket

Done = Callable[[bool], None]
"""What goes on when an answer is known: whether it is a good one."""


class Context:
    """What the calls of one run share: when it started, what it drew, and what a timeout may abandon."""

    __slots__ = ("dead", "drawn", "started", "under_way")

    def __init__(self, started: float, drawn: dict[object, bool] | None = None, *, may_end: bool = False):
        self.started = started
        self.drawn = {} if drawn is None else drawn
        self.dead = False
        self.under_way: dict[object, Callable[[], None]] | None = {} if may_end else None

    def abandon(self) -> None:
        """Stop all that is queued or being done in this context, and free what it holds."""
        self.dead = True
        under_way, self.under_way = self.under_way or {}, {}
        for stop in under_way.values():
            stop()


Start = Callable[[Context, Done], None]
"""Begins something in a context; its end is told to what is done next."""
_Stage = Literal["worker", "server", "own", "body", "over"]


class Visit:
    """A call at a node."""

    __slots__ = (
        "body",
        "clock",
        "context",
        "done",
        "draw",
        "ends",
        "held",
        "node",
        "since",
        "stage",
        "ticket",
    )

    def __init__(
        self, clock: Clock, node: Node, draw: Draw | None, body: Start | None, context: Context, done: Done
    ) -> None:
        self.clock = clock
        self.node = node
        self.draw = draw
        self.body = body
        self.context = context
        self.done = done
        self.ticket: Ticket | None = None
        self.stage: _Stage = "worker"
        self.since = self.held = self.ends = clock.now

    def begin(self) -> None:
        node = self.node
        node.watch.calls += 1
        node.present += 1
        if self.context.under_way is not None:
            self.context.under_way[self] = self.abandon
        if node.workers is not None:
            node.workers.ask(self)
        else:
            self._to_server()

    def granted(self, waited: float) -> None:
        node, was = self.node, self.stage
        if was == "over":  # abandoned in the moment in which its turn came
            return
        if was == "worker":
            self.held = self.clock.now
            node.watch.worker_waits.append(waited)
            if node.servers is None and self.draw is not None:
                node.watch.waits.append(waited)
            self._to_server()
        else:
            node.watch.waits.append(waited)
            self._serve()

    def refused(self) -> None:
        watch = self.node.watch
        watch.refused += 1
        self._close()
        self.done(False)

    def _to_server(self) -> None:
        if self.draw is None:
            self._to_body()
        elif self.node.servers is None:
            self._serve()
        else:
            self.stage = "server"
            self.node.servers.ask(self)

    def _serve(self) -> None:
        assert self.draw is not None
        self.stage = "own"
        time = self.draw()
        self.node.watch.busy += time
        self.ends = self.clock.now + time
        self.clock.after(time, self._served)

    def _served(self) -> None:
        if self.stage == "over":
            return
        node = self.node
        if node.servers is not None:
            node.servers.leave()
        node.watch.stays.append(self.clock.now - self.since)
        self._to_body()

    def _to_body(self) -> None:
        self.stage = "body"
        if self.body is None and self.draw is None:
            self.clock.after(0.0, lambda: self._end(True))  # many of them in a row are no tower of calls
        elif self.body is None:
            self._end(True)
        else:
            self.body(self.context, self._end)

    def _end(self, good: bool) -> None:
        if self.stage == "over":
            return
        self._free_worker()
        self._close()
        self.done(good)

    def _free_worker(self) -> None:
        workers = self.node.workers
        if workers is not None:
            self.node.watch.held += self.clock.now - self.held
            workers.leave()

    def _close(self) -> None:
        self.stage = "over"
        self.node.present -= 1
        if self.context.under_way is not None:
            self.context.under_way.pop(self, None)

    def abandon(self) -> None:
        """Leave the queue, or give back what is held; nobody is told."""
        was, node = self.stage, self.node
        if was == "over":
            return
        self.stage = "over"
        node.present -= 1
        if was == "own":
            node.watch.busy -= self.ends - self.clock.now
            if node.servers is not None:
                node.servers.leave()
        if was != "worker":
            self._free_worker()
        slots = node.workers if was == "worker" else node.servers if was == "server" else None
        if slots is None or self.ticket is None:
            return
        if self.ticket.waits:
            slots.withdraw(self.ticket)
        else:  # its turn has come, and is not taken
            slots.leave()
