"""What fails, when, and what then happens, against a simulation of the same runs with a fixed seed."""

from typing import NamedTuple

import numpy as np
import pytest

from sdplan.distributions import (
    Branch,
    Fallback,
    FanOut,
    ForkJoin,
    Hedged,
    Hop,
    Node,
    Optional,
    Repeat,
    Retried,
    Series,
    Timeout,
    exponential,
    fixed,
    hedged,
    lognormal_from_quantiles,
    percentiles,
    retried,
)

RUNS = 400_000
LEVELS = (0.5, 0.95, 0.99)


class Runs(NamedTuple):
    """When each run has its answer, and whether it is a good one."""

    time: np.ndarray
    good: np.ndarray


class Simulation:
    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def of(self, node: Node) -> Runs:
        match node:
            case Hop(law, unavailability):
                refused = self.random.random(RUNS) < unavailability
                return Runs(np.where(refused, 0.0, self.draw(law)), ~refused)
            case Series(items):
                return self.row([self.of(item) for item in items])
            case Repeat(inner, times):
                low = int(times)
                more = self.random.random(RUNS) < times - low
                last = self.of(inner)
                rows = [self.of(inner) for _ in range(low)]
                return self.row([*rows, Runs(np.where(more, last.time, 0.0), last.good | ~more)])
            case Branch(options):
                return self.branch(options)
            case ForkJoin(items, need):
                return self.at_once([self.of(item) for item in items], self.count(need, len(items)))
            case FanOut(inner, count, need):
                assert count == int(count)
                answers = [self.of(inner) for _ in range(int(count))]
                return self.at_once(answers, self.count(need, int(count)))
            case Timeout(inner, time):
                runs = self.of(inner)
                return Runs(np.minimum(runs.time, time), runs.good & (runs.time <= time))
            case Optional(inner):
                return Runs(self.of(inner).time, np.ones(RUNS, dtype=bool))
            case Fallback(inner, other):
                first, second = self.of(inner), self.of(other)
                return Runs(first.time + np.where(first.good, 0.0, second.time), first.good | second.good)
            case Retried(inner, retries, backoff, jitter):
                return self.retried(inner, retries, backoff, jitter)
            case Hedged(inner, delay, shared):
                return self.hedged(self.of(inner), self.of(inner), delay, shared)
        raise AssertionError(node)

    def draw(self, law) -> np.ndarray:
        match type(law).__name__:
            case "Deterministic":
                return np.full(RUNS, law.value)
            case "Exponential":
                return self.random.exponential(law.mean, RUNS)
            case "Lognormal":
                return self.random.lognormal(law.mu, law.sigma, RUNS)
        raise AssertionError(law)

    @staticmethod
    def row(runs: list[Runs]) -> Runs:
        time, good = np.zeros(RUNS), np.ones(RUNS, dtype=bool)
        for step in runs:
            time = time + np.where(good, step.time, 0.0)
            good = good & step.good
        return Runs(time, good)

    def retried(self, inner: Node, retries: float, backoff: float, jitter: float) -> Runs:
        allowed = int(retries) + (self.random.random(RUNS) < retries - int(retries))
        done = self.of(inner)
        for number in range(1, int(allowed.max()) + 1):
            again, tries = self.of(inner), ~done.good & (allowed >= number)
            pause = backoff * 2 ** (number - 1) * (1.0 - jitter * self.random.random(RUNS))
            time = done.time + np.where(tries, pause + again.time, 0.0)
            done = Runs(time, done.good | (tries & again.good))
        return done

    def hedged(self, first: Runs, other: Runs, delay: float, shared: float) -> Runs:
        helps = (first.time > delay) & (self.random.random(RUNS) >= shared)
        first_end = np.where(first.good, first.time, np.inf)
        second_end = np.where(helps & other.good, delay + other.time, np.inf)
        met = np.minimum(first_end, second_end)
        failed = np.where(helps, np.maximum(first.time, delay + other.time), first.time)
        return Runs(np.where(np.isfinite(met), met, failed), np.isfinite(met))

    def branch(self, options) -> Runs:
        drawn = self.random.random(RUNS)
        time, good, below = np.zeros(RUNS), np.ones(RUNS, dtype=bool), 0.0
        for share, option in options:
            runs = self.of(option)
            taken = (below <= drawn) & (drawn < below + share)
            time, good = np.where(taken, runs.time, time), np.where(taken, runs.good, good)
            below += share
        return Runs(time, good)

    @staticmethod
    def at_once(runs: list[Runs], need: int) -> Runs:
        times = np.stack([run.time for run in runs])
        good_times = np.sort(np.where(np.stack([run.good for run in runs]), times, np.inf), axis=0)
        met = np.isfinite(good_times[need - 1])
        return Runs(np.where(met, good_times[need - 1], times.max(axis=0)), met)

    @staticmethod
    def count(need, number: int) -> int:
        return {"all": number, "any": 1}.get(need, need)


def hop(p50: float, p99: float, unavailability: float = 0.0) -> Hop:
    return Hop(lognormal_from_quantiles(p50=p50, p99=p99), unavailability)


SLOW, FAST, THIRD = Hop(exponential(10.0)), hop(2.0, 8.0), hop(8.0, 9.0, 0.6)
TREES: dict[str, Node] = {
    "a refused call ends its series": Series((hop(5, 20), hop(2, 9, 0.1), hop(30, 60))),
    "a timeout on one hop": Series((hop(1, 4), Timeout(hop(10, 60), 25.0))),
    "a timeout on a series": Timeout(Series((hop(5, 20), hop(10, 100))), 40.0),
    "a timeout on what is fixed and random": Timeout(Series((Hop(fixed(4.0)), SLOW)), 20.0),
    "a timeout within a timeout": Timeout(Series((Timeout(hop(10, 60), 30.0), hop(10, 60))), 50.0),
    "an optional call waits out its timeout": Series((hop(5, 9), Optional(Timeout(hop(10, 100), 15.0)))),
    "an optional call that is refused": Series((Optional(Hop(exponential(20.0), 0.3)), FAST)),
    "a fallback after a timeout": Fallback(Timeout(SLOW, 30.0), hop(2, 6)),
    "a fallback that may fail too": Fallback(hop(10, 40, 0.2), Hop(exponential(5.0), 0.25)),
    "a retry with a pause": retried(Timeout(hop(10, 100), 40.0), 1, 5.0),
    "three attempts": retried(Timeout(Hop(exponential(10.0), 0.1), 15.0), 2),
    "a hedged call": hedged(hop(10, 200), 40.0),
    "a hedged call that may fail": hedged(hop(10, 50, 0.1), 20.0),
    "a hedged call that half shares its slowness": hedged(hop(10, 200), 30.0, 0.5),
    "a hedged call with a time limit": Timeout(hedged(hop(10, 200, 0.05), 25.0, 0.3), 90.0),
    "hedged, limited and retried with jitter": Series(
        (hop(2, 9), retried(Timeout(hedged(hop(10, 100, 0.1), 25.0, 0.2), 45.0), 3, 8.0, 0.5))
    ),
    "retries with growing pauses": retried(Timeout(SLOW, 9.0), 4, 3.0, 1.0),
    "a fraction of retries": retried(Timeout(hop(10, 60), 14.0), 1.4, 2.0),
    "many retries at once": retried(Hop(exponential(3.0), 0.4), 30),
    "a failure after a while is tried again": retried(
        Series((SLOW, FAST, Hop(fixed(1.0), 0.4))), 2, 4.0, 0.3
    ),
    "two and a half times": Repeat(hop(3, 12, 0.02), 2.5),
    "in a tenth of the runs": Series((hop(1, 3), Repeat(Hop(exponential(50.0), 0.2), 0.1))),
    "ten in a row that may fail": Repeat(hop(3, 12, 0.03), 10.0),
    "a choice with a failing branch": Branch(((0.7, hop(1, 3)), (0.2, hop(20, 50, 0.3)))),
    "all of three different calls": ForkJoin((hop(5, 20), SLOW, hop(1, 50, 0.05))),
    "any of three different calls": ForkJoin((hop(5, 20, 0.4), Hop(exponential(3.0), 0.5), THIRD), "any"),
    "two of three different calls": ForkJoin((hop(5, 20, 0.2), Hop(exponential(7.0), 0.3), THIRD), 2),
    "a quorum of three in five": FanOut(hop(5, 25, 0.1), 5, 3),
    "any of four": FanOut(hop(5, 25, 0.5), 4, "any"),
    "all of eight with a timeout each": FanOut(Timeout(SLOW, 45.0), 8),
    "calls at once with fixed parts": ForkJoin((Series((Hop(fixed(12.0)), SLOW)), hop(15, 30))),
    "a short fan-out beside a long hop": Series(
        (FanOut(Hop(exponential(0.05)), 100), Hop(exponential(20.0)))
    ),
    "a short time limit beside a long hop": Series(
        (Timeout(Series((Hop(exponential(0.03)), hop(0.02, 0.1))), 0.09), hop(20, 90))
    ),
    "a time limit on a round trip and a hop": Timeout(Series((Hop(fixed(3.0)), hop(10, 60))), 40.0),
    "a nest of all": Series(
        (
            hop(1, 2),
            ForkJoin((Series((FAST, SLOW)), FanOut(FAST, 6), Optional(Timeout(hop(5, 50), 20.0)))),
            Fallback(Timeout(Repeat(FAST, 2), 8.0), hop(1, 5)),
        )
    ),
}


@pytest.mark.parametrize("name", TREES)
def test_a_tree_agrees_with_its_simulation(name):
    runs = Simulation(seed=sum(map(ord, name))).of(TREES[name])
    times = runs.time[runs.good]

    result = percentiles(TREES[name], LEVELS)

    failed = 1.0 - runs.good.mean()
    assert result.failed == pytest.approx(failed, abs=4.5 * np.sqrt(failed / RUNS) + 1e-12)
    assert result.mean == pytest.approx(times.mean(), abs=4.5 * times.std() / np.sqrt(times.size))
    for level, time in result.quantiles.items():
        doubt = 4.5 * np.sqrt(level * (1 - level) / times.size)
        low, high = np.quantile(times, (level - doubt, level + doubt))
        assert low * (1 - 1e-3) <= time <= high * (1 + 1e-3)
    assert result.error < 3e-3
