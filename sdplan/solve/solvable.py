"""Which numbers a solution may have, whether or not a design gives enough to compute them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sdplan.findings import Path
from sdplan.solve.ledger import Ledger

_AT = ("", "_at_mean")
_SOLVED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "flows": frozenset(
            {"rate", "mean_rate", "peak_rate", "in", "out", "availability", "undegraded", "errors"}
            | {"freshness", "backlog_growth", "cost", "deadline_share"}
            | {f"{name}{at}" for name in ("latency", "timeouts", "mean_latency") for at in _AT}
        ),
        "entities": frozenset({"created", "ingest", "stored", "count", "size"}),
        "components": frozenset(
            {"rate", "mean_rate", "peak_rate", "replicas", "stored", "uses", "cost", "hit", "durability"}
            | {"group_availability", "rpo", "rto", "in", "out"}
            | {f"{name}{at}" for name in ("utilization", "wait", "waiting", "latency") for at in _AT}
            | {f"{name}{at}" for name in ("residence", "worker_wait", "offered_load") for at in _AT}
        ),
    }
)


def without_value(path: Path, ledger: Ledger) -> str:
    """Why a number that designs may have has no value in this one; empty where no design has it."""
    if len(path) < 3 or path[2] not in _SOLVED.get(str(path[0]), ()):
        return ""
    known = any(where[:2] == path[:2] for where in (*ledger.records, *ledger.missing))
    return f"nothing that is stated of {path[1]} gives it" if known else ""
