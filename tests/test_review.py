"""The review reads well: what is said, why, and what would mend it, with numbers worked out by hand."""

import math
import re
import subprocess
import sys

import pytest

from sdplan.findings import Finding
from sdplan.pipeline import run


def _found(text: str, code: str) -> list[Finding]:
    return [finding for finding in run("design.yaml", text.encode()).findings if finding.code == code]


def _one(text: str, code: str) -> Finding:
    (finding,) = _found(text, code)
    return finding


def _because(finding: Finding) -> str:
    return "\n".join(link.message for link in finding.because)


def _shop(api: str, *, rate: str = "100/s", slos: str = "") -> str:
    return f"""sdplan: 1
id: shop
flows:
  order: {{rate: {rate}, steps: [api]}}
components:
  api: {{kind: service, service_time: 5ms, {api}}}
slos: {{{slos}}}
"""


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
    finding = _one(_ORDERS, "CP101")

    assert finding.path == ("components", "db", "cores")
    assert finding.message == "db is overloaded: the utilization of its cores is 100 % at peak"
    assert finding.hint == "write `cores: 3` or `shards: 2` to stay at or below the target of 70 %"
    assert "flow place makes 1k/s calls of it at peak" in _because(finding)
    assert _found(_ORDERS.replace("cores: 2", "cores: 3"), "CP101") == []


def test_an_overload_is_mended_once_and_named_by_what_it_makes_miss() -> None:
    finding = _one(_ORDERS, "LT101")

    assert finding.message.startswith("the p99 latency of flow place has no value: db is overloaded")
    assert [link.path for link in finding.because] == [("components", "db", "cores")]
    assert finding.hint == ""


def test_what_the_hint_of_an_overload_says_is_enough_and_one_less_is_not() -> None:
    for replicas, codes in ((4, {"CP102"}), (5, set())):
        text = _shop(f"cores: 1, availability: 99.9%, replicas: {replicas}", rate="600/s")
        found = {finding.code for finding in run("design.yaml", text.encode()).findings}
        assert found & {"CP101", "CP102"} == codes

    over = _shop("cores: 1, availability: 99.9%, replicas: 3", rate="600/s")
    assert "`replicas: 5`" in _one(over, "CP101").hint


def test_a_store_that_states_shards_and_replicas_is_told_both() -> None:
    text = _ORDERS.replace("shards: 1", "shards: 1\n    copies: 3\n    replicas: 3")

    assert "`shards: 2` with `replicas: 6`" in _one(text, "CP101").hint


def test_a_limit_of_somebody_elses_system_is_not_mended_by_replicas() -> None:
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [payment]}
components:
  payment: {kind: external, replicas: 1, service_time: 50ms, sla: 99.9%, limits: {requests: 80/s}}
"""
    finding = _one(text, "CP101")

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
    finding = _one(_shop(api, rate="150/s", slos=slo), "LT101")

    assert finding.message == (
        "the p99 latency of flow order is 92.1 ms at peak, `fast` asks for at most 50 ms"
    )
    assert "a call of api waits 15 ms on average for 5 ms of work" in _because(finding)
    assert "the utilization of its cores is 75 %" in _because(finding)
    assert "150/s calls arrive at peak, and 200/s is the most that it can answer" in _because(finding)
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
    finding = _one(text, "LT101")

    assert "a call of edge takes 1 ms of work on average, and does not wait for it" in _because(finding)
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
    finding = _one(text, "LT101")

    assert finding.because[0].path == ("components", "payment")
    assert "payment has the largest part in it" in finding.because[0].message
    assert finding.because[1].path == ("components", "payment", "service_time")
    left = re.search(r"the p99 alone of payment would have to be at most ([0-9.]+) ms", finding.hint)
    assert left is not None
    assert 46 <= float(left[1]) <= 48


def test_a_missed_availability_gets_as_many_replicas_as_it_needs() -> None:
    """One in a hundred fails: two replicas make 99.99 %, three 99.9999 %."""
    text = _shop("replicas: 2, availability: 99%", slos="up: {flow: order, availability: 99.999%}")
    finding = _one(text, "AV102")

    assert finding.message == "the availability of flow order is 99.99 %, `up` asks for at least 99.999 %"
    assert _because(finding) == "api is up 99.99 % of the time with 2 replicas, of which its load needs 1"
    assert finding.hint == "`components.api.replicas: 3` would bring it to 99.9999 %"


def test_replicas_and_copies_are_added_where_most_is_lost() -> None:
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api > db]}
components:
  api: {kind: service, replicas: 1, cores: 4, service_time: 5ms, availability: 99%}
  db: {kind: database, shards: 2, copies: 1, cores: 4, service_time: 2ms, availability: 99.9%}
slos:
  up: {flow: order, availability: 99.98%}
"""
    finding = _one(text, "AV102")

    changed = "`components.api.replicas: 2` and `components.db.copies: 2`"
    assert finding.hint == f"{changed} would bring it to 99.9899 %"  # 0.9999 * 0.999999
    assert [one.path for one in _found(text, "AV101")] == [
        ("components", "api", "replicas"),
        ("components", "db", "copies"),
    ]


def test_what_others_promise_bounds_what_can_be_promised() -> None:
    """0.9995 * 0.999 = 0.9985005."""
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api: [stock, payment]]}
components:
  api: {kind: service, replicas: 3, cores: 1, service_time: 5ms, availability: 99.9%}
  stock: {kind: external, service_time: 5ms, sla: 99.95%}
  payment: {kind: external, service_time: 50ms, sla: 99.9%}
slos:
  up: {flow: order, availability: 99.95%}
"""
    finding = _one(text, "AV105")

    assert finding.path == ("components", "payment", "sla")
    assert finding.message == "flow order can be up 99.85 % of the time at best, and `up` asks for 99.95 %"
    assert "payment is up 99.9 % of the time by its `sla`" in _because(finding)
    assert "stock is up 99.95 % of the time by its `sla`" in _because(finding)
    assert _one(text, "AV102").hint == ""
    assert _found(text.replace("payment]", "payment: {optional: true}]"), "AV105") != []
    assert _found(text.replace("availability: 99.95%", "availability: 99.8%"), "AV105") == []


def test_a_flow_that_can_do_without_a_component_does_not_mind_its_only_replica() -> None:
    text = """sdplan: 1
id: shop
flows:
  order:
    rate: 100/s
    steps:
      - api:
          - hot: {hit: 90%, miss: [db]}
          - tips: {optional: true}
          - log: {async: true}
          - stock: {timeout: 50ms, fallback: [db]}
          - parallel: {need: any, calls: [left, right]}
components:
  api: {kind: service, replicas: 2, cores: 4, service_time: 1ms, availability: 99.99%}
  hot: {kind: cache, replicas: 1, service_time: 1ms, availability: 99.9%}
  db: {kind: database, copies: 2, service_time: 1ms, availability: 99.99%}
  tips: {kind: service, replicas: 1, service_time: 1ms, availability: 99.9%}
  log: {kind: stream, replicas: 1, service_time: 1ms, availability: 99.9%}
  stock: {kind: service, replicas: 1, service_time: 1ms, availability: 99.9%}
  left: {kind: service, replicas: 1, service_time: 1ms, availability: 99.9%}
  right: {kind: service, replicas: 1, service_time: 1ms, availability: 99.9%}
slos:
  up: {flow: order, availability: 99%}
"""
    assert _found(text, "AV101") == []
    without = text.replace("{optional: true}", "{op: read}")
    assert [finding.path[1] for finding in _found(without, "AV101")] == ["tips"]


def test_a_missed_budget_names_its_largest_item_and_what_is_idle() -> None:
    """Six replicas at half a dollar, 720 hours: 2160; the load needs one of them."""
    api = "replicas: 6, availability: 99.9%, price: {hour: 0.5 USD/h}"
    finding = _one(_shop(api, slos="budget: {cost: 1k USD/month}"), "CO101")

    assert finding.message.startswith("the cost of the design is 2.16k USD/month, `budget` asks")
    assert _because(finding) == "api costs 2.16k USD/month, most of it for the hours of 6 replicas"
    assert finding.hint == "`components.api.replicas: 1` would bring it to 360 USD/month"


def test_what_another_slo_needs_is_not_taken_away_to_save_money() -> None:
    api = "replicas: 6, availability: 99.9%, price: {hour: 0.5 USD/h}"
    slos = "budget: {cost: 1k USD/month}, up: {flow: order, availability: 99.99%}"

    assert _one(_shop(api, slos=slos), "CO101").hint == ""


def test_a_stale_result_gets_the_cycle_that_makes_it_fresh() -> None:
    """A cycle of 60 s and a run of 1 s make 61 s at most; 30 s leave a cycle of 29 s."""
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [changes: {op: write}]}
  index: {trigger: {stream: changes, every: 60s, batch: 10k}, steps: [indexer]}
components:
  changes: {kind: stream, message: 1KB, sla: 99.9%}
  indexer: {kind: worker, service_time: {fixed: 1s}, availability: 99.9%}
slos:
  fresh: {flow: index, freshness: {max: 30s}}
"""
    finding = _one(text, "ST101")

    assert [link.message for link in finding.because] == [
        "a message waits up to 1 min for its batch",
        "the run that is triggered takes 1 s",
    ]
    assert finding.hint == "`flows.index.trigger.every: 29 s` would bring it to 30 s"


def test_errors_are_traced_to_timeouts_or_to_downtime_whichever_is_more() -> None:
    text = _shop("cores: 1, replicas: 2, availability: 99%", slos="few: {flow: order, errors: 0.001%}")
    down = _one(text, "AV104")
    late = _one(text.replace("[api]", "[api: {timeout: 20ms}]"), "AV104")

    assert "api is up 99.99 % of the time" in _because(down)
    assert "of the runs end at a timeout" not in _because(down)
    assert "of the runs end at a timeout at peak" in late.because[0].message


def test_a_result_says_how_far_off_it_is() -> None:
    text = _shop("availability: 99.9%") + "results:\n  a-day: {value: = flows.order.rate * 1d, expect: 9M}\n"
    finding = _one(text, "GV103")

    assert finding.path == ("results", "a-day", "expect")
    assert finding.message == "a-day is 8.64M, not 9M: 4 % less, the tolerance is 0.1 %"
    assert finding.hint == "correct the input that changed, or write `expect: 8.64M`"
    assert _because(finding) == "flows.order.rate is 100/s"


def test_a_decision_says_what_its_ground_has_become() -> None:
    text = _shop("availability: 99.9%") + (
        "decisions:\n  ADR-1: {title: One service, holds_while: flows.order.peak_rate * 1d < 1M}\n"
    )
    finding = _one(text, "GV101")

    assert "ADR-1 (One service) no longer holds" in finding.message
    assert _because(finding) == "flows.order.peak_rate is 100/s"


def test_a_verdict_that_rests_on_what_was_left_out_is_not_called_met() -> None:
    text = _shop("replicas: 2", slos="up: {flow: order, availability: 99.99%}")
    finding = _one(text, "GV107")

    assert "at most 100 %, which does not prove that it is met" in finding.message
    assert _because(finding) == "api states no availability"


def test_findings_come_in_the_same_order_every_time() -> None:
    first = run("design.yaml", _ORDERS.encode()).findings
    codes = [finding.code for finding in first if finding.severity == "error"]

    assert codes == sorted(codes)
    assert run("design.yaml", _ORDERS.encode()).findings == first


def test_a_design_in_order_is_not_solved_twice() -> None:
    """The search for mends is loaded only when an SLO is missed."""
    text = _shop("replicas: 2, availability: 99.9%", slos="fast: {flow: order, latency: {p99: 100ms}}")
    script = (
        "import sys; from sdplan.pipeline import run; run('a', sys.stdin.buffer.read());"
        "print([name for name in ('sdplan.solve.mend', 'sdplan.solve.variants') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    child = subprocess.run(command, input=text.encode(), capture_output=True, check=True)

    assert child.stdout.decode().strip() == "[]"
