"""A result is not what was published or promised.

**What it does.** Reports an entry of `results` whose value differs from its `expect` by more than its
`tolerance` (0.1 % where none is stated).

**Why it matters.** A published number and the design that it describes have parted ways; one of them
misleads whoever relies on it.

**What to do instead.** Correct the input that changed, or publish the new number and write it under
`expect`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from sdplan.findings import Finding, Severity
from sdplan.rules import Confidence
from sdplan.rules.verdicts import apart, given

if TYPE_CHECKING:
    from sdplan.solve.solution import Record, Solution
    from sdplan.spec.design import Design

CODE = "GV103"
SEVERITY: Severity = "error"
CONFIDENCE: Confidence = "high"
_FEWEST_FIGURES = 3

FAIL = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
results:
  a-day: {value: = flows.order.rate * 1d, expect: 9M}  # <- GV103
""",
]

PASS = [
    """
sdplan: 1
id: shop
flows:
  order: {rate: 100/s, steps: [api]}
components:
  api: {kind: service, cores: 1, service_time: 5ms, availability: 99.9%}
results:
  a-day: {value: = flows.order.rate * 1d, expect: 8.64M}
""",
]


def check(design: Design, solution: Solution) -> Iterator[Finding]:
    """One finding for each result beyond its tolerance."""
    for result in solution.results:
        value = solution.records.get(result.solved)
        if result.met is not False or value is None or result.expected is None:
            continue
        name, expected = result.path[1], result.expected
        off = _percent(value.value - expected.value, expected.value)
        allowed = f"the tolerance is {result.tolerance * 100:g} %"
        message = f"{name} is {apart(value, expected)}, not {expected.shown()}: {off}, {allowed}"
        hint = f"correct the input that changed, or write `expect: {_close(value, result.tolerance)}`"
        path = (*result.path, "expect")
        yield Finding(CODE, SEVERITY, path, message, hint, given(value, solution))


def _close(value: Record, tolerance: float) -> str:
    """A number with as few digits as its tolerance allows, and a tenth of that to spare."""
    written = value.shown(precise=True).removeprefix(value.prefix)
    number = written[: len(written) - len(written.lstrip("-.0123456789"))]
    for figures in range(_FEWEST_FIGURES, len(number)):
        short = Decimal(f"{Decimal(number):.{figures - 1}e}")
        if abs(short - Decimal(number)) <= Decimal(tolerance) / 10 * abs(short):
            return f"{short:f}{written[len(number) :]}"
    return written


def _percent(difference: float, expected: float) -> str:
    if expected == 0:
        return "it was expected to be nothing"
    share = 100 * difference / abs(expected)
    return f"{abs(share):.3g} % {'more' if share > 0 else 'less'}"
