"""Random designs: any kinds, any steps, numbers from nothing to absurd; most of them make sense to nobody."""

from __future__ import annotations

import json

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from random_components import components, failovers
from random_values import (
    Options,
    attempts,
    batches,
    counts,
    delays,
    periods,
    rates,
    shares,
    sizes,
    some,
    times,
    whole,
    yes,
)

NAMES = ["a", "b", "c", "d"]
NEEDS = st.sampled_from(["any", "all", "1", "2"])

TRIED: Options = {
    "retries": attempts,
    "backoff": times,
    "jitter": shares,
    "hedge": st.sampled_from(["0s", "1ns", "p50", "p75", "p90", "p95", "p99", "p99.9"]),
    "shared_slowness": shares,
    "cancel": yes,
    "idempotent": st.sampled_from(["true", "false"]),
    "breaker": st.just("opens at half of the calls"),
}
CALL: Options = {
    "times": counts,
    "fan_out": counts,
    "timeout": delays,
    "async": yes,
    "optional": yes,
    "request": sizes,
    "response": sizes,
    "hit": shares,
    "fill": st.sampled_from(["true", "async", "false"]),
    "entity": st.just("item"),
    "op": st.sampled_from(["read", "write", "scan"]),
}


@st.composite
def steps(draw: DrawFn, depth: int, in_regions: bool) -> object:
    """One step, and those inside it."""
    kind = draw(st.sampled_from(["chain", "call", "call", "call", "parallel", "choose"]))
    if kind == "chain" or not depth:
        return " > ".join(draw(st.lists(_names(in_regions), min_size=1, max_size=3)))
    below = st.lists(steps(depth - 1, in_regions), max_size=3)
    if kind == "parallel":
        calls = draw(below)
        need = draw(NEEDS) if len(calls) > 1 else "all"
        return {"parallel": {**some(draw, {"timeout": delays}), "need": need, "calls": calls}}
    if kind == "choose":
        first = {"share": draw(shares), "calls": draw(below)}
        return {"choose": {"x": first, "y": {"share": "rest", "calls": draw(below)}}}
    found = some(draw, {**CALL, "calls": below, "miss": below, "fallback": below}, 4)
    if "timeout" in found:
        found |= _tried(some(draw, TRIED, 1))
    if found.get("fan_out") in ("2.5", "3", "120", "1M"):
        found["need"] = draw(NEEDS)
    return {draw(_names(in_regions)): {"hit": "60%", **found} if "miss" in found else found}


def _tried(options: dict[str, object]) -> dict[str, object]:
    """Options that mean something together: none without its partner."""
    for name, partner in (("backoff", "retries"), ("jitter", "backoff"), ("shared_slowness", "hedge")):
        if partner not in options:
            options.pop(name, None)
    return options


def _names(in_regions: bool) -> st.SearchStrategy[str]:
    far = [f"{name}@{region}" for name in ("a", "b") for region in ("eu", "others")] if in_regions else []
    return st.sampled_from([*NAMES, *NAMES, *far])


@st.composite
def flows(draw: DrawFn, in_regions: bool) -> dict[str, object]:
    """One flow, driven in one of the three ways."""
    found: dict[str, object] = {
        "steps": draw(st.lists(steps(2, in_regions), max_size=3)),
        **some(draw, {"request": sizes, "response": sizes}),
    }
    driven = draw(st.sampled_from(["rate", "rate", "rate", "trigger", "clients"]))
    if driven == "trigger":
        options: Options = {"every": periods, "batch": batches, "share": shares}
        found["trigger"] = {"stream": "log", **some(draw, options)}
    elif driven == "clients":
        found["clients"] = {
            "count": draw(st.sampled_from(["1", "3", "2.5", "500", "1M"])),
            "think": draw(periods),
        }
    else:
        found["rate"] = draw(rates)
    return found | some(
        draw,
        {
            "peak": st.sampled_from(["1x", "1.5x", "3x", "1M", "999T/s"]),
            "peak_time": st.sampled_from(["1h/day", "100%"]),
            "active": st.sampled_from(["1h/day", "10%", "100%"]),
            "connections": st.just({"a": "5k"}),
            "deadline": periods,
        },
    )


@st.composite
def scenarios(draw: DrawFn, in_regions: bool) -> dict[str, object]:
    """What may happen: more traffic, slower or lost parts, another value, later years."""
    lost: Options = {
        "zones": st.sampled_from(["0", "1", "2"]),
        "components": st.sampled_from([[], ["a"], ["a", "b", "log"]]),
        "replicas": st.sampled_from([{"a": "1"}, {"b": "1M"}, {"c": "0.5"}]),
        **({"regions": st.sampled_from([["eu"], ["us", "eu"]])} if in_regions else {}),
    }
    options: Options = {
        "traffic": st.sampled_from(["10x", "1M", {"f": "0.001"}]),
        "slow": st.sampled_from([{"a": "3x"}, {"b": "+200ms"}, {"a": "0x", "d": "1Mx"}]),
        "lose": st.builds(lambda found: found, st.fixed_dictionaries({}, optional=dict(lost))),
        "set": st.sampled_from([{"components.a.rtt": "1s"}, {"entities.item.size": "1TB"}]),
        "years": st.sampled_from(["0", "1.5", "100"]),
        "lasts": periods,
    }
    return {**some(draw, options), "expect": {"s": "met", "c": "missed"}}


@st.composite
def objectives(draw: DrawFn) -> dict[str, object]:
    """Objectives of every sort."""
    options: Options = {
        "slow": st.just({"flow": "f", "latency": {"p50": "1ms", "p99.99": "0s", "max": "1h"}, "at": "mean"}),
        "waiting": st.just({"component": "a", "wait": {"p99": "1ms"}}),
        "fresh": st.just({"flow": "g", "freshness": {"p95": "1min", "max": "1h"}}),
        "whole": st.just({"flow": "all", "undegraded": "99%", "errors": "1%"}),
        "kept": st.just({"component": "b", "durability": "11 nines", "rpo": "1h", "rto": "0s"}),
        "below": st.sampled_from(
            [{"holds": "flows.f.latency.p99 < 1s"}, {"holds": "components.a.utilization / flows.g.rate > 3s"}]
        ),
    }
    usual = {"flow": "all", "latency": {"p99": "1s"}, "availability": "99.9%"}
    return {"s": usual, "c": {"cost": "1 USD/h"}, **some(draw, options, 2)}


@st.composite
def entities(draw: DrawFn) -> dict[str, object]:
    """What is kept."""
    entity: dict[str, object] = {
        "size": draw(sizes),
        "created_by": {"f": draw(counts)},
        "keep": {"a": draw(times), "log": "forever"},
    }
    popularities = [
        "uniform",
        {"zipf": "0.9"},
        {"zipf": "1"},
        {"zipf": "30"},
        {"tiers": [["10", "80%"], ["1M", "20%"]]},
    ]
    if draw(st.booleans()):
        entity |= {"count": draw(whole), "popularity": draw(st.sampled_from(popularities))}
    return entity


@st.composite
def regions(draw: DrawFn) -> dict[str, object]:
    """Two parts of the world, one of which says how it is taken over."""
    more = some(draw, {"failover": failovers, "availability": shares}, 1)
    return {"us": {"share": "60%", "rtt": {"eu": draw(times)}, **more}, "eu": {"share": "40%"}}


@st.composite
def designs(draw: DrawFn) -> str:
    """The text of a design below its head."""
    in_regions = draw(st.integers(0, 3)) == 0
    blocks: dict[str, object] = {
        "horizon": draw(times),
        "entities": {"item": draw(entities())},
        "components": {
            "log": {"kind": "stream"},
            **{name: draw(components(in_regions)) for name in NAMES},
        },
        "flows": {"f": draw(flows(in_regions)), "g": draw(flows(in_regions))},
        "slos": draw(objectives()),
    }
    if in_regions:
        blocks["regions"] = draw(regions())
    if draw(st.integers(0, 3)) == 0:
        blocks["zones"] = some(draw, {"rtt": times, "availability": shares}, 1)
    if draw(st.integers(0, 3)) == 0:
        blocks["scenarios"] = {"bad": draw(scenarios(in_regions))}
    if draw(st.booleans()):
        blocks["results"] = {"r": {"value": "= flows.f.rate + flows.g.rate", "expect": "1/s"}}
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in blocks.items())
