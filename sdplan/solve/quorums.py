"""Quorums: which copies a call of a replicated store waits for, as order statistics over their answers."""

from __future__ import annotations

from sdplan.distributions import trees
from sdplan.distributions.laws import Deterministic
from sdplan.solve.compile import WRITES
from sdplan.solve.ledger import Ledger
from sdplan.solve.network import distance
from sdplan.solve.nodes import read_copies
from sdplan.solve.tree import Call
from sdplan.spec.components import Replication, Store
from sdplan.spec.design import Design


def answered(design: Design, call: Call, own: trees.Node, followed: trees.Node, ledger: Ledger) -> trees.Node:
    """The answer of a store to a call, once as many copies as its quorum asks for have answered.

    The stay at one copy is `own`, at a follower `followed`, and copies answer independently of each other.
    """
    spec = design.components[call.place[0]]
    if own == trees.Series(()) or not isinstance(spec, Store) or spec.replication is None:
        return own
    copies = read_copies(spec.copies or "1")
    if copies is None:
        return own
    writes = call.op in WRITES
    asked = asked_copies(design, call, spec.replication, writes, copies[0], ledger)
    if asked <= 1:
        return own
    if asked > copies[0] * len(_regions(design, call)):
        return trees.Hop(Deterministic(0.0), 1.0)  # fewer copies are left than have to answer
    if spec.replication.mode == "leader":
        return _led(own, followed, copies[0], asked) if writes else own
    return _leaderless(design, call, own, copies[0], asked, ledger) if writes else _several(own, asked, asked)


def asks_several(design: Design, call: Call) -> bool:
    """Whether a call may wait for more than one copy."""
    spec = design.components[call.place[0]]
    if not isinstance(spec, Store) or spec.replication is None:
        return False
    stated = spec.replication.write_quorum if call.op in WRITES else spec.replication.read_quorum
    return stated is not None and stated != "one"


def asked_copies(
    design: Design, call: Call, replication: Replication, writes: bool, copies: int, ledger: Ledger
) -> int:
    """How many copies have to answer: a number, or a word that counts those of the region or of all."""
    name = "write_quorum" if writes else "read_quorum"
    stated = getattr(replication, name)
    if stated is None:
        return 1
    if not isinstance(stated, str):
        return int(ledger.value(("components", call.place[0], "replication", name), 1.0))
    whole = copies * len(_regions(design, call)) if stated in ("quorum", "all") else copies
    return {"one": 1, "all": whole}.get(stated, whole // 2 + 1)


def _regions(design: Design, call: Call) -> tuple[str, ...]:
    """The regions that keep copies, the one that is called first."""
    region = call.place[1]
    if not region:
        return ("",)
    spec = design.components[call.place[0]]
    there = spec.regions or tuple(design.regions)
    return (region, *(other for other in there if other != region))


def _several(own: trees.Node, asked: int, copies: int) -> trees.Node:
    return trees.FanOut(own, float(copies), asked)


def _led(own: trees.Node, followed: trees.Node, copies: int, asked: int) -> trees.Node:
    """The leader, and the fastest of its followers."""
    return trees.ForkJoin((own, _several(followed, min(asked, copies) - 1, copies - 1)), "all")


def _leaderless(
    design: Design, call: Call, own: trees.Node, copies: int, asked: int, ledger: Ledger
) -> trees.Node:
    """The fastest of all copies, those of other regions a round trip away."""
    regions = _regions(design, call)
    if asked <= copies or len(regions) == 1:
        return _several(own, min(asked, copies), copies)
    items: list[trees.Node] = []
    for region in regions:
        there = distance(regions[0], region, ledger)
        far = trees.Series((trees.Hop(Deterministic(there)), own)) if there else own
        items += [far] * copies
    return trees.ForkJoin(tuple(items), min(asked, len(items)))
