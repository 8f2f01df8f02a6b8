"""Random designs as people make them: tiers that fit their load, caches before databases, calls with options."""

import json

import numpy as np

TIMES = (0.5, 1.0, 2.0, 4.0, 8.0)


def law(draws):
    """An own time: exponential, fixed, or of a stated spread."""
    time = f"{draws.choice(TIMES):g}ms"
    form = draws.integers(0, 5)
    if form == 0:
        return {"fixed": time}
    if form == 1:
        return {"mean": time, "scv": f"{draws.choice((0.25, 0.5, 2.0, 4.0)):g}"}
    if form == 2:
        return {"p50": time, "p99": f"{float(time[:-2]) * draws.choice((3, 6)):g}ms"}
    return time


def tier(draws, kind):
    """A component that is left to grow until it is as busy as its target says."""
    found = {
        "kind": kind,
        "service_time": law(draws),
        "target_utilization": f"{draws.integers(40, 81)}%",
        "availability": f"{draws.choice((99, 99.5, 99.9))}%",
        "balance": str(draws.choice(("round-robin", "random"))),
    }
    if kind in ("service", "worker", "database"):
        found["cores"] = str(draws.choice((1, 2, 4, 8)))
    if kind == "external":
        found = {"kind": kind, "service_time": law(draws), "sla": "99.9%", "rtt": f"{draws.integers(0, 5)}ms"}
    if kind == "cache":
        found |= {"cores": "1", "hit": f"{draws.integers(40, 96)}%", "rtt": "0.3ms"}
    return found


def step(draws, depth):
    """One step of a service: a look, a read, a choice, or several things at once."""
    form = draws.integers(0, 8 if depth else 4)
    if form == 0:
        return {"cache": {"miss": ["db"]}}
    if form == 1:
        return {str(draws.choice(("db", "job", "other"))): {"op": "read"}}
    if form == 2:
        return {"other": {"timeout": f"{draws.integers(10, 60)}ms", "optional": "true"}}
    if form == 3:
        return {"log": {"async": "true"}}
    if form == 4:
        return {"parallel": [step(draws, 0), step(draws, 0)]}
    if form == 5:
        ways = {"x": {"share": f"{draws.integers(10, 60)}%", "calls": [step(draws, 0)]}}
        return {"choose": {**ways, "y": {"share": "rest", "calls": [step(draws, 0)]}}}
    if form == 6:
        return {"back": [step(draws, 0)]}
    return {"other": {"times": "2"}}


def design(seed):
    """The text of a design below its head."""
    draws = np.random.default_rng(seed)
    steps = [step(draws, 1) for _ in range(draws.integers(1, 4))]
    blocks = {
        "flows": {
            "f": {"rate": f"{draws.choice((50, 200, 1000))}/s", "steps": [{"lb": [{"api": steps}]}]},
            "g": {"rate": f"{draws.choice((20, 100))}/s", "steps": [{"api": [step(draws, 0)]}]},
        },
        "components": {
            "lb": tier(draws, "load-balancer"),
            "api": tier(draws, "service"),
            "back": tier(draws, "service"),
            "job": tier(draws, "worker"),
            "db": tier(draws, "database"),
            "cache": tier(draws, "cache"),
            "other": tier(draws, "external"),
            "log": {"kind": "stream", "service_time": "1ms", "availability": "99.9%"},
        },
    }
    used = json.dumps(blocks["flows"])
    blocks["components"] = {name: one for name, one in blocks["components"].items() if f'"{name}"' in used}
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in blocks.items())
