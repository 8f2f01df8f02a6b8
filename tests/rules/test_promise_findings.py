"""What is said of budgets, freshness, published numbers and decisions that do not hold."""

from tests.reviewed import because, found, one, shop


def test_a_missed_budget_names_its_largest_item_and_what_is_idle() -> None:
    """Six replicas at half a dollar, 720 hours: 2160; the load needs one of them."""
    api = "replicas: 6, availability: 99.9%, price: {hour: 0.5 USD/h}"
    finding = one(shop(api, slos="budget: {cost: 1k USD/month}"), "CO101")

    assert finding.message.startswith("the cost of the design is 2.16k USD/month, `budget` asks")
    assert because(finding) == "api costs 2.16k USD/month, most of it for the hours of 6 replicas"
    assert finding.hint == "`components.api.replicas: 1` would bring it to 360 USD/month"


def test_what_another_slo_needs_is_not_taken_away_to_save_money() -> None:
    api = "replicas: 6, availability: 99.9%, price: {hour: 0.5 USD/h}"
    slos = "budget: {cost: 1k USD/month}, up: {flow: order, availability: 99.99%}"

    assert one(shop(api, slos=slos), "CO101").hint == ""


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
    finding = one(text, "ST101")

    assert [link.message for link in finding.because] == [
        "a message waits up to 1 min for its batch",
        "the run that is triggered takes 1 s",
    ]
    assert finding.hint == "`flows.index.trigger.every: 29 s` would bring it to 30 s"


def test_a_result_says_how_far_off_it_is() -> None:
    text = shop("availability: 99.9%") + "results:\n  a-day: {value: = flows.order.rate * 1d, expect: 9M}\n"
    finding = one(text, "GV103")

    assert finding.path == ("results", "a-day", "expect")
    assert finding.message == "a-day is 8.64M, not 9M: 4 % less, the tolerance is 0.1 %"
    assert finding.hint == "correct the input that changed, or write `expect: 8.64M`"
    assert because(finding) == "flows.order.rate is 100/s"


def test_a_decision_says_what_its_ground_has_become() -> None:
    text = shop("availability: 99.9%") + (
        "decisions:\n  ADR-1: {title: One service, holds_while: flows.order.peak_rate * 1d < 1M}\n"
    )
    finding = one(text, "GV101")

    assert "ADR-1 (One service) no longer holds" in finding.message
    assert [link.message for link in finding.because] == [
        "the left side is 8.64M, the right side 1M",
        "flows.order.peak_rate is 100/s",
    ]


def test_a_number_to_be_written_has_no_more_digits_than_its_tolerance_asks_for() -> None:
    """A million a day, 11.574074… a second: five figures are within a tenth of 0.1 %, four of 1 %."""
    text = shop("availability: 99.9%").replace("rate: 100/s", "rate: = 1M / day")
    text += "results:\n  writes: {value: = flows.order.rate, unit: /s, expect: 9/s, tolerance: TOLERANCE}\n"

    assert one(text.replace("TOLERANCE", "0.1%"), "GV103").hint.endswith("write `expect: 11.574/s`")
    assert one(text.replace("TOLERANCE", "1%"), "GV103").hint.endswith("write `expect: 11.57/s`")


def test_a_text_that_shows_a_result_without_a_value_is_not_blamed_as_well() -> None:
    text = shop("replicas: 1, cores: 1, availability: 99.9%", rate="300/s")
    text += 'results:\n  slow: {value: = flows.order.latency.p99}\nsummary: "{{ results.slow.value }}"\n'

    assert one(text, "GV104").path == ("results", "slow", "value")
    assert found(text, "GV108") == []
