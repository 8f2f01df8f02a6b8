"""Random designs as people make them: tiers that fit their load, caches before databases, options."""

from __future__ import annotations

from sdplan.simulate.sample_parts import RATE, Block, Draws, external, flow, law, share

_TIMES = (0.5e-3, 1e-3, 2e-3, 4e-3, 8e-3)


def realistic(draws: Draws) -> dict[str, Block]:
    """Two flows through tiers that grow until they are as busy as their target says."""
    steps = [_step(draws, 1) for _ in range(draws.whole(1, 3))]
    second = flow({"api": [_step(draws, 0)]}, rate=draws.one((20, 100, 400)))
    return {
        "flows": {"f": flow({"lb": [{"api": steps}]}, rate=RATE), "g": second},
        "components": {
            "lb": _tier(draws, "load-balancer"),
            "api": _tier(draws, "service"),
            "back": _tier(draws, "service"),
            "job": _tier(draws, "worker"),
            "db": _tier(draws, "database"),
            "cache": _tier(draws, "cache"),
            "other": external(draws),
            "log": {"kind": "stream", "service_time": "1ms", "availability": "99.9%"},
        },
    }


def _tier(draws: Draws, kind: str) -> Block:
    found: Block = {
        "kind": kind,
        "service_time": law(draws, draws.one(_TIMES)),
        "target_utilization": f"{draws.whole(40, 85)}%",
        "availability": share(draws.one((0.99, 0.995, 0.999))),
        "balance": draws.one(("round-robin", "random")),
    }
    if kind in ("service", "worker", "database"):
        found["cores"] = str(draws.one((1, 2, 4, 8)))
    if kind == "cache":
        found |= {"cores": "1", "hit": f"{draws.whole(40, 95)}%", "rtt": "0.3ms"}
    return found


def _step(draws: Draws, depth: int) -> Block:
    """One step of a service: a look, a read, a choice, or several things at once."""
    form = draws.whole(0, 7 if depth else 3)
    if form == 0:
        return {"cache": {"miss": ["db"]}}
    if form == 1:
        return {draws.one(("db", "job", "other")): {"op": "read"}}
    if form == 2:
        return {"other": {"timeout": f"{draws.whole(10, 60)}ms", "optional": "true"}}
    if form == 3:
        return {"log": {"async": "true"}}
    if form == 4:
        return {"parallel": [_step(draws, 0), _step(draws, 0)]}
    if form == 5:
        ways = {"x": {"share": f"{draws.whole(10, 60)}%", "calls": [_step(draws, 0)]}}
        return {"choose": {**ways, "y": {"share": "rest", "calls": [_step(draws, 0)]}}}
    if form == 6:
        return {"back": [_step(draws, 0)]}
    return {"other": {"times": "2"}}
