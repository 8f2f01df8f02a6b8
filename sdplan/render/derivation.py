"""The way from what a design states to one of its numbers: what is given, and the steps in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sdplan.findings import Path, dotted
from sdplan.solve.solution import Record, Solution, Verdict

LONGEST = 8  # terms of a sum, or parts of a composition, that are followed and shown
NEAREST = 12  # steps of a worked solution; what lies further back is explained by its own path

_PRODUCT = re.compile(r"=\s*[A-Za-z_][\w.@\[\]-]*(?: \* [A-Za-z_][\w.@\[\]-]*)*\s*")
_WRITTEN_OUT = re.compile(r"=\s")


class Term(NamedTuple):
    """An input of a step: its name there, the number that it stands for, and what merely repeats it."""

    name: str
    path: Path
    record: Record | None  # nothing where the design has no such number
    repeats: tuple[Path, ...] = ()


class Step(NamedTuple):
    """A number that follows from others."""

    number: int
    record: Record
    terms: tuple[Term, ...]
    hidden: tuple[Term, ...] = ()  # the smaller terms of a long list


class Derivation(NamedTuple):
    """Everything that a worked solution shows."""

    target: Record
    same_as: tuple[Path, ...]  # what the target merely repeats, the number that was computed last
    given: tuple[Record, ...]
    steps: tuple[Step, ...]
    before: tuple[Record, ...] = ()  # computed numbers whose own steps are left out

    def step_of(self, path: Path) -> int | None:
        """The number of the step that computes a path, or nothing for what is given."""
        return next((step.number for step in self.steps if step.record.path == path), None)


class Unknown(NamedTuple):
    """A path that names no number of the design."""

    message: str
    hint: str


class Without(NamedTuple):
    """A number that the design has, but that has no value."""

    path: Path
    reason: str


class Found(NamedTuple):
    """The number that was asked for, and the objective that was asked by, if it was one."""

    path: Path
    verdict: Verdict | None = None


def find(solution: Solution, text: str) -> Found | Without | Unknown:
    """The number that a dotted path names: a record, an input by its bare name, an SLO or a result."""
    wanted = text.strip()
    names = {dotted(path): path for path in solution.records}
    for candidate in (wanted, f"inputs.{wanted}", f"{wanted}.value", wanted.removesuffix(".value")):
        if candidate in names:
            return Found(names[candidate])
    asked = [each for each in solution.slos if wanted in (dotted(each.path), f"slos.{each.slo}")]
    if asked:
        verdict = min(asked, key=lambda each: float("inf") if each.margin is None else each.margin)
        known = verdict.solved in solution.records
        return Found(verdict.solved, verdict) if known else Without(verdict.path, verdict.reason)
    for path, reason in solution.missing.items():
        if wanted == dotted(path):
            return Without(path, reason)
    return _unknown(wanted, names)


def _unknown(wanted: str, names: Mapping[str, Path]) -> Unknown:
    below = [name for name in names if name.startswith((f"{wanted}.", f"{wanted}["))]
    if below:
        return Unknown(f"`{wanted}` is not one number", f"it has {_listed(below)}")
    from sdplan.spec.faults import suggestion

    depth = wanted.count(".")
    near = [name for name in names if name.count(".") == depth] or list(names)
    return Unknown(f"`{wanted}` is no number of this design", suggestion(wanted, near))


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:LONGEST])
    return shown + (f" and {len(names) - LONGEST} more" if len(names) > LONGEST else "")


def derive(solution: Solution, path: Path, most: int | None = None) -> Derivation:
    """The derivation of a number; each number that several steps need is given or computed once.

    With `most`, so many steps nearest to the number; those further back are taken as computed before.
    """
    given: list[Record] = []
    steps: list[Step] = []
    before: list[Record] = []
    term = _term("", path, solution)
    near = None if most is None else _nearest(solution, term.path, most)
    for record in _bottom_up(solution, term.path, near):
        if not record.formula:
            given.append(record)
        elif near is not None and record.path not in near:
            before.append(record)
        else:
            shown, hidden = _terms(record, solution)
            steps.append(Step(len(steps) + 1, record, shown, hidden))
    same_as = (*term.repeats, term.path)[1:]
    return Derivation(solution.records[path], same_as, tuple(given), tuple(steps), tuple(before))


def _nearest(solution: Solution, path: Path, most: int) -> frozenset[Path]:
    """The computed numbers nearest to one, level by level; of a level that is too long, its first ones."""
    near: list[Path] = []
    seen = {path}
    level = [path]
    while level and len(near) < most:
        computed = [here for here in level if solution.records[here].formula][: most - len(near)]
        near += computed
        terms = (term for here in computed for term in _terms(solution.records[here], solution)[0])
        level = []
        for term in terms:
            if term.record is not None and term.path not in seen:
                seen.add(term.path)
                level.append(term.path)
    return frozenset(near)


def _bottom_up(solution: Solution, path: Path, near: frozenset[Path] | None) -> Iterator[Record]:
    """Every number that goes into one, each after its own inputs; not what lies behind those in `near`."""
    seen: set[Path] = set()
    waiting = [(path, False)]
    while waiting:
        here, ready = waiting.pop()
        if ready:
            yield solution.records[here]
        elif here not in seen:
            seen.add(here)
            waiting.append((here, True))
            if near is None or here in near:
                shown, _ = _terms(solution.records[here], solution)
                waiting += [(term.path, False) for term in reversed(shown) if term.record is not None]


def _terms(record: Record, solution: Solution) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The terms of a step, and those of a long list that are too small to show."""
    terms = tuple(_term(name, path, solution) for name, path in record.inputs)
    if len(terms) <= LONGEST or _WRITTEN_OUT.match(record.formula):
        return terms, ()
    ranked = sorted(terms, key=lambda term: -term.record.value if term.record else 0.0)
    kept = set(ranked[:LONGEST])
    return tuple(term for term in terms if term in kept), tuple(term for term in terms if term not in kept)


def _term(name: str, path: Path, solution: Solution) -> Term:
    """An input; what only repeats another number under a new name is passed through to that number."""
    repeats: list[Path] = []
    while (again := _repeated(solution.records.get(path), solution)) is not None and path not in repeats:
        repeats.append(path)
        path = again
    return Term(name, path, solution.records.get(path), tuple(repeats))


def _repeated(record: Record | None, solution: Solution) -> Path | None:
    """The number that a record merely repeats: alone, or times ones that nobody stated."""
    if record is None or not record.inputs:
        return None
    paths = [path for _, path in record.inputs]
    if len(paths) == 1:
        if record.formula == "stay":  # nobody waits there: the mean stay is the mean of its work
            return paths[0] if record.path[-1] == "mean" else None
        alone = record.formula in ("sum", "largest", "smallest") or _PRODUCT.fullmatch(record.formula)
        return paths[0] if alone else None
    if not _PRODUCT.fullmatch(record.formula):
        return None
    factors = [path for path in paths if not _is_unstated_one(_term("", path, solution).record)]
    return factors[0] if len(factors) == 1 else None


def _is_unstated_one(record: Record | None) -> bool:
    return record is not None and record.value == 1.0 and not record.formula and bool(record.note)
