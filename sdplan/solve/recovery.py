"""Recovery: how much of what was written a store may lose (RPO), and how long it is away (RTO)."""

from __future__ import annotations

from sdplan.findings import Path
from sdplan.solve.durability import keepers
from sdplan.solve.ledger import Ledger
from sdplan.solve.nodes import read_copies
from sdplan.spec.components import Store
from sdplan.spec.design import Design
from sdplan.units import DURATION

_CONFIRMED = ("quorum", "local_quorum", "all")
_LAGGING = "writes that the copies have not got yet; the lag as stated"
_BACKUP = "writes since the last backup"


def recoveries(design: Design, ledger: Ledger) -> None:
    """RPO and RTO of every store that keeps entities, and of the design: those of the worst."""
    stores = keepers(design)
    for name, spec in stores.items():
        _rpo(name, spec, ledger)
        _rto(name, spec, ledger)
    for measure in ("rpo", "rto"):
        unknown = [name for name in stores if not ledger.has(("components", name, measure))]
        if unknown:
            ledger.missing.setdefault((measure,), _unknown(unknown[0], measure))
        elif stores:
            ledger.fold((measure,), "largest", [("components", name, measure) for name in stores])


def _unknown(name: str, measure: str) -> str:
    said = {
        "rpo": "neither the lag of its copies nor how often it is backed up",
        "rto": "neither how long a failover takes nor a restore",
    }
    return f"{name} states {said[measure]}"


def _copies(spec: Store) -> tuple[float, float]:
    """Nodes of a shard, and how many of them may be lost."""
    nodes, factor = read_copies(spec.copies or "1") or (1, 1.0)
    return float(nodes), nodes - nodes / factor


def _rpo(name: str, spec: Store, ledger: Ledger) -> None:
    """Time whose writes are lost with the node that took them."""
    path: Path = ("components", name)
    rpo, lag, every = (*path, "rpo"), (*path, "replication", "lag"), (*path, "backup", "every")
    copies, spare = _copies(spec)
    code = copies > 1 and spec.copies is not None and not spec.copies.isdigit()
    if spare >= 1 and (_is_confirmed(spec) or code):
        ledger.default(rpo, 0.0, DURATION)
        note = "a write is answered when another node has it"
        ledger.records[rpo] = ledger.records[rpo]._replace(note=note)
    elif spare >= 1 and ledger.has(lag):
        ledger.follow(rpo, "lag", {"lag": lag}, note=_LAGGING)
    elif ledger.has(every):
        ledger.follow(rpo, "every", {"every": every}, label="bound", note=_BACKUP)
    else:
        ledger.missing.setdefault(rpo, _unknown(name, "rpo"))


def _is_confirmed(spec: Store) -> bool:
    """Whether a write is answered only when a second node has it."""
    quorum = spec.replication.write_quorum if spec.replication is not None else None
    if quorum is None or isinstance(quorum, str):
        return quorum in _CONFIRMED
    return quorum.quantity is not None and quorum.quantity.value >= 2


def _rto(name: str, spec: Store, ledger: Ledger) -> None:
    """Time until the store answers again: of a failover where there is a copy, else of a restore."""
    path: Path = ("components", name)
    rto, restore = (*path, "rto"), (*path, "backup", "restore")
    _, spare = _copies(spec)
    takes = (*path, "replication", "failover", "takes")
    if spare >= 1 and spec.replication is not None and spec.replication.mode == "leaderless":
        ledger.default(rto, 0.0, DURATION)
        ledger.records[rto] = ledger.records[rto]._replace(note="any copy answers; there is no failover")
    elif spare >= 1 and ledger.has(takes):
        ledger.follow(rto, "takes", {"takes": takes})
    elif ledger.has(restore) and ledger.records[restore].dimension == DURATION:
        ledger.follow(rto, "restore", {"restore": restore})
    elif ledger.has(restore) and ledger.has((*path, "node_bytes")) and ledger.value(restore) > 0:
        ledger.follow(rto, "kept / restore", {"kept": (*path, "node_bytes"), "restore": restore})
    else:
        ledger.missing.setdefault(rto, _unknown(name, "rto"))
