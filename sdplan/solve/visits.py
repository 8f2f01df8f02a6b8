"""Visits: how often each call of a run is made, attempts and hedges included, from the top down."""

from __future__ import annotations

from collections.abc import Mapping

from sdplan.findings import Path
from sdplan.formulas.traffic import mean_attempts
from sdplan.solve.ledger import Ledger
from sdplan.solve.runs import Run, Trial, hit_path, site_path
from sdplan.solve.solution import Label, Record
from sdplan.solve.tree import Call, Choice, Node
from sdplan.units import NUMBER

_CANCELLED = "attempts that are cancelled count as if the last one alone had done any work"
_ALONE = "attempts fail independently of each other"
_OF_TRIALS = ("calls", "attempts", "attempt_failures", "second_calls", "refused", "reached", "failing")


class Visits:
    """How often each call of one run is made at a load point, from the top down."""

    def __init__(self, run: Run, trials: Mapping[Path, Trial], suffix: str, ledger: Ledger) -> None:
        self.run = run
        self.trials = trials
        self.suffix = suffix
        self.ledger = ledger
        self.calls: list[Call] = []

    def of(self, node: Node) -> list[Call]:
        self._visit(node, "", {})
        return self.calls

    def _visit(self, node: Node, text: str, inputs: dict[str, Path]) -> None:
        """`text` says in terms of `inputs` how often a run comes by here; nothing said is once."""
        if isinstance(node, Call):
            self._call(node, text, inputs)
        elif isinstance(node, Choice):
            name = "share" if "share" not in inputs else f"share{len(inputs) + 1}"
            for way in node.branches:
                self._visit(way.node, _times(text, name), {**inputs, name: way.share_path})
        else:
            for item in node.items:
                self._visit(item, text, inputs)

    def _call(self, call: Call, text: str, inputs: dict[str, Path]) -> None:
        path = site_path(self.run, call)
        trial = self.trials.get(path)
        self._withdraw(path)
        inputs = dict(inputs)
        for option in ("times", "fan_out"):
            if getattr(call, option) != 1.0:
                text, inputs[option] = _times(text, option), (*call.source, option)
        if trial is not None and trial.reached < 1.0:
            text, inputs["reached"] = _times(text, "reached"), self._share(path, "reached", trial.reached)
        self.calls.append(call)
        visits = (*path, f"visits{self.suffix}")
        made = visits if trial is None else (*path, f"calls{self.suffix}")
        if text:
            self.ledger.follow(made, text, inputs)
        else:
            self.ledger.write(Record(made, 1.0, NUMBER, "stated", note="default of the language"))
        if trial is not None:
            self._tried(call, trial, path, made, visits)
        refused = trial is not None and trial.refused > 0.0
        below = {"visits": visits}
        if refused and trial is not None:
            below["refused"] = self._share(path, "refused", trial.refused)
        served = "visits * (1 - refused)" if refused else "visits"
        self._visit(call.body, served, below)
        if call.miss is not None:
            self._misses(call, trial, path, made, visits)
        if call.fallback is not None:
            failing = self._failing(call, trial, path)
            self._visit(call.fallback, "calls * failing", {"calls": made, "failing": failing})

    def _withdraw(self, path: Path) -> None:
        """Take back what an earlier pass said of the trials of a call, which may have none any more."""
        if (*path, f"calls{self.suffix}") in self.ledger.records:
            for name in _OF_TRIALS:
                self.ledger.records.pop((*path, f"{name}{self.suffix}"), None)

    def _misses(self, call: Call, trial: Trial | None, path: Path, made: Path, visits: Path) -> None:
        """The cache runs its own misses; a caller also takes a look that failed for a miss."""
        assert call.miss is not None
        hit = hit_path(call, self.ledger)
        if call.miss_inside:
            self._visit(call.miss, "visits * (1 - hit)", {"visits": visits, "hit": hit})
        elif trial is not None and trial.failure > 0.0:
            looked = {"calls": made, "hit": hit, "failing": self._failing(call, trial, path)}
            self._visit(call.miss, "calls * (1 - hit * (1 - failing))", looked)
        else:
            self._visit(call.miss, "calls * (1 - hit)", {"calls": made, "hit": hit})

    def _tried(self, call: Call, trial: Trial, path: Path, made: Path, visits: Path) -> None:
        """The visits that the attempts of a call make, those that hedge included."""
        text, inputs = "calls", {"calls": made}
        if call.retries and trial.failure > 0.0:
            attempts = (*path, f"attempts{self.suffix}")
            failure = self._share(path, "attempt_failures", trial.failure)
            most = (*path, "most_attempts")
            self.ledger.follow(most, "retries + 1", {"retries": (*call.source, "retries")})
            self.ledger.apply(
                attempts, mean_attempts, {"failure_probability": failure, "attempts": most}, note=_ALONE
            )
            if not call.cancel:
                text, inputs = f"{text} * attempts", {**inputs, "attempts": attempts}
        if trial.second_calls > 0.0:
            second = self._share(path, "second_calls", trial.second_calls)
            text, inputs = f"{text} * (1 + second_calls)", {**inputs, "second_calls": second}
        if call.cancel and trial.failure > 0.0:
            self.ledger.follow(visits, text, inputs, label="approximation", note=_CANCELLED)
        else:
            self.ledger.follow(visits, text, inputs)

    def _failing(self, call: Call, trial: Trial | None, path: Path) -> Path:
        """The share of calls of which every attempt has failed."""
        failure = 0.0 if trial is None else trial.failure
        return self._share(path, "failing", failure ** (call.retries + 1.0))

    def _share(self, path: Path, name: str, value: float) -> Path:
        where = (*path, f"{name}{self.suffix}")
        label: Label = "approximation" if 0.0 < value < 1.0 else "exact"
        note = _ALONE if label == "approximation" else ""
        self.ledger.write(Record(where, value, NUMBER, label, "failed share", (), note, is_share=True))
        return where


def _times(text: str, factor: str) -> str:
    return f"{text} * {factor}" if text else factor
