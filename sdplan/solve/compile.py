"""From the steps of a flow to its call tree, one for each region that runs it."""

from __future__ import annotations

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.network import distance
from sdplan.solve.tree import NOTHING, Call, Choice, Node, Parallel, Place, Sequence, Way
from sdplan.spec.design import Design
from sdplan.spec.steps import Branch, CallStep, ChooseStep, ParallelStep, Step
from sdplan.units import NUMBER

WRITES = frozenset(
    {"write", "insert", "update", "delete", "decrement", "increment", "append", "publish", "put", "push"}
)


def compile_flow(design: Design, name: str, region: str, ledger: Ledger) -> Node:
    """The call tree of a flow as it runs in a region."""
    return _Compiler(design, region, ledger).sequence(design.flows[name].steps)


class _Compiler:
    def __init__(self, design: Design, region: str, ledger: Ledger, within: bool = False) -> None:
        self.design = design
        self.region = region
        self.ledger = ledger
        self.within = within  # a component

    def sequence(self, steps: tuple[Step, ...]) -> Node:
        if not steps:
            return NOTHING
        nodes = tuple(self.step(step) for step in steps)
        return nodes[0] if len(nodes) == 1 else Sequence(nodes)

    def step(self, step: Step) -> Node:
        if isinstance(step, CallStep):
            return self.call(step)
        if isinstance(step, ParallelStep):
            timeout = self.stated((*step.source, "timeout"))
            return Parallel(
                tuple(self.step(one) for one in step.calls),
                step.options.need,
                timeout,
                step.path,
                step.source,
            )
        return self.choice(step)

    def choice(self, step: ChooseStep) -> Choice:
        shares = {branch.name: self.stated((*branch.source, "share")) for branch in step.branches}
        rest = max(0.0, 1.0 - sum(share for share in shares.values() if share is not None))
        return Choice(
            tuple(self.way(branch, shares[branch.name], rest) for branch in step.branches), step.path
        )

    def way(self, branch: Branch, share: float | None, rest: float) -> Way:
        path = (*branch.source, "share")
        if share is None:
            self.ledger.default(path, rest, NUMBER, is_share=True)
        return Way(rest if share is None else share, path, self.sequence(branch.calls))

    def stated(self, path: Path) -> float | None:
        record = self.ledger.records.get(path)
        return None if record is None else record.value

    def call(self, step: CallStep) -> Node:
        if step.region == "others":
            others = tuple(self.at(step, other) for other in self.design.regions if other != self.region)
            return others[0] if len(others) == 1 else Parallel(others, "all", None, step.path, step.source)
        return self.at(step, step.region or self.region)

    def place(self, component: str, region: str) -> Place:
        """Where a call lands: the region's own instance, or the nearest region that has one."""
        spec = self.design.components[component]
        if not region or not spec.regional:
            return component, ""
        there = [other for other in spec.regions or self.design.regions if other in self.design.regions]
        if there and region not in there:  # where the region that was asked for is lost, the caller's counts
            near = region if region in self.design.regions else self.region
            region = min(there, key=lambda other: distance(near, other, self.ledger))
        return component, region

    def at(self, step: CallStep, region: str) -> Call:
        component = self.design.components[step.component]
        place = self.place(step.component, region)
        options = step.options
        inner = _Compiler(self.design, place[1] or self.region, self.ledger, True)
        source = step.source
        runner = inner if component.runs_misses_itself else self
        miss = runner.misses(step, place, component.fills) if step.miss else None
        suffix = f"@{place[1]}" if place[1] and place[1] != self.region else ""
        return Call(
            place=place,
            op=options.op or component.default_op,
            entity=options.entity,
            body=inner.sequence(step.calls),
            path=(*step.path[:-1], f"{step.path[-1]}{suffix}") if suffix else step.path,
            source=source,
            request=(*source, "request") if options.request else None,
            response=(*source, "response") if options.response else None,
            miss=miss,
            miss_inside=component.runs_misses_itself,
            fallback=self.sequence(step.fallback) if step.fallback else None,
            times=_or(self.stated((*source, "times")), 1.0) if options.times else 1.0,
            fan_out=_or(self.stated((*source, "fan_out")), 1.0) if options.fan_out else 1.0,
            need=options.need,
            timeout=self.stated((*source, "timeout")) if options.timeout else None,
            retries=_or(self.stated((*source, "retries")), 0.0) if options.retries else 0.0,
            backoff=_or(self.stated((*source, "backoff")), 0.0) if options.backoff else 0.0,
            jitter=_or(self.stated((*source, "jitter")), 0.0) if options.jitter else 0.0,
            hedge=self.hedge(step),
            shared_slowness=self.stated((*source, "shared_slowness")) if options.shared_slowness else None,
            cancel=options.cancel,
            distance=distance(self.region, place[1], self.ledger),
            has_caller=self.within,
            detached=options.async_,
            optional=options.optional,
        )

    def hedge(self, step: CallStep) -> float | str | None:
        hedge = step.options.hedge
        if hedge is None or hedge.percentile is not None:
            return None if hedge is None else hedge.percentile
        return self.stated((*step.source, "hedge", "after"))

    def misses(self, step: CallStep, place: Place, usual_fill: str) -> Node:
        """The miss branch, and the write that puts what was missed into the cache."""
        missed = self.sequence(step.miss)
        fill = step.options.fill or usual_fill
        if fill == "false":
            return missed
        write = Call(
            place=place,
            op="write",
            entity=step.options.entity,
            body=NOTHING,
            path=(*step.path, "fill"),
            source=step.source,
            request=(*step.source, "response") if step.options.response else None,
            detached=fill == "async",
            optional=True,
            is_fill=True,
        )
        return Sequence((*missed.items, write) if isinstance(missed, Sequence) else (missed, write))


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
