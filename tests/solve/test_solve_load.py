"""How often each call is made, against numbers worked out by hand."""

from fractions import Fraction

import pytest

from tests.strategies import number, solved

DAY = 86400


def rates(text, *names):
    solution = solved(text)
    return [number(solution, f"components.{name}.rate") for name in names]


def test_a_chain_is_called_once_a_run_at_each_link():
    text = """
    flows: {f: {rate: 864k/day, steps: [a > b > c]}}
    components: {a: {kind: gateway}, b: {kind: service}, c: {kind: database}}
    """
    assert rates(text, "a", "b", "c") == [10.0, 10.0, 10.0]


def test_times_and_fan_out_multiply_everything_below():
    text = """
    flows:
      f:
        rate: 7/s
        steps:
          - a: {times: 10%, calls: [b: {fan_out: 12, calls: [c: {times: 2.5}]}]}
    components: {a: {kind: service}, b: {kind: service}, c: {kind: database}}
    """
    assert rates(text, "a", "b", "c") == pytest.approx([0.7, 8.4, 21.0], rel=1e-14)


def test_times_and_fan_out_on_one_call_multiply():
    text = """
    flows: {f: {rate: 2/s, steps: [a: {times: 3, fan_out: 4}]}}
    components: {a: {kind: service}}
    """
    assert rates(text, "a") == [24.0]


def test_no_times_at_all_means_no_load():
    text = """
    flows: {f: {rate: 2/s, steps: [a: {times: 0, calls: [b]}]}}
    components: {a: {kind: service, service_time: 1ms}, b: {kind: database}}
    """
    assert rates(text, "a", "b") == [0.0, 0.0]


def test_the_rest_of_a_choice_takes_what_the_others_leave_and_choices_nest():
    text = """
    flows:
      f:
        rate: 1000/s
        steps:
          - choose:
              one: {share: 20%, calls: [a]}
              two:
                share: 30%
                calls:
                  - choose:
                      inner: {share: 1/8, calls: [b]}
                      other:
                        share: rest
                        calls: [choose: {deep: {share: 40%, calls: [c]}, deeper: {share: rest, calls: [a]}}]
              three: {share: rest, calls: [d, b]}
    components: {a: {kind: service}, b: {kind: service}, c: {kind: service}, d: {kind: service}}
    """.replace("1/8", "12.5%")
    other = Fraction(3, 10) * Fraction(7, 8)
    expected = [
        1000 * (Fraction(1, 5) + other * Fraction(6, 10)),
        1000 * (Fraction(3, 10) * Fraction(1, 8) + Fraction(1, 2)),
        1000 * other * Fraction(4, 10),
        1000 * Fraction(1, 2),
    ]
    assert rates(text, "a", "b", "c", "d") == pytest.approx([float(one) for one in expected], rel=1e-13)


@pytest.mark.parametrize(
    ("fill", "at_cache"), [("", 1300), ("fill: true,", 1300), ("fill: async,", 1300), ("fill: false,", 1000)]
)
def test_a_miss_reads_the_origin_and_then_writes_the_cache_once(fill, at_cache):
    text = f"""
    flows:
      f: {{rate: 1000/s, steps: [api: [cache: {{hit: 70%, {fill} miss: [db]}}]]}}
    components: {{api: {{kind: service}}, cache: {{kind: cache}}, db: {{kind: database}}}}
    """
    assert rates(text, "api", "cache", "db") == pytest.approx([1000, at_cache, 300], rel=1e-13)


def test_a_cdn_is_not_filled_unless_the_design_says_so():
    text = """
    flows:
      f: {rate: 1000/s, steps: [edge: {hit: 95%, miss: [lb > api]}]}
    components: {edge: {kind: cdn}, lb: {kind: load-balancer}, api: {kind: service}}
    """
    assert rates(text, "edge", "lb", "api") == pytest.approx([1000, 50, 50], rel=1e-12)


def test_the_hit_ratio_of_a_call_beats_that_of_the_component():
    text = """
    flows:
      f: {rate: 100/s, steps: [api: [cache: {hit: 90%, fill: false, miss: [db]}]]}
      g: {rate: 100/s, steps: [api: [cache: {fill: false, miss: [db]}]]}
    components: {api: {kind: service}, cache: {kind: cache, hit: 50%}, db: {kind: database}}
    """
    assert rates(text, "db") == pytest.approx([10 + 50], rel=1e-13)


def test_caches_behind_caches_multiply_their_misses():
    text = """
    flows:
      f:
        rate: 10k/s
        steps:
          - edge: {hit: 60%, miss: [api: [near: {hit: 50%, fill: false, miss: [far: {hit: 80%, miss: [db]}]}]]}
    components:
      {edge: {kind: cdn}, api: {kind: service}, near: {kind: cache}, far: {kind: cache}, db: {kind: database}}
    """
    assert rates(text, "api", "near", "far", "db") == pytest.approx([4000, 4000, 2400, 400], rel=1e-12)


def test_async_and_optional_calls_load_like_any_other():
    text = """
    flows:
      f: {rate: 30/s, steps: [a: [b: {async: true, calls: [c]}, d: {optional: true, timeout: 1ms}]]}
    components: {a: {kind: service}, b: {kind: service}, c: {kind: database}, d: {kind: external}}
    """
    assert rates(text, "a", "b", "c", "d") == [30.0] * 4


def test_a_parallel_loads_all_its_branches_whatever_it_needs():
    text = """
    flows: {f: {rate: 30/s, steps: [parallel: {need: any, calls: [a, b, a > b]}]}}
    components: {a: {kind: service}, b: {kind: service}}
    """
    assert rates(text, "a", "b") == [60.0, 60.0]


def test_the_active_part_of_the_day_packs_the_same_runs_and_the_peak_stands_on_top():
    text = """
    flows: {f: {rate: 23.4M/day, active: 6.5h/day, peak: 3x, steps: [a]}}
    components: {a: {kind: service, replicas: 100, service_time: 1ms}}
    """
    solution = solved(text)
    mean = Fraction(23_400_000, 6 * 3600 + 1800)
    assert number(solution, "flows.f.rate") == pytest.approx(23.4e6 / DAY, rel=1e-14)
    assert number(solution, "flows.f.mean_rate") == pytest.approx(float(mean), rel=1e-13)
    assert number(solution, "flows.f.peak_rate") == pytest.approx(float(3 * mean), rel=1e-13)
    assert number(solution, "components.a.peak_rate") == pytest.approx(float(3 * mean), rel=1e-13)


def test_a_peak_that_is_a_rate_is_taken_as_it_stands():
    text = """
    inputs: {usual: 20k/s}
    flows: {f: {rate: 5k/s, active: 12h/day, peak: = usual + 10k / s, steps: [a]}}
    components: {a: {kind: service}}
    """
    solution = solved(text)
    assert number(solution, "flows.f.peak_rate") == 30e3
    assert number(solution, "flows.f.mean_rate") == 10e3


def test_one_component_sums_what_all_flows_send_it_each_at_its_own_peak():
    text = """
    flows:
      f: {rate: 100/s, peak: 2x, steps: [a]}
      g: {rate: 50/s, peak: 10x, steps: [a, a]}
    components: {a: {kind: service}}
    """
    solution = solved(text)
    assert number(solution, "components.a.rate") == 200.0
    assert number(solution, "components.a.peak_rate") == 1200.0


def test_clients_ask_once_a_think_time_and_an_answer():
    text = """
    flows: {f: {clients: {count: 500, think: 5s}, steps: [a]}}
    components: {a: {kind: service, replicas: 3, service_time: 1ms}}
    """
    solution = solved(text)
    present = 0.0  # at each of three replicas alike, by mean value analysis (Reiser and Lavenberg 1980)
    for clients in range(1, 501):
        answer = 0.001 * (1 + present)
        present = clients / (5 + answer) * answer / 3
    assert number(solution, "flows.f.rate") == pytest.approx(500 / (5 + answer), rel=1e-7)
    assert number(solution, "flows.f.rate") < 100.0
    assert solution.records["flows", "f", "rate"].label == "approximation"
