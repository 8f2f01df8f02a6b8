"""Flows that messages start: each of a stream, exactly one of a queue, by batch and by schedule."""

import pytest
from test_solve_load import rates

from tests.strategies import number, solved


def test_every_flow_that_a_stream_triggers_sees_all_its_messages():
    text = """
    flows:
      write: {rate: 100/s, peak: 4x, steps: [api > log: {times: 2}]}
      one: {trigger: log, steps: [a]}
      two: {trigger: {stream: log, share: 20%}, steps: [b]}
      three: {trigger: {stream: log, batch: 50}, steps: [c]}
    components:
      {api: {kind: service}, log: {kind: stream}, a: {kind: worker}, b: {kind: worker}, c: {kind: worker}}
    """
    solution = solved(text)
    assert [number(solution, f"components.{name}.rate") for name in "abc"] == [200.0, 40.0, 4.0]
    assert [number(solution, f"components.{name}.peak_rate") for name in "abc"] == [800.0, 160.0, 16.0]


def test_a_queue_feeds_exactly_one_of_the_flows_that_it_triggers():
    text = """
    flows:
      write: {rate: 90/s, steps: [jobs]}
      one: {trigger: jobs, steps: [a]}
      two: {trigger: jobs, steps: [b]}
      three: {trigger: jobs, steps: [c]}
    components: {jobs: {kind: queue}, a: {kind: worker}, b: {kind: worker}, c: {kind: worker}}
    """
    assert rates(text, "a", "b", "c") == pytest.approx([30.0] * 3, rel=1e-13)


def test_the_flows_of_a_queue_that_state_no_share_divide_what_the_others_leave():
    text = """
    flows:
      write: {rate: 90/s, steps: [jobs]}
      one: {trigger: {stream: jobs, share: 50%}, steps: [a]}
      two: {trigger: jobs, steps: [b]}
      three: {trigger: jobs, steps: [c]}
    components: {jobs: {kind: queue}, a: {kind: worker}, b: {kind: worker}, c: {kind: worker}}
    """
    assert rates(text, "a", "b", "c") == pytest.approx([45.0, 22.5, 22.5], rel=1e-13)


def test_a_schedule_runs_whether_or_not_messages_come():
    text = """
    flows:
      write: {rate: 90/s, steps: [log]}
      one: {trigger: {stream: log, every: 60s}, steps: [a]}
      two: {trigger: {stream: log, every: 60s, batch: 30}, steps: [b]}
      three: {trigger: {stream: log, every: 10ms, batch: 30}, steps: [c]}
    components: {log: {kind: stream}, a: {kind: worker}, b: {kind: worker}, c: {kind: worker}}
    """
    assert rates(text, "a", "b", "c") == pytest.approx([1 / 60, 3.0, 100.0], rel=1e-13)


def test_triggers_follow_each_other_through_streams_in_any_order_of_writing():
    text = """
    flows:
      last: {trigger: second, steps: [c]}
      middle: {trigger: first, steps: [b > second: {fan_out: 3}]}
      start: {rate: 5/s, steps: [a > first]}
    components:
      a: {kind: service}
      b: {kind: worker}
      c: {kind: worker}
      first: {kind: stream}
      second: {kind: queue}
    """
    assert rates(text, "a", "b", "c", "first", "second") == [5.0, 5.0, 15.0, 5.0, 15.0]


def test_an_async_write_to_a_stream_triggers_like_a_waited_one():
    text = """
    flows:
      start: {rate: 5/s, steps: [a: [first: {async: true}]]}
      next: {trigger: first, steps: [b]}
    components: {a: {kind: service}, first: {kind: stream}, b: {kind: worker}}
    """
    assert rates(text, "b") == [5.0]
