"""Outcomes of calls and how calls combine: in a row, one of several, with a time limit, with a spare.

An outcome is a pair: the runs that succeed and the runs that fail, each with its times.  Percentiles are
those of the good runs; the failed share stands beside them.  All calls are independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from sdplan.distributions.grids import Grid
from sdplan.distributions.parts import Part, atom, chained, ended_by, joined, scaled

_NONE_LEFT = 1e-15  # of a share that has failed so often, no more attempts are made


class Outcome(NamedTuple):
    """The runs that succeed (`ok`) and those that fail (`bad`)."""

    ok: Part
    bad: Part


def at_once(grid: Grid) -> Outcome:
    """Success without delay."""
    return Outcome(atom(grid, 0.0), atom(grid, 0.0, 0.0))


def faulty(outcome: Outcome, unavailability: float, grid: Grid) -> Outcome:
    """A call that is refused at once with this probability."""
    if not unavailability:
        return outcome
    served = 1.0 - unavailability
    refused = atom(grid, 0.0, unavailability)
    return Outcome(scaled(outcome.ok, served), joined((scaled(outcome.bad, served), refused), grid))


def sequence(outcomes: Sequence[Outcome], grid: Grid) -> Outcome:
    """One after another; the first failure ends the sequence."""
    if not outcomes:
        return at_once(grid)
    ok = chained([outcome.ok for outcome in outcomes])
    if all(outcome.bad.missing for outcome in outcomes):
        return Outcome(ok, outcomes[0].bad)
    before = accumulate((o.ok for o in outcomes), lambda done, more: chained((done, more)))
    ends = [outcomes[0].bad]
    for outcome, done in zip(outcomes[1:], before, strict=False):
        if not outcome.bad.missing:
            ends.append(chained((done, outcome.bad)))
    return Outcome(ok, joined(ends, grid))


def choice(options: Sequence[tuple[float, Outcome]], grid: Grid) -> Outcome:
    """One of several, each with its probability; the probabilities add up to 1."""
    taken = [(share, outcome) for share, outcome in options if share > 0.0]
    ok = joined([scaled(outcome.ok, share) for share, outcome in taken], grid)
    return Outcome(ok, joined([scaled(outcome.bad, share) for share, outcome in taken], grid))


def repeat(outcome: Outcome, times: float, grid: Grid) -> Outcome:
    """The same call again and again, one after another; a fraction mixes its two neighbours."""
    return mixed_count(times, lambda count: _whole_repeat(outcome, count, grid), grid)


def _whole_repeat(outcome: Outcome, count: int, grid: Grid) -> Outcome:
    if count < 2:
        return outcome if count else at_once(grid)
    half = _whole_repeat(outcome, count // 2, grid)
    double = sequence((half, half), grid)
    return sequence((double, outcome), grid) if count % 2 else double


def mixed_count(mean: float, whole: Callable[[int], Outcome], grid: Grid) -> Outcome:
    """What `whole` gives for a mean count: a fraction mixes the outcomes of its two neighbours."""
    low = int(mean)
    part = mean - low
    if not part:
        return whole(low)
    return choice(((1.0 - part, whole(low)), (part, whole(low + 1))), grid)


def timeout(outcome: Outcome, time: float, grid: Grid) -> Outcome:
    """What has not answered by `time` [s] has failed then."""
    return cut_off(outcome, ended_by(outcome.ok, time, grid), time, grid)


def cut_off(outcome: Outcome, ok: Part, time: float, grid: Grid) -> Outcome:
    """The outcome of which only `ok` succeeds by `time` [s] and all that is still open then fails."""
    bad = ended_by(outcome.bad, time, grid)
    late = max(0.0, outcome.ok.mass - ok.mass) + max(0.0, outcome.bad.mass - bad.mass)
    return Outcome(ok, joined((bad, atom(grid, time, late)), grid) if late else bad)


def optional(outcome: Outcome, grid: Grid) -> Outcome:
    """A failure counts as success at the time at which it is known."""
    return Outcome(joined((outcome.ok, outcome.bad), grid), scaled(outcome.bad, 0.0))


def fallback(outcome: Outcome, other: Outcome, grid: Grid) -> Outcome:
    """After a failure, the other is tried."""
    rescued = chained((outcome.bad, other.ok))
    return Outcome(joined((outcome.ok, rescued), grid), chained((outcome.bad, other.bad)))


def retried(outcome: Outcome, retries: int, pause: Callable[[int], Part], grid: Grid) -> Outcome:
    """Up to `retries` more attempts after a failure, before the k-th of them a pause of its own."""
    tried = outcome
    for number in range(retries, 0, -1):
        waited = chained((outcome.bad, pause(number)))
        tried = Outcome(joined((outcome.ok, chained((waited, tried.ok))), grid), chained((waited, tried.bad)))
    return tried


def tried_at_once(outcome: Outcome, attempts: int, grid: Grid) -> Outcome:
    """Up to so many attempts with no pause between them; by doubling, as long as any run still fails."""
    if attempts < 2 or outcome.bad.mass <= _NONE_LEFT:
        return outcome
    half = tried_at_once(outcome, attempts // 2, grid)
    if half.bad.mass <= _NONE_LEFT:
        return half
    double = fallback(half, half, grid)
    return fallback(double, outcome, grid) if attempts % 2 else double
