"""Which edges lead from left to right, so that every tier has its place and no cycle bends the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Arrow = tuple[str, str]


def forward(arrows: Sequence[Arrow], rank: Mapping[str, int]) -> frozenset[Arrow]:
    """The arrows that may order the picture: those no step back first, and never a cycle."""
    ahead: dict[str, set[str]] = {}
    kept: set[Arrow] = set()
    for source, target in sorted(arrows, key=lambda arrow: rank[arrow[0]] > rank[arrow[1]]):
        if source != target and not _reaches(ahead, target, source):
            ahead.setdefault(source, set()).add(target)
            kept.add((source, target))
    return frozenset(kept)


def _reaches(ahead: Mapping[str, set[str]], start: str, goal: str) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        new = ahead.get(here, set()) - seen
        seen |= new
        waiting += new
    return False
