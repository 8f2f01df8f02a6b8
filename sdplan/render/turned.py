"""A worked solution turned round: what an input may be for a wanted result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdplan.findings import Path
from sdplan.render.derivation import Derivation, Step
from sdplan.render.working import is_complete, registered, short, symbol, symbols, takes_many
from sdplan.units import NUMBER, Quantity, format_quantity, format_share

if TYPE_CHECKING:
    from sdplan.formulas._formula import Formula
    from sdplan.solve.inverse import Inverted
    from sdplan.solve.solution import Record, Solution, Verdict

_OF_TIME = ("latency", "wait", "freshness")
_OF_LOAD = (*_OF_TIME, "cost", "errors")
_OF_UPTIME = ("availability",)
_ASKED = 2.0  # times the number, where no objective says what is wanted


def turned_round(solution: Solution, derivation: Derivation) -> Iterator[str]:
    """Sentences that give an input for a wanted result, where the result can be turned round."""
    target = derivation.target
    verdicts = [each for each in solution.slos if each.solved == target.path and each.met is not None]
    for verdict in verdicts:
        if verdict.path[2] in _OF_LOAD:
            yield from _by_load(solution, verdict)
        if verdict.path[2] in _OF_TIME[:1]:
            yield from _by_own_time(solution, verdict)
        if verdict.path[2] in _OF_UPTIME:
            yield from _by_uptime(solution, verdict)
    yield from _by_formula(solution, derivation, verdicts)
    yield from _by_memory(solution, target)


def _wanted(verdict: Verdict) -> str:
    return f"{verdict.measure} = {verdict.target.shown()}"


def _by_load(solution: Solution, verdict: Verdict) -> Iterator[str]:
    """The most traffic with which a target is met, the traffic of all flows growing alike."""
    from sdplan.solve.inverse import highest_traffic

    found = highest_traffic(solution, verdict)
    if found is None:
        yield f"For {_wanted(verdict)} no traffic is little enough: what is missing is not due to the load."
        return
    times = f"{found.factor:.3g} times the traffic of every flow"
    if found.is_more:
        yield f"For {_wanted(verdict)} the load sets no limit: it is met at {times} as well."
        return
    rate = _rate(found.solution, verdict.subject_path)
    at = f"the peak rate may be at most {rate}, " if rate else "there may be at most "
    open_counts = ", with the nodes that the design leaves open following" if _follows_load(solution) else ""
    yield f"For {_wanted(verdict)} {at}{times}{open_counts} (found by solving the design again)."


def _follows_load(solution: Solution) -> bool:
    return any(record.formula == "fewest" for record in solution.records.values())


def _rate(solution: Solution, subject: Path) -> str:
    record = solution.records.get((*subject, "peak_rate"))
    return record._replace(prefix="").shown() if record is not None and subject else ""


def _by_own_time(solution: Solution, verdict: Verdict) -> Iterator[str]:
    """How long the component that owns most of the tail may take."""
    from sdplan.solve.mend import own_time_left

    parts = solution.latency_parts.get(str(verdict.subject_path[-1]), ())
    place = verdict.subject_path if verdict.subject_path[0] == "components" else None
    if place is None and parts and parts[0].value > 0.0:
        place = parts[0].component
    if place is None:
        return
    found = own_time_left(solution, verdict, place)
    if found is not None:
        what = "mean own time" if found.path[-1] == "service_time" else str(found.path[-1])
        now = solution.records.get(found.path)
        than = f" and is {now._replace(prefix='').shown()}" if now is not None else ""
        yield (
            f"For {_wanted(verdict)}, all other parts as they are, the {what} of {place[1]} may be at most "
            f"{found._replace(prefix='').shown()}{than}."
        )


def _by_uptime(solution: Solution, verdict: Verdict) -> Iterator[str]:
    """How often the part that costs most may be down, and what that asks of one replica of it."""
    from sdplan.solve.inverse import allowed_unavailability

    whole = solution.records.get((*verdict.subject_path, "unavailability"))
    parts = solution.downtime_parts.get(str(verdict.subject_path[-1]), ())
    if whole is None or not parts:
        return
    path = (*parts[0].component, "unavailability")
    part, zones = solution.records.get(path), solution.records.get((*parts[0].component, "zones"))
    if part is None or (zones is not None and zones.value > 1.0):
        return
    allowed = allowed_unavailability(whole, part, parts[0].value, 1.0 - verdict.target.value)
    if allowed is None:
        yield f"For {_wanted(verdict)} it is not enough that {path[1]} never fails."
        return
    yield (
        f"For {_wanted(verdict)} {path[1]} may be down for {_plain(allowed)} of the time at most "
        f"({format_share(1.0 - allowed)} available), all else as it is: it is down for {_plain(part.value)}."
    )


def _by_formula(solution: Solution, derivation: Derivation, verdicts: list[Verdict]) -> Iterator[str]:
    """The formula of the last step solved for what a reader would ask it for."""
    from sdplan.solve.inverse import inverted, unknown_of

    step = derivation.steps[-1] if derivation.steps else None
    formula = registered(step) if step is not None else None
    if step is None or formula is None or takes_many(formula) or not is_complete(step):
        return
    name = unknown_of(formula)
    values = {term.name: term.record.value for term in step.terms if term.record is not None}
    if name is None or set(values) != set(formula.parameters) or step.record.value <= 0.0:
        return
    wanted = _goal(step.record, formula, verdicts)
    found = inverted(formula, values, name, wanted.value)
    if found is not None:
        yield _solved(step, formula, found, wanted)


def _goal(record: Record, formula: Formula, verdicts: list[Verdict]) -> Record:
    """The target of an objective; without one twice the number, or half of what is left of a share."""
    if verdicts:
        return verdicts[0].target
    share = record.dimension == NUMBER and not formula.unit and 0.0 < record.value < 1.0
    value = record.value / _ASKED if share else record.value * _ASKED
    return record._replace(value=value, prefix="")


def _solved(step: Step, formula: Formula, found: Inverted, wanted: Record) -> str:
    from sdplan.formulas.glossary import GLOSSARY
    from sdplan.solve.ledger import DIMENSIONS

    term = next(term for term in step.terms if term.name == found.name)
    quantity = GLOSSARY[found.name]
    value = format_quantity(Quantity(found.value, DIMENSIONS[quantity.unit]))
    if term.record is not None and term.record.is_share:
        value = format_share(found.value)
    left = symbols(formula)[found.name]
    how = ", found by trial: the formula has no inverse in closed form"
    if found.closed is not None:
        how = f", as {left} = {_closed_text(found, formula)}"
    goal = f"{symbol(formula)} = {wanted.shown()}{_against(wanted, step)}"
    return f"{goal} at {left} = {value} ({short(term.path)}){how}."


def _against(wanted: Record, step: Step) -> str:
    """How the wanted number stands to the one that was found, where no objective names it."""
    ratio = wanted.value / step.record.value
    return {_ASKED: ", twice what it is,", 1.0 / _ASKED: ", half of what it is,"}.get(ratio, "")


def _closed_text(found: Inverted, formula: Formula) -> str:
    from sdplan.formulas._symbolic import text_of

    return text_of(found.closed, {"target": symbol(formula)})


def _by_memory(solution: Solution, target: Record) -> Iterator[str]:
    """The memory with which a cache would miss half as often."""
    memory = solution.records.get((*target.path[:2], "memory_for_half_the_misses"))
    if target.path[0] == "components" and target.path[2:] == ("hit",) and memory is not None:
        hit = format_share((1.0 + target.value) / 2.0)
        yield f"For a hit ratio of {hit}, half the misses, {target.path[1]} needs {memory.shown()} in all."


def _plain(value: float) -> str:
    return format_quantity(Quantity(value, NUMBER))
