"""Comparing: every number that was both computed and simulated, and whether the two agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from sdplan.findings import Finding, Path, dotted
from sdplan.simulate.allowed import side, stated_error
from sdplan.simulate.measures import Measure
from sdplan.solve.solution import Record, Solution

Verdict = Literal["agrees", "differs"]
CODE = "verify"
_ROUNDING = 1e-9
_NOT_JUDGED = frozenset({"p75", "p99.99"})  # what stands between and beyond them says as much


class Compared(NamedTuple):
    """A computed number beside the simulated one."""

    record: Record
    measure: Measure
    verdict: Verdict


def compared(solution: Solution, numbers: Mapping[Path, Measure]) -> Iterator[Compared]:
    """The numbers that both sides know."""
    for path, measure in numbers.items():
        record = solution.records.get(path)
        if record is not None and path[-1] not in _NOT_JUDGED:
            fits = agrees(record, measure, stated_error(record))
            yield Compared(record, measure, "agrees" if fits else "differs")


def agrees(record: Record, measure: Measure, error: float) -> bool:
    """Whether a number lies within the interval, widened by the error that it may have.

    Where many samples are 0, an error in how many moves a percentile by as much of the others' size.
    """
    slack = _ROUNDING * abs(measure.value) + error * measure.scale
    low = measure.judged.low * (1.0 - error) - slack
    high = measure.judged.high / (1.0 - error) + slack
    where = side(record)
    return (where == "at least" or record.value >= low) and (where == "at most" or record.value <= high)


def disagreements(found: Iterable[Compared]) -> list[Finding]:
    """A finding for every number that the simulation contradicts."""
    return [_finding(one) for one in found if one.verdict == "differs"]


def _finding(one: Compared) -> Finding:
    record, measure = one.record, one.measure
    low, high = (record._replace(value=end, prefix="") for end in measure.judged)
    message = (
        f"{dotted(record.path)} is {record.shown()} by {record.formula or 'statement'}, and the simulation "
        f"gives {record._replace(value=measure.value, prefix='').shown()}, "
        f"between {low.shown()} and {_end(high)}"
    )
    return Finding(
        CODE, "error", record.path, message, "run it again with more `--runs` before you trust either"
    )


def _end(record: Record) -> str:
    return record.shown() if record.value < float("inf") else "any more"
