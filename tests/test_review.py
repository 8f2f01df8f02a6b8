"""The review reads well: what is said, why, and what would mend it, with numbers worked out by hand."""

import math
import re
import subprocess
import sys

import pytest

from sdplan.pipeline import run
from tests.reviewed import because, found, one, shop

_ORDERS = """sdplan: 1
id: orders
flows:
  place:
    rate: 12k orders/min
    steps: [db: {times: 5}]
components:
  db:
    kind: database
    shards: 1
    cores: 2
    service_time: 2ms
    sla: 99.9%
slos:
  fast: {flow: place, latency: {p99: 100ms}}
"""


def test_two_cores_are_not_enough_for_two_cores_of_work() -> None:
    """200 orders a second, five statements of 2 ms each: 2 busy cores, and 2 / 0.7 makes 3 at the target."""
    finding = one(_ORDERS, "CP101")

    assert finding.path == ("components", "db", "cores")
    assert finding.message == "db is overloaded: the utilization of its cores is 100 % at peak"
    assert finding.hint == "write `cores: 3` or `shards: 2` to stay at or below the target of 70 %"
    assert "flow place makes 1k/s calls of it at peak" in because(finding)
    assert found(_ORDERS.replace("cores: 2", "cores: 3"), "CP101") == []


def test_an_overload_is_mended_once_and_named_by_what_it_makes_miss() -> None:
    finding = one(_ORDERS, "LT101")

    assert finding.message.startswith("the p99 latency of flow place has no value: db is overloaded")
    assert [link.path for link in finding.because] == [("components", "db", "cores")]
    assert finding.hint == ""


def test_what_the_hint_of_an_overload_says_is_enough_and_one_less_is_not() -> None:
    for replicas, codes in ((4, {"CP102"}), (5, set())):
        text = shop(f"cores: 1, availability: 99.9%, replicas: {replicas}", rate="600/s")
        found = {finding.code for finding in run("design.yaml", text.encode()).findings}
        assert found & {"CP101", "CP102"} == codes

    over = shop("cores: 1, availability: 99.9%, replicas: 3", rate="600/s")
    assert "`replicas: 5`" in one(over, "CP101").hint


def test_a_store_that_states_shards_and_replicas_is_told_both() -> None:
    text = _ORDERS.replace("shards: 1", "shards: 1\n    copies: 3\n    replicas: 3")

    assert "`shards: 2` with `replicas: 6`" in one(text, "CP101").hint


def test_a_limit_of_somebody_elses_system_is_not_mended_by_replicas() -> None:
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [payment]}
components:
  payment: {kind: external, replicas: 1, service_time: 50ms, sla: 99.9%, limits: {requests: 80/s}}
"""
    finding = one(text, "CP101")

    assert finding.path == ("components", "payment", "limits", "requests")
    assert "utilization of its limit on requests is 125 %" in finding.message
    assert "raise the limit" in finding.hint
    assert "replicas" not in finding.hint


def _stay_beyond(time: float, *, arrivals: float, service: float, cores: int) -> float:
    """The share of calls that stay longer at an M/M/c queue, written out from its textbook form."""
    load = arrivals * service
    terms = [load**n / math.factorial(n) for n in range(cores)]
    last = load**cores / math.factorial(cores) * cores / (cores - load)
    waiting = last / (sum(terms) + last)
    mu, spare = 1 / service, cores - load
    if abs(spare - 1) < 1e-9:
        return (1 + waiting * mu * time) * math.exp(-mu * time)
    decay = math.exp(-mu * time)
    return decay + waiting / (1 - spare) * (math.exp(-mu * spare * time) - decay)


def test_a_missed_latency_names_the_queue_and_the_fewest_cores_that_meet_it() -> None:
    """M/M/1 at 150/s of 200/s: p99 = ln(100) / 50 s = 92.1 ms; two cores are enough for 50 ms."""
    slo = "fast: {flow: order, latency: {p99: 50ms}}"
    api = "replicas: 1, cores: 1, availability: 99.9%, target_utilization: 80%"
    finding = one(shop(api, rate="150/s", slos=slo), "LT101")

    assert finding.message == (
        "the p99 latency of flow order is 92.1 ms at peak, `fast` asks for at most 50 ms"
    )
    assert "a call of api waits 15 ms on average for 5 ms of work" in because(finding)
    assert "the utilization of its cores is 75 %" in because(finding)
    assert "150/s calls arrive at peak, and 200/s is the most that it can answer" in because(finding)
    mended = re.fullmatch(r"`components.api.cores: 2` would bring it to ([0-9.]+) ms", finding.hint)
    assert mended is not None
    p99 = float(mended[1]) / 1000
    assert _stay_beyond(p99, arrivals=150, service=0.005, cores=2) == pytest.approx(0.01, rel=0.02)
    assert _stay_beyond(0.05, arrivals=150, service=0.005, cores=1) > 0.01


def test_a_latency_that_nodes_cannot_mend_gets_the_time_that_is_left() -> None:
    """An exponential time has its p99 at ln(100) times its mean, so 4 ms allow a mean of 868.6 us."""
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [edge]}
components:
  edge: {kind: load-balancer, service_time: 1ms, sla: 99.9%}
slos:
  edge: {component: edge, latency: {p99: 4ms}}
"""
    finding = one(text, "LT101")

    assert "a call of edge takes 1 ms of work on average, and does not wait for it" in because(finding)
    left = re.search(r"the mean work for a call of edge would have to be at most ([0-9.]+) us", finding.hint)
    assert left is not None
    assert 0.98 * 0.004 / math.log(100) <= float(left[1]) * 1e-6 <= 0.004 / math.log(100)


def test_the_component_with_the_largest_part_of_a_latency_is_named() -> None:
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 10/s, steps: [api > payment]}
components:
  api: {kind: service, replicas: 2, cores: 4, service_time: {fixed: 2ms}, availability: 99.9%}
  payment: {kind: external, service_time: {fixed: 80ms}, sla: 99.9%}
slos:
  fast: {flow: order, latency: {p99: 50ms}}
"""
    finding = one(text, "LT101")

    assert finding.because[0].path == ("components", "payment")
    assert "payment has the largest part in it" in finding.because[0].message
    assert finding.because[1].path == ("components", "payment", "service_time")
    left = re.search(r"the p99 alone of payment would have to be at most ([0-9.]+) ms", finding.hint)
    assert left is not None
    assert 46 <= float(left[1]) <= 48


def test_findings_come_in_the_same_order_every_time() -> None:
    first = run("design.yaml", _ORDERS.encode()).findings
    codes = [finding.code for finding in first if finding.severity == "error"]

    assert codes == sorted(codes)
    assert run("design.yaml", _ORDERS.encode()).findings == first


def test_a_design_in_order_is_not_solved_twice() -> None:
    """The search for mends is loaded only when an SLO is missed."""
    text = shop("replicas: 2, availability: 99.9%", slos="fast: {flow: order, latency: {p99: 100ms}}")
    script = (
        "import sys; from sdplan.pipeline import run; run('a', sys.stdin.buffer.read());"
        "print([name for name in ('sdplan.solve.mend', 'sdplan.solve.variants') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    child = subprocess.run(command, input=text.encode(), capture_output=True, check=True)

    assert child.stdout.decode().strip() == "[]"
