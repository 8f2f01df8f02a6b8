"""What was judged, ready to be shown: objectives with their margins, promised numbers, premises, the whole.

A verdict is always a sign and a word, so that it reads without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sdplan.findings import dotted
from sdplan.render.checked import counted, counts, tightest
from sdplan.solve.measured import error_of

if TYPE_CHECKING:
    from sdplan.findings import Severity
    from sdplan.render.checked import Checked
    from sdplan.solve.solution import Comparison, Premise, Record, Solution, Verdict


class Sign(NamedTuple):
    """A verdict as people see it: a sign, a word, and a name for its style."""

    mark: str
    word: str
    style: str


MET = Sign("✓", "met", "ok")
MISSED = Sign("✗", "missed", "bad")
OPEN = Sign("?", "not judged", "open")
_SEVERITIES = {
    "error": Sign("✗", "error", "bad"),
    "warning": Sign("!", "warning", "warn"),
    "advice": Sign("i", "advice", "open"),
}
_MARKS = {"approximation": "≈", "bound": "≤", "simulated": "~", "at least ": "≥", "at most ": "≤"}
_OPERATORS = {">=": "≥", "<=": "≤"}


class Shown(NamedTuple):
    """A number with the path that it is known by; without a path where there is no number."""

    path: str
    text: str
    title: str  # its label, and why it is no better
    mark: str = ""  # ≈ ≤ ≥ ~ for what is neither exact nor stated


class Objective(NamedTuple):
    """One line of the table of objectives."""

    name: str
    subject: str
    measure: str
    sign: Sign
    value: Shown
    target: str
    margin: str
    used: int | None  # percent of the target that is used up, at most 100, for the bar
    reason: str


class Promise(NamedTuple):
    """One line of the table of published or promised numbers."""

    name: str
    sign: Sign
    value: Shown
    expected: str
    tolerance: str
    source: str


class Standing(NamedTuple):
    """What can be said of a design in one line."""

    sign: Sign
    summary: str
    tightest: str
    tightest_margin: str


def sign_of(met: bool | None, *, good: Sign = MET, bad: Sign = MISSED) -> Sign:
    """The sign of a judgement that may be open."""
    return OPEN if met is None else good if met else bad


def severity_sign(severity: Severity) -> Sign:
    """How bad a finding is, as a sign and a word."""
    return _SEVERITIES[severity]


def shown(solution: Solution, path: tuple[str | int, ...]) -> Shown:
    """The number at a path; a dash and the reason where there is none."""
    record = solution.records.get(path)
    if record is None:
        return Shown("", "–", solution.missing.get(path, "not computed"))
    if record.prefix == "at least " and record.value == 0:
        return Shown("", "–", "what it is made of is not stated")
    mark = _MARKS.get(record.prefix or record.label, "")
    return Shown(dotted(path), record.shown().removeprefix(record.prefix), title_of(record), mark)


def title_of(record: Record) -> str:
    """The label of a number and the note that explains it."""
    told = trust_note(record)
    return f"{record.label}: {told}" if told else record.label


def trust_note(record: Record) -> str:
    """What a number assumes, and how far such numbers were from simulations."""
    error = error_of(record)
    return record.note if error is None else f"{record.note}; {error.text()}"


def objectives(solution: Solution) -> list[Objective]:
    """Every SLO of the design, in its order."""
    return [_objective(solution, verdict) for verdict in solution.slos]


def _objective(solution: Solution, verdict: Verdict) -> Objective:
    return Objective(
        name=verdict.slo,
        subject=verdict.subject,
        measure=verdict.measure,
        sign=sign_of(verdict.met),
        value=shown(solution, verdict.solved),
        target=f"{_operator(solution, verdict)} {verdict.target.shown()}",
        margin=margin_text(verdict),
        used=None if verdict.margin is None else round(100 * min(1.0, max(0.0, 1 - verdict.margin))),
        reason=verdict.reason,
    )


def _operator(solution: Solution, verdict: Verdict) -> str:
    condition = solution.design.slos[verdict.slo].holds if verdict.path[-1] == "holds" else None
    sign = condition.comparison.operator if condition else ">=" if is_floor(verdict) else "<="
    return _OPERATORS.get(sign, sign)


def is_floor(verdict: Verdict) -> bool:
    """Whether the number has to be at least its target, as an availability has, or at most, as a latency."""
    return verdict.measure.split()[0] in ("availability", "undegraded", "durability")


def measure_of(verdict: Verdict) -> str:
    """What an objective measures; nothing for a condition, which says so itself."""
    return "" if verdict.path[-1] == "holds" else verdict.measure


def margin_text(verdict: Verdict) -> str:
    """How much of the target, or of the error budget, is left or overdrawn."""
    if verdict.margin is None:
        return ""
    if is_floor(verdict):
        return (
            f"{_share(verdict.margin)} of the error budget left"
            if verdict.margin >= 0
            else _times(1 - verdict.margin)
        )
    return f"{_share(abs(verdict.margin))} {'left' if verdict.margin >= 0 else 'over'}"


def _share(margin: float) -> str:
    return f"{100 * margin:.0f} %" if margin < 10 else f"{margin:.0f} times"


def _times(spent: float) -> str:
    return f"{spent:.1f}× the error budget" if spent < 10 else f"{spent:.0f}× the error budget"


def promises(solution: Solution) -> list[Promise]:
    """Every entry of `results`: what is published or promised, and what the design gives."""
    return [_promise(solution, result) for result in solution.results]


def _promise(solution: Solution, result: Comparison) -> Promise:
    stated = solution.design.results[str(result.path[1])]
    return Promise(
        name=str(result.path[1]),
        sign=sign_of(result.met, good=Sign("✓", "agrees", "ok"), bad=Sign("✗", "differs", "bad")),
        value=shown(solution, result.solved),
        expected="" if result.expected is None else result.expected.shown(),
        tolerance="" if result.expected is None else f"±{100 * result.tolerance:g} %",
        source=stated.source or stated.why,
    )


def premise_sign(premise: Premise) -> Sign:
    """Whether a decision still stands on its ground."""
    return sign_of(premise.met, good=Sign("✓", "holds", "ok"), bad=Sign("✗", "no longer holds", "bad"))


def premise_text(premise: Premise, operator: str) -> str:
    """The premise with today's numbers: `holds: 572 TB > 10 TB`."""
    if premise.met is None or premise.left is None or premise.right is None:
        return f"cannot be judged: {premise.reason or 'a number that it names has no value'}"
    left, right, sign = premise.left.shown(), premise.right.shown(), _OPERATORS.get(operator, operator)
    return (
        f"holds: {left} {sign} {right}" if premise.met else f"no longer holds: {left} is not {sign} {right}"
    )


def premise_of(solution: Solution | None, decision: str) -> Premise | None:
    """The premise of a decision, if it states one."""
    found = () if solution is None else solution.decisions
    return next((premise for premise in found if premise.path[1] == decision), None)


def standing(checked: Checked) -> Standing:
    """A design's verdict in one line: errors and missed objectives first, else its tightest objective."""
    verdict = tightest(checked.solution)
    closest = (
        "" if verdict is None else ": ".join(part for part in (verdict.slo, measure_of(verdict)) if part)
    )
    margin = "" if verdict is None else margin_text(verdict)
    return Standing(*_overall(checked), closest, margin)


def _overall(checked: Checked) -> tuple[Sign, str]:
    found = counts([checked])
    said = counted(found)
    if checked.solution is None:
        return Sign("✗", "does not solve", "bad"), said
    missed = _missed(checked.solution)
    if missed or found["error"]:
        lost = f"{missed} of {_judged(checked.solution)} objectives, promises and premises missed"
        return Sign("✗", "does not hold", "bad"), "; ".join(
            part for part in (lost if missed else "", said) if part
        )
    if found["warning"]:
        return Sign("!", "holds, with warnings", "warn"), said
    return Sign("✓", "holds", "ok"), said


def _missed(solution: Solution) -> int:
    return sum(judged.met is False for judged in _verdicts(solution))


def _judged(solution: Solution) -> int:
    return len(_verdicts(solution))


def _verdicts(solution: Solution) -> Sequence[Verdict | Comparison | Premise]:
    return (*solution.slos, *solution.results, *solution.decisions)
