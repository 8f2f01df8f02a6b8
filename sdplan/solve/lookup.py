"""Looking up: what an expression over solved numbers comes to, and which of them it used."""

from __future__ import annotations

from sdplan.expressions import Expression, NoValue, evaluate
from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.solvable import without_value
from sdplan.units import Quantity


def path_of(name: str) -> Path:
    """A dotted name as a path; a percentile such as `p99.9` is one part."""
    head, found, tail = name.rpartition(".p99.")
    if found and tail.isdigit():
        return (*head.split("."), f"p99.{tail}")
    return tuple(name.split("."))


class Numbers:
    """Looks names up among all numbers, as results and conditions may."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.used: dict[str, Path] = {}

    def __call__(self, name: str) -> Quantity:
        path = path_of(name) if "." in name or (name,) in self.ledger.records else ("inputs", name)
        if path not in self.ledger.records:
            reason = self.reason(path) or without_value(path, self.ledger)
            if reason:
                raise Unsolved(f"{name} has no value: {reason}")
            raise KeyError(name)
        self.used[name] = path
        return self.ledger.quantity(path)

    def reason(self, path: Path) -> str:
        """Why a number is missing, if it or what it belongs to is known to be."""
        return next(
            (
                self.ledger.missing[path[:n]]
                for n in range(len(path), 1, -1)
                if path[:n] in self.ledger.missing
            ),
            "",
        )


class Unsolved(Exception):
    """A number that exists in principle and has no value in this design."""


def worked_out(expression: Expression, numbers: Numbers) -> Quantity:
    """The quantity that an expression over solved numbers comes to, where these have one."""
    try:
        return evaluate(expression, numbers, numbers.ledger.calendar)
    except NoValue as wrong:
        if not numbers.used:
            raise
        raise Unsolved(wrong.message) from None
