"""Calls: a call tree as acts on the clock; a node becomes a function that begins it and tells its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sdplan.distributions.laws import Deterministic
from sdplan.findings import Path
from sdplan.simulate.attempts import bounded, hedged, retried
from sdplan.simulate.clock import Clock
from sdplan.simulate.draws import Draw, Draws
from sdplan.simulate.joining import (
    at_once,
    detached,
    fanned,
    forgiven,
    ignore,
    in_turn,
    joined,
    or_else,
    repeated,
)
from sdplan.simulate.nodes import Nodes, Targets
from sdplan.simulate.visits import Context, Done, Start, Visit
from sdplan.solve.compile import WRITES
from sdplan.solve.tree import Call, Choice, Node, Parallel, Place, needed

Publish = Callable[[Place, float], None]
"""Told of every message: where it was written, and when the run that wrote it began [s]."""


class Compiler:
    """Turns the tree of one flow into acts."""

    def __init__(
        self,
        clock: Clock,
        draws: Draws,
        nodes: Mapping[Place, Nodes],
        hits: Mapping[Path, float],
        publish: Publish,
    ) -> None:
        self.clock = clock
        self.draws = draws
        self.nodes = nodes
        self.hits = hits
        self.publish = publish

    def begin(self, node: Node) -> Start:
        """What begins a node."""
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Choice):
            return self._choice(node)
        starts = [self.begin(item) for item in node.items]
        if not isinstance(node, Parallel):
            return in_turn(starts)
        both = at_once(starts, needed(node.need, len(starts)))
        return both if node.timeout is None else bounded(self.clock, both, node.timeout, cancel=False)

    def _choice(self, node: Choice) -> Start:
        share = self.draws.share()
        ways = [(way.share, self.begin(way.node)) for way in node.branches]

        def begin(context: Context, done: Done) -> None:
            left = share()
            for part, start in ways:
                left -= part
                if left < 0.0:
                    start(context, done)
                    return
            done(True)

        return begin

    def _call(self, call: Call) -> Start:
        start = self._attempted(call)
        if call.miss is not None and not call.miss_inside:
            start = self._looked(call, start, self.begin(call.miss))
        if call.fallback is not None:
            start = or_else(start, self.begin(call.fallback))
        if call.optional and call.miss is None:
            start = forgiven(start)
        if call.fan_out != 1.0:
            start = fanned(start, self.draws.count(call.fan_out), call.need)
        if call.times != 1.0:
            start = repeated(self.clock, start, self.draws.count(call.times))
        return detached(self.clock, start) if call.detached else start

    def _attempted(self, call: Call) -> Start:
        start = self._made(call)
        if call.hedge is not None:
            start = hedged(self.clock, self.draws, start, call.hedge, call.shared_slowness or 0.0)
        if call.timeout is not None:
            start = bounded(self.clock, start, call.timeout, cancel=call.cancel)
        if call.retries > 0.0:
            start = retried(self.clock, self.draws, start, call.retries, call.backoff, call.jitter)
        return start

    def _made(self, call: Call) -> Start:
        """The way there and the stay."""
        nodes = self.nodes[call.place]
        clock, stay = self.clock, self._stay(call, nodes)
        if nodes.layout.down:
            return lambda context, done: done(False)
        there = nodes.layout.way(call)
        if there == Deterministic(0.0):
            return stay
        trip = self.draws.law(there)

        def begin(context: Context, done: Done) -> None:
            clock.after(trip(), lambda: None if context.dead else stay(context, done))

        return begin

    def _stay(self, call: Call, nodes: Nodes) -> Start:
        clock, law = self.clock, nodes.layout.law(call.op)
        draw = self.draws.law(law) if law is not None else None
        targets = nodes.targets(writes=call.op in WRITES)
        body = self._body(call)
        publishes = call.op != "read" and bool(nodes.layout.delivers)

        def begin(context: Context, done: Done) -> None:
            if context.dead:
                return
            if publishes:
                done = self._published(call.place, context, done)
            chosen = targets()
            if len(chosen.nodes) == 1:
                Visit(clock, chosen.nodes[0], draw, body, context, done).begin()
            else:
                _at_copies(clock, chosen, draw, body, context, done)

        return begin

    def _published(self, place: Place, context: Context, done: Done) -> Done:
        def written(good: bool) -> None:
            if good:
                self.publish(place, context.started)
            done(good)

        return written

    def _body(self, call: Call) -> Start | None:
        """What a call runs while it holds its worker."""
        starts = [] if _is_nothing(call.body) else [self.begin(call.body)]
        if call.miss is not None and call.miss_inside:
            missed = self.begin(call.miss)
            found = self._found(call)

            def look(context: Context, done: Done) -> None:
                if found(context):
                    done(True)
                else:
                    missed(context, done)

            starts.append(look)
        return in_turn(starts) if starts else None

    def _found(self, call: Call) -> Callable[[Context], bool]:
        """Whether a look is a hit: looks for one entity in one run are one draw, others are independent."""
        hit, share = self.hits[call.path], self.draws.share()
        if not call.entity:
            return lambda context: share() < hit
        key = (call.place, call.entity, hit)

        def found(context: Context) -> bool:
            drawn = context.drawn
            if key not in drawn:
                drawn[key] = share() < hit
            return drawn[key]

        return found

    def _looked(self, call: Call, look: Start, missed: Start) -> Start:
        """Cache-aside: on a miss, or when the look fails, the caller goes on itself."""
        found = self._found(call)

        def begin(context: Context, done: Done) -> None:
            hit = found(context)

            def seen(good: bool) -> None:
                if hit and good:
                    done(True)
                else:
                    missed(context, done)

            look(context, seen)

        return begin


def _at_copies(
    clock: Clock, chosen: Targets, draw: Draw | None, body: Start | None, context: Context, done: Done
) -> None:
    """A call at several copies: what it calls in turn runs once, when enough of them have answered."""
    after: Done = done
    if body is not None:
        below = body

        def after(good: bool) -> None:
            if good:
                below(context, done)
            else:
                done(False)

    leader, *others = chosen.nodes
    if not chosen.led:
        told = other_told = joined(chosen.need, len(chosen.nodes), after)
    elif chosen.need == 1:
        told, other_told = after, ignore
    else:
        told = joined(2, 2, after)
        other_told = joined(chosen.need - 1, len(others), told)
    Visit(clock, leader, draw, None, context, told).begin()
    for node in others:
        Visit(clock, node, draw, None, context, other_told).begin()


def _is_nothing(node: Node) -> bool:
    return not isinstance(node, Call | Choice) and not node.items
