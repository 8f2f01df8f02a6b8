"""Small designs, simulated, and what was measured of them."""

from sdplan.simulate import simulated
from sdplan.simulate.plan import plan
from sdplan.simulate.reading import numbers
from sdplan.simulate.schedule import schedule
from sdplan.simulate.world import simulate_events
from sdplan.solve.lookup import path_of
from tests.strategies import solved


class Seen:
    """The measures of one simulation by their dotted names."""

    def __init__(self, numbers, left_out=()):
        self.numbers = numbers
        self.left_out = left_out

    def value(self, name):
        return self.numbers[path_of(name)].value

    def holds(self, name, truth):
        """Whether the interval by which answers are judged holds the truth."""
        low, high = self.numbers[path_of(name)].judged
        return low <= truth <= high


def seen(text, runs=40_000, seed=1, point="peak"):
    """What a simulation says of a design, through the one door."""
    measured = simulated(solved(text), runs, seed, point)
    return Seen(measured.numbers, measured.left_out)


def seen_by_events(text, runs=40_000, seed=1):
    """The same by the engine that goes from event to event, whatever the design."""
    what = plan(solved(text))
    observed = simulate_events(what, schedule(what, runs), seed, 10**9)
    assert observed.whole
    return Seen(numbers(what, observed))


def one_station(rate, station):
    """A flow that calls one station."""
    return f"""
    flows: {{f: {{rate: {rate}/s, steps: [a]}}}}
    components: {{a: {station}}}
    """
