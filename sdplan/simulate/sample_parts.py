"""Parts of random designs: own times of many forms, and components that are as busy as wanted."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

Block = dict[str, Any]
"""A block of a design as it would be written."""
Blocks = dict[str, Block]
RATE = 1000.0  # 1/s, of every flow; only its ratio to the own times matters
_T = TypeVar("_T")
_WORD = re.compile(r"\w+")
_P99 = 2.3263478740408408  # quantile of the normal distribution
_CORES, _NODES = (1, 1, 2, 4, 8), (1, 2, 3, 5, 8)


class Draws:
    """Random choices of one design."""

    def __init__(self, *seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def one(self, options: Sequence[_T]) -> _T:
        return options[int(self.rng.integers(len(options)))]

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)


def time(seconds: float) -> str:
    return f"{1e3 * seconds:.6g}ms"


def share(value: float) -> str:
    return f"{100.0 * value:.6g}%"


def law(draws: Draws, mean: float) -> str | Block:
    """An own time of this mean [s]: every other one exponential, else fixed or of a stated spread."""
    form = draws.whole(0, 7)
    if form == 0:
        return {"fixed": time(mean)}
    if form == 1:
        return {"mean": time(mean), "scv": f"{draws.one((0.25, 0.5)):g}"}
    if form == 2:
        return {"mean": time(mean), "scv": f"{draws.one((2.0, 4.0)):g}"}
    if form == 3:
        ratio = draws.between(2.5, 8.0)
        median = mean * math.exp(-0.5 * (math.log(ratio) / _P99) ** 2)
        return {"p50": time(median), "p99": time(median * ratio)}
    return time(mean)


def own_time(component: Mapping[str, Any]) -> float:
    """The mean of an own time that `law` wrote [s], or the middle of one that states percentiles."""
    stated = component["service_time"]
    text = (
        stated
        if isinstance(stated, str)
        else next(stated[key] for key in ("mean", "fixed", "p50") if key in stated)
    )
    return float(str(text).removesuffix("ms")) / 1e3


def station(draws: Draws, kind: str, visits: float = 1.0, busy: tuple[float, float] = (0.3, 0.9)) -> Block:
    """A component that so many calls a run keep as busy as drawn, at the rate of every flow."""
    cores, nodes = draws.one(_CORES), 1 if kind in ("database", "cache") else draws.one(_NODES)
    if kind == "cache":
        cores = 1
    mean = draws.between(*busy) * cores * nodes / (RATE * visits)
    found: Block = {
        "kind": kind,
        "replicas": str(nodes),
        "cores": str(cores),
        "service_time": law(draws, mean),
        "availability": share(draws.one((0.99, 0.995, 0.999))),
    }
    if kind in ("service", "gateway", "load-balancer"):
        found["balance"] = draws.one(("round-robin", "random", "least-requests", "round-robin"))
    if kind == "database" and draws.chance(0.4):
        found = _sharded(draws, found)
    return found


def _sharded(draws: Draws, store: Block) -> Block:
    """The same with its calls split over shards, each as busy as the whole was."""
    shards = draws.one((2, 4))
    stated = store["service_time"]
    scaled = (
        {key: text if key == "scv" else _times(text, shards) for key, text in stated.items()}
        if isinstance(stated, dict)
        else _times(stated, shards)
    )
    return store | {"replicas": str(shards), "shards": str(shards), "service_time": scaled}


def _times(text: str, factor: float) -> str:
    return time(float(text.removesuffix("ms")) / 1e3 * factor)


def external(draws: Draws) -> Block:
    """A service of somebody else: a delay behind a round trip."""
    return {
        "kind": "external",
        "service_time": law(draws, draws.between(1.0, 20.0) / 1e3),
        "sla": "99.9%",
        "rtt": f"{draws.whole(0, 5)}ms",
    }


def design(blocks: Mapping[str, Block]) -> str:
    """The text of a design, of those components that its flows call."""
    used = set(_WORD.findall(json.dumps(blocks["flows"])))
    parts = {name: one for name, one in blocks["components"].items() if name in used}
    whole = {"sdplan": 1, "id": "sample", "title": "A random design", **blocks, "components": parts}
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in whole.items())


def flow(*steps: Any, rate: float = RATE) -> Block:
    return {"rate": f"{rate:g}/s", "steps": list(steps)}
