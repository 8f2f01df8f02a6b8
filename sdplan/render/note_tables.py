"""The tables of what a design says of itself: what was not counted, scenarios, risks, questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sdplan.findings import dotted
from sdplan.render.cells import Cell, Code, Table, Told, Words, table, words
from sdplan.render.judgement import MET, MISSED, OPEN, sign_of

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.decisions import FeatureFlag
    from sdplan.spec.design import Design
    from sdplan.spec.objectives import Scenario

Note = tuple[str, str]
"""A heading and the text under it."""


def uncounted_table(solution: Solution) -> Table:
    """What was not stated, or is not computed yet, and what that does to the numbers."""
    columns = [*words("Where", "Not counted", "So", "To count it")]
    return table(
        columns,
        (
            [Code(dotted(one.path)), *(Told(t) for t in (one.what, one.effect, one.hint))]
            for one in solution.uncounted
        ),
    )


def scenario_table(design: Design, solution: Solution) -> Table:
    """What each scenario does to the design, what is expected then, and what comes out."""
    columns = [*words("Scenario", "What happens", "Objective", "Then", "Expected", "Verdict")]
    return table(columns, (row for name in design.scenarios for row in _scenario(name, design, solution)))


def _scenario(name: str, design: Design, solution: Solution) -> Iterator[list[Cell]]:
    """One row for each objective of a scenario; one without numbers where it could not be solved."""
    happening = Words(_happening(design.scenarios[name]))
    outcome = solution.scenarios.get(name)
    if outcome is None:
        yield [Words(name), happening, Words(""), Words("no solution"), Words(""), OPEN]
        return
    for each in outcome.expectations:
        for verdict in each.verdicts:
            record = outcome.solution.records.get(verdict.solved)
            then = verdict.reason if record is None else f"{record.shown()} for {verdict.target.shown()}"
            sign = sign_of(verdict.met)
            if each.as_expected is not None:
                sign = (MET if each.as_expected else MISSED)._replace(word=sign.word)
            yield [
                Words(name),
                happening,
                Words(f"{each.slo}: {verdict.measure}"),
                Words(then),
                Words(each.expected),
                sign,
            ]


def _happening(scenario: Scenario) -> str:
    lost = scenario.lose
    said = [f"traffic of {flow} {factor.text}" for flow, factor in scenario.traffic.items()]
    said += [f"{component} slower: {factor}" for component, factor in scenario.slow.items()]
    if lost is not None:
        said += [_so_many(lost.zones.text, "zone") + " lost"] if lost.zones is not None else []
        said += [f"{name} lost" for name in (*lost.regions, *lost.components)]
        said += [_so_many(n.text, "replica") + f" of {name} lost" for name, n in lost.replicas.items()]
    said += [f"{path} = {value}" for path, value in scenario.set.items()]
    said += [f"after {scenario.years.text} years"] if scenario.years is not None else []
    said += [f"for {scenario.lasts.text}"] if scenario.lasts is not None else []
    return "; ".join(said)


def _so_many(number: str, noun: str) -> str:
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"


def risk_table(design: Design) -> Table:
    """Risks, how likely and how bad, and what is done about them."""
    columns = [*words("Risk", "Likelihood", "Impact", "Mitigation", "Runbook", "Owner")]
    return table(
        columns,
        (
            [
                Told(one.what),
                Words(one.likelihood),
                Words(one.impact),
                Told(one.mitigation),
                Words(one.runbook),
                Words(one.owner),
            ]
            for one in design.risks.values()
        ),
    )


def notes(design: Design) -> Mapping[str, Sequence[Note]]:
    """What the design says of its security, observability and deployment, point by point."""
    return {
        "security": _security(design),
        "observability": _observability(design),
        "deployment": _deployment(design),
    }


def _security(design: Design) -> Sequence[Note]:
    said = design.security
    if said is None:
        return ()
    encryption = said.encryption
    return _told(
        ("Authentication", said.authentication),
        ("Authorization", said.authorization),
        ("Token life", said.token_life.text if said.token_life else ""),
        ("Encrypted in transit", _yes_or_no(encryption.in_transit if encryption else None)),
        ("Encrypted at rest", _yes_or_no(encryption.at_rest if encryption else None)),
        ("Secrets", said.secrets),
        ("Personal data", said.personal_data),
        ("Rate limits", said.rate_limits),
    )


def _observability(design: Design) -> Sequence[Note]:
    said = design.observability
    if said is None:
        return ()
    return _told(
        ("Metrics", "; ".join(said.metrics)),
        ("Logs", "; ".join(said.logs)),
        ("Traces", said.traces),
        ("Dashboards", "; ".join(said.dashboards)),
        ("Alerts", "; ".join(said.alerts)),
    )


def _deployment(design: Design) -> Sequence[Note]:
    said = design.deployment
    if said is None:
        return ()
    flags = ((f"Flag {name}", _flag(flag)) for name, flag in said.flags.items())
    return _told(
        ("Strategy", said.strategy), ("Rollback", said.rollback), ("Steps", "; ".join(said.steps)), *flags
    )


def _flag(flag: FeatureFlag) -> str:
    owner, expiry = (
        f"owner {flag.owner}" if flag.owner else "",
        f"expires {flag.expiry}" if flag.expiry else "",
    )
    return ", ".join(part for part in (flag.what, owner, expiry) if part) or "on"


def _told(*notes: Note) -> Sequence[Note]:
    return [note for note in notes if note[1]]


def _yes_or_no(flag: bool | None) -> str:
    return "" if flag is None else "yes" if flag else "no"
