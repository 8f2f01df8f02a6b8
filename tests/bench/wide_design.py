"""A wide design: many components, and flows that call ten to twenty of them, some with retries."""

from __future__ import annotations

import random

_HEAD = "sdplan: 1\nid: wide\ntitle: A wide design\n"
_SCENARIOS = """\
scenarios:
  busy: {traffic: 1.2x}
  slow: {slow: {c0: 2x}}
  late: {slow: {c1: +5ms}}
"""


def wide_design(components: int, flows: int, *, scenarios: bool = False, seed: int = 1) -> str:
    """The text of a design of so many components and flows, the same for the same seed."""
    draw = random.Random(seed)
    names = [f"c{n}" for n in range(components)]
    blocks = [
        _HEAD,
        "components:\n",
        *(_component(name, draw) for name in names),
        "flows:\n",
        *(_flow(f"f{n}", names, draw) for n in range(flows)),
        "slos:\n",
        *(f"  s{n}: {{flow: f{n}, latency: {{p99: 1s}}, availability: 90%}}\n" for n in range(flows)),
    ]
    return "".join([*blocks, *([_SCENARIOS] if scenarios else [])])


def _component(name: str, draw: random.Random) -> str:
    replicas, cores, time = draw.randint(2, 6), draw.choice([2, 4, 8]), draw.choice([1, 2, 3, 5])
    workers = ", workers: 64" if draw.random() < 0.5 else ""
    said = f"kind: service, replicas: {replicas}, cores: {cores}, service_time: {time}ms, availability: 99.9%"
    return f"  {name}: {{{said}{workers}}}\n"


def _flow(name: str, names: list[str], draw: random.Random) -> str:
    hops = draw.sample(names, min(len(names), draw.randint(10, 20)))
    lines = [f"  {name}:\n    rate: {draw.randint(5, 60)}/s\n    peak: 3x\n    steps:\n"]
    while hops:
        count = draw.randint(1, 4)
        chain, hops = hops[:count], hops[count:]
        late = ": {timeout: 200ms, retries: 1}" if draw.random() < 0.2 * count else ""
        lines.append(f"      - {' > '.join(chain)}{late}\n")
    return "".join(lines)
