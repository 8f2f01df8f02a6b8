"""Nodes: how many replicas a component has, and how a store divides them into shards and copies."""

from __future__ import annotations

from typing import NamedTuple

from sdplan.findings import Finding, Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.solution import Record
from sdplan.spec.components import Component, Store


class Nodes(NamedTuple):
    """The nodes of a component in one region."""

    replicas: float
    shards: float = 1.0
    copies: float = 1.0  # nodes of a shard
    storage_factor: float = 1.0  # bytes kept for each byte written
    automatic: bool = False


def read_copies(text: str) -> tuple[int, float] | None:
    """Nodes a shard and bytes a byte: `3` keeps three copies, `8+4` eight data and four parity chunks."""
    parts = text.replace(" ", "").split("+")
    if not all(part.isdigit() and int(part) <= 1000 for part in parts) or len(parts) > 2:
        return None
    numbers = [int(part) for part in parts]
    if numbers[0] < 1:
        return None
    return (numbers[0], float(numbers[0])) if len(numbers) == 1 else (sum(numbers), sum(numbers) / numbers[0])


def count_nodes(name: str, spec: Component, chosen: float, ledger: Ledger) -> tuple[Nodes, list[Finding]]:
    """The nodes of a component; `chosen` is what the solver takes where the design leaves the number open."""
    path: Path = ("components", name)
    if not isinstance(spec, Store):
        if not spec.scales:
            ledger.default((*path, "replicas"), 1.0)
        if ledger.has((*path, "replicas")):
            return Nodes(ledger.value((*path, "replicas"))), []
        _choose((*path, "replicas"), chosen, ledger)
        return Nodes(chosen, automatic=True), []
    copies = read_copies(spec.copies or "1")
    if copies is None:
        hint = "write a number such as `3`, or an erasure code such as `8+4`"
        return Nodes(1.0), [
            Finding("SP304", "error", (*path, "copies"), f"expected copies, got `{spec.copies}`", hint)
        ]
    if spec.copies is not None:
        note = "" if spec.copies.isdigit() else f"nodes of the erasure code {spec.copies}"
        ledger.write(Record((*path, "copies"), float(copies[0]), label="stated", note=note))
    return _store_nodes(path, float(copies[0]), copies[1], chosen, ledger)


def _store_nodes(
    path: Path, copies: float, factor: float, chosen: float, ledger: Ledger
) -> tuple[Nodes, list[Finding]]:
    ledger.default((*path, "copies"), copies)
    shards = ledger.records.get((*path, "shards"))
    replicas = ledger.records.get((*path, "replicas"))
    if shards is not None and replicas is not None and shards.value * copies != replicas.value:
        message = f"{replicas.value:g} replicas are not {shards.value:g} shards of {copies:g} copies"
        hint = (
            f"write `replicas: {shards.value * copies:g}`, or leave it out: two of the three give the third"
        )
        return Nodes(1.0), [Finding("SP406", "error", (*path, "replicas"), message, hint)]
    if replicas is not None and replicas.value % copies:
        message = f"{replicas.value:g} replicas do not divide into shards of {copies:g} copies"
        hint = f"write `replicas: {copies * max(1, round(replicas.value / copies)):g}`"
        return Nodes(1.0), [Finding("SP406", "error", (*path, "replicas"), message, hint)]
    if replicas is not None and shards is None:
        ledger.follow(
            (*path, "shards"),
            "replicas / copies",
            {"replicas": (*path, "replicas"), "copies": (*path, "copies")},
        )
    elif replicas is None:
        if shards is None:
            _choose((*path, "shards"), chosen, ledger)
        ledger.follow(
            (*path, "replicas"), "shards * copies", {"shards": (*path, "shards"), "copies": (*path, "copies")}
        )
    count, parts = ledger.value((*path, "replicas")), ledger.value((*path, "shards"))
    return Nodes(count, parts, copies, factor, automatic=replicas is None and shards is None), []


def _choose(path: Path, chosen: float, ledger: Ledger) -> None:
    note = "left open in the design: the fewest that keep every limit under the target utilization at peak"
    ledger.write(Record(path, chosen, label="exact", formula="fewest", note=note))
