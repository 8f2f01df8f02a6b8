"""What is said of missed availabilities: who fails, how many replicas mend it, what no replica mends."""

from tests.reviewed import because, found, one, shop


def test_a_missed_availability_gets_as_many_replicas_as_it_needs() -> None:
    """One in a hundred fails: two replicas make 99.99 %, three 99.9999 %."""
    text = shop("replicas: 2, availability: 99%", slos="up: {flow: order, availability: 99.999%}")
    finding = one(text, "AV102")

    assert finding.message == "the availability of flow order is 99.99 %, `up` asks for at least 99.999 %"
    assert because(finding) == "api is up 99.99 % of the time with 2 replicas, of which its load needs 1"
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
    finding = one(text, "AV102")

    changed = "`components.api.replicas: 2` and `components.db.copies: 2`"
    assert finding.hint == f"{changed} would bring it to 99.9899 %"  # 0.9999 * 0.999999
    assert [one.path for one in found(text, "AV101")] == [
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
    finding = one(text, "AV105")

    assert finding.path == ("components", "payment", "sla")
    assert finding.message == "flow order can be up 99.85 % of the time at best, and `up` asks for 99.95 %"
    assert "payment is up 99.9 % of the time by its `sla`" in because(finding)
    assert "stock is up 99.95 % of the time by its `sla`" in because(finding)
    assert one(text, "AV102").hint == ""
    assert found(text.replace("payment]", "payment: {optional: true}]"), "AV105") != []
    assert found(text.replace("availability: 99.95%", "availability: 99.8%"), "AV105") == []


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
    assert found(text, "AV101") == []
    without = text.replace("{optional: true}", "{op: read}")
    assert [finding.path[1] for finding in found(without, "AV101")] == ["tips"]


def test_errors_are_traced_to_timeouts_or_to_downtime_whichever_is_more() -> None:
    text = shop("cores: 1, replicas: 2, availability: 99%", slos="few: {flow: order, errors: 0.001%}")
    down = one(text, "AV104")
    late = one(text.replace("[api]", "[api: {timeout: 20ms}]"), "AV104")

    assert "api is up 99.99 % of the time" in because(down)
    assert "of the runs end at a timeout" not in because(down)
    assert "of the runs end at a timeout at peak" in late.because[0].message


def test_a_verdict_that_rests_on_what_was_left_out_is_not_called_met() -> None:
    text = shop("replicas: 2", slos="up: {flow: order, availability: 99.99%}")
    finding = one(text, "GV107")

    assert "at most 100 %, which does not prove that it is met" in finding.message
    assert because(finding) == "api states no availability"


def test_what_loses_next_to_nothing_is_not_blamed() -> None:
    """One api fails once in a thousand, both databases once in a million."""
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api > db]}
components:
  api: {kind: service, replicas: 1, cores: 4, service_time: 5ms, availability: 99.9%}
  db: {kind: database, shards: 1, copies: 2, cores: 4, service_time: 2ms, availability: 99.9%}
slos:
  up: {flow: order, availability: 99.99%}
"""

    assert because(one(text, "AV102")) == "api is up 99.9 % of the time with one replica"


def test_a_number_just_below_its_target_has_the_digits_that_tell_them_apart() -> None:
    """0.999 twice is 0.998001: with three figures of what is lost, 99.8 % like the target."""
    text = """sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [stock, payment]}
components:
  stock: {kind: external, service_time: 5ms, sla: 99.9%}
  payment: {kind: external, service_time: 5ms, sla: 99.9%}
slos:
  up: {flow: order, availability: 99.8002%}
"""

    assert one(text, "AV102").message.startswith("the availability of flow order is 99.8001 %, `up` asks")
