"""What `check` prints: a line for each design that is in order, frames for what is not, and a summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sdplan.findings import SEVERITIES, Severity
from sdplan.render.checked import Checked, counted, counts, tightest, worst_first
from sdplan.render.escaping import shown_name
from sdplan.render.frames import frame, source_lines

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution, Verdict

_GREEN, _PLAIN = "\x1b[1;32m", "\x1b[0m"
_BUDGETS = (
    "availability",
    "undegraded",
    "durability",
)  # measures whose margin is what is left of the error budget


def check_text(checks: Sequence[Checked], *, verbose: bool = False, colour: bool = False) -> str:
    """The whole report of a check; `verbose` lists the advice that is otherwise only counted."""
    severities = SEVERITIES if verbose else SEVERITIES[:2]
    width = max((len(shown_name(one.name)) for one in checks), default=0)
    parts = [_frames(one, severities, colour) or _in_order(one, width, colour) for one in checks]
    summary = _summary(checks, verbose)
    return "".join(f"{part}\n" for part in [*parts, *([summary] if summary else [])])


def _frames(checked: Checked, severities: Sequence[Severity], colour: bool) -> str:
    """The findings of a design, one blank line after each; nothing when only advice is left."""
    found = worst_first([checked], severities)
    lines = source_lines(checked.text) if found else []
    frames = [frame(checked, lines, each.span, each.finding, colour=colour) + "\n" for each in found]
    if found and not any(each.finding.severity != "advice" for each in found):
        frames.append(_in_order(checked, 0, colour))
    return "\n".join(frames)


def _in_order(checked: Checked, width: int, colour: bool) -> str:
    mark = f"{_GREEN}ok{_PLAIN}" if colour else "ok"
    return f"{mark}  {shown_name(checked.name):<{width}}  {tightest_text(checked.solution)}"


def tightest_text(solution: Solution | None) -> str:
    """`tightest: redirect-fast p99 38.2 ms of 100 ms (62 % left)`, or why there is none."""
    unjudged = 0 if solution is None else sum(each.met is None for each in solution.slos)
    left_out = f"; {unjudged} not judged" if unjudged else ""
    verdict = tightest(solution)
    if solution is None or verdict is None:
        return f"no SLO judged{left_out}" if unjudged else "no SLO stated"
    return f"tightest: {verdict_text(verdict, solution)}{left_out}"


def verdict_text(verdict: Verdict, solution: Solution) -> str:
    """One objective beside what the design gives: `redirect-fast p99 38.2 ms of 100 ms (62 % left)`."""
    solved = solution.records.get(verdict.solved)
    measure = verdict.measure.removeprefix("latency ")
    measure = f" {measure}" if measure not in (verdict.slo, "holds") else ""
    value = "" if solved is None else f" {solved.shown()}"
    if verdict.path[-1] == "holds":  # a condition is long; its two sides say enough
        return f"{verdict.slo}{value} against {verdict.target.shown()}{_margin(verdict)}"
    return f"{verdict.slo}{measure}{value} {_relation(verdict)} {verdict.target.shown()}{_margin(verdict)}"


def _relation(verdict: Verdict) -> str:
    return "against" if _is_budget(verdict) else "of"


def _is_budget(verdict: Verdict) -> bool:
    return verdict.measure.split(" ")[0] in _BUDGETS


def _margin(verdict: Verdict) -> str:
    if verdict.margin is None:
        return ""
    budget = " of the error budget" if _is_budget(verdict) else ""
    if verdict.margin >= 0:
        return f" ({percent(verdict.margin)}{budget} left)"
    return f" (over by {percent(-verdict.margin)}{budget})"


def percent(share: float) -> str:
    """A share as a rough percentage: `62 %`, `0.4 %`, at most two figures below one."""
    value = 100 * share
    return f"{value:.0f} %" if value >= 1 or value == 0 else f"{value:.1g} %"


def _summary(checks: Sequence[Checked], verbose: bool) -> str:
    numbers = counts(checks)
    if not any(numbers.values()):
        return ""
    touched = sum(bool(one.findings) for one in checks)
    designs = f"{touched} design{'s' if touched > 1 else ''}"
    where = designs if touched == len(checks) else f"{touched} of {len(checks)} designs"
    hint = "" if verbose or not numbers["advice"] else "; --verbose lists the advice"
    return f"{counted(numbers)} in {where}{hint}"
