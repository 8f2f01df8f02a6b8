"""A design of any length, with everything in it that a large design has."""

from __future__ import annotations

HEAD = "sdplan: 1\nid: long\ntitle: A long design\n"

INPUT = "  load_{n}: {{value: {n}k/s, range: 1k/s..9k/s, why: measured last month}}\n"
ENTITY = """\
  record-{n}:
    size: {{key: 16B, body: 2KB}}
    created_by: write-{n}
    keep: {{store-{n}: 1y}}
"""
FLOW = """\
  write-{n}:
    title: Write a record of sort {n}
    rate: = load_{n} * 10%
    peak: 3x
    request: 2KB
    response: 100B
    steps:
      - api-{n} > store-{n}: {{op: write, entity: record-{n}, timeout: 200ms, retries: 1}}
  read-{n}:
    rate: = load_{n}
    response: 2KB
    steps:
      - api-{n}:
          - cache-{n}: {{entity: record-{n}, miss: [store-{n}: {{timeout: 100ms}}]}}
"""
COMPONENT = """\
  api-{n}:
    kind: service
    replicas: 24
    cores: 4
    service_time: 1ms
    availability: 99.9%
  cache-{n}: {{kind: cache, hit: 80%, service_time: 500us, copies: 2}}
  store-{n}:
    kind: database
    shards: 4
    copies: 3
    service_time: {{p50: 2ms, p99: 12ms}}
    limits: {{requests: 20k/s}}
"""
SLO = "  fast-{n}: {{flow: read-{n}, latency: {{p99: 200ms}}}}\n"

_BLOCKS = {"inputs": INPUT, "entities": ENTITY, "flows": FLOW, "components": COMPONENT, "slos": SLO}


def long_design(lines: int) -> str:
    """A valid design of at least so many lines."""
    each = sum(block.count("\n") for block in _BLOCKS.values())
    count = -(-(lines - HEAD.count("\n") - len(_BLOCKS)) // each)
    blocks = (
        f"{name}:\n" + "".join(entry.format(n=n) for n in range(1, count + 1))
        for name, entry in _BLOCKS.items()
    )
    return HEAD + "".join(blocks)
