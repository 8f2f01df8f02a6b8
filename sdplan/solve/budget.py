"""Error budgets: what an SLO leaves to fail in its window, what is spent of it, and when to raise an alarm.

The burn rates are those of the SRE workbook: 2 % of the budget in an hour, 5 % in six, 10 % in three days,
each seen in a short window of a twelfth as well.  For a window other than 30 days the alert windows stay
and the burn rates change with it; a rate that would not spend the budget is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sdplan.findings import Path
from sdplan.formulas.availability import downtime, failed_requests
from sdplan.formulas.redundancy import burn_rate
from sdplan.solve.judge import WINDOW
from sdplan.solve.ledger import Ledger
from sdplan.solve.solution import Record
from sdplan.spec.design import Design
from sdplan.spec.objectives import Slo
from sdplan.units import DURATION, RATE

_HOUR = 3600.0
ALERTS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"fast": (0.02, _HOUR), "medium": (0.05, 6 * _HOUR), "slow": (0.10, 72 * _HOUR)}
)
"""Share of the budget, and the window in which it goes [s] (SRE workbook, chapter 5, table 5-8)."""
_SHORT = 12.0  # the short window, which lets an alert end soon, is this part of the long one
_LEAST_RATE = 1 - 1e-9  # slower than this a budget lasts for its window
_SOURCE = "Beyer and others 2018, The Site Reliability Workbook, ch. 5"
_SPENT: Mapping[str, str] = MappingProxyType(
    {"availability": "unavailability", "undegraded": "degradation", "errors": "errors"}
)


def budgets(design: Design, ledger: Ledger) -> None:
    """The budget and the alerts of every SLO on a share of good requests."""
    for name, slo in design.slos.items():
        window: Path = ("slos", name, "window")
        for measure in _SPENT:
            if getattr(slo, measure) is None:
                continue
            ledger.default(window, WINDOW, DURATION)
            allowed = _allowed(name, measure, ledger)
            _budget(design, name, slo, measure, allowed, ledger)
            if 0.0 < ledger.value(allowed) < 1.0 and ledger.value(window) > 0.0:
                for alert in ALERTS:
                    _alert(design, name, slo, measure, alert, ledger)


def _allowed(name: str, measure: str, ledger: Ledger) -> Path:
    """The share of the requests that may fail."""
    path: Path = ("slos", name, "error_budget", measure, "share")
    text = "target" if measure == "errors" else "1 - target"
    ledger.follow(path, text, {"target": ("slos", name, measure)}, is_share=True)
    return path


def _subjects(design: Design, slo: Slo) -> Iterator[tuple[str, Path]]:
    if slo.component:
        yield slo.component, ("components", slo.component)
    for flow in design.flows if "all" in slo.flow else slo.flow:
        yield flow, ("flows", flow)


def _budget(design: Design, name: str, slo: Slo, measure: str, allowed: Path, ledger: Ledger) -> None:
    """The budget as a time and in requests, and how much of it the design is expected to spend."""
    path, window = allowed[:-1], ("slos", name, "window")
    ledger.apply((*path, "time"), downtime, {"unavailability": allowed, "period": window})
    for subject, base in _subjects(design, slo):
        requests = (*path, "window_requests", subject)
        if _counts(base, ledger):
            ledger.follow(requests, "rate * window", {"rate": (*base, "rate"), "window": window})
            inputs = {"unavailability": allowed, "requests": requests}
            ledger.apply((*path, "requests", subject), failed_requests, inputs)
        lost = (*base, _SPENT[measure])
        if ledger.has(lost) and ledger.value(allowed) > 0.0:
            inputs = {"lost": lost, "allowed": allowed}
            ledger.follow((*path, "spent", subject), "lost / allowed", inputs, is_share=True)


def _counts(base: Path, ledger: Ledger) -> bool:
    rate = ledger.records.get((*base, "rate"))
    return rate is not None and rate.dimension == RATE


def _alert(design: Design, name: str, slo: Slo, measure: str, alert: str, ledger: Ledger) -> None:
    """One line of the table: from which error rate on it fires, and when the budget would be gone."""
    path: Path = ("slos", name, "burn_rates", measure, alert)
    share, long = ALERTS[alert]
    window: Path = ("slos", name, "window")
    allowed: Path = ("slos", name, "error_budget", measure, "share")
    rate = share * ledger.value(window) / long
    if rate < _LEAST_RATE or rate * ledger.value(allowed) >= 1.0 or long > ledger.value(window):
        return
    stated = Record((*path, "budget_share"), share, label="stated", note=_SOURCE, is_share=True)
    ledger.write(stated)
    ledger.write(Record((*path, "window"), long, DURATION, "stated", note=_SOURCE))
    inputs = {
        "budget_share": (*path, "budget_share"),
        "period": window,
        "alert_window": (*path, "window"),
    }
    ledger.apply((*path, "burn_rate"), burn_rate, inputs)
    ledger.follow((*path, "short_window"), f"window / {_SHORT:g}", {"window": (*path, "window")})
    burn: Path = (*path, "burn_rate")
    ledger.follow((*path, "exhausted_after"), "period / burn_rate", {"period": window, "burn_rate": burn})
    firing: Path = (*path, "error_share")
    ledger.follow(firing, "allowed * burn_rate", {"allowed": allowed, "burn_rate": burn}, is_share=True)
    for subject, base in _subjects(design, slo):
        if _counts(base, ledger):
            inputs = {"rate": (*base, "rate"), "window": (*path, "window"), "share": firing}
            ledger.follow((*path, "requests", subject), "rate * window * share", inputs)
