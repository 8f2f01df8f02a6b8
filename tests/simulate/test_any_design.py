"""No design, however absurd, stops the simulation or gives it a number that is none."""

import math
import sys
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings

from sdplan.simulate import simulated
from sdplan.simulate.plan import plan
from sdplan.simulate.schedule import Schedule
from sdplan.simulate.world import simulate_events
from tests.strategies import outcome, solved

sys.path.insert(0, str(Path(__file__).parents[1] / "solve"))
from random_designs import designs


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(designs())
def test_every_number_of_a_simulation_is_a_number(text):
    solution, _ = outcome(text)
    if solution is None:
        return
    measured = simulated(solution, 30)
    for path, measure in measured.numbers.items():
        assert math.isfinite(measure.value) and measure.value >= 0.0, path
        assert measure.shown.low <= measure.value <= measure.shown.high, path
        assert measure.judged.low <= measure.shown.low, path


def test_hundreds_of_steps_that_take_no_time_are_no_tower_of_calls():
    steps = ", ".join(["a", "b: {async: true}"] * 600)
    text = f"""
    flows: {{f: {{rate: 100/s, steps: [{steps}, c: {{retries: 1, timeout: 1s}}]}}}}
    components: {{a: {{kind: database}}, b: {{kind: queue}}, c: {{kind: external, service_time: 1ms}}}}
    """
    observed = simulate_events(plan(solved(text)), Schedule(0.0, 0.2), 1, 10**9)
    assert np.isfinite(observed.flows["f"].times.values).sum() > 5
