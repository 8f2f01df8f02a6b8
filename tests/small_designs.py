"""Small designs that tests write to disk."""

GOOD = """\
sdplan: 1
id: small
flows:
  buy: {rate: 100/s, request: 1KB, response: 1KB, steps: [api]}
components:
  api: {kind: service, replicas: 2, cores: 4, service_time: 10ms, availability: 99.9%}
slos:
  fast: {flow: buy, latency: {p99: 200ms}}
"""
MISSPELT = GOOD.replace("replicas", "replcas")
MISSED = GOOD.replace("200ms", "11ms")
ADVISED = GOOD.replace(", availability: 99.9%", "")
SORTS = {"good": GOOD, "misspelt": MISSPELT, "missed": MISSED, "advised": ADVISED}
