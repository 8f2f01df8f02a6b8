"""Which edges order the picture."""

from __future__ import annotations

import graphlib
import itertools

from hypothesis import given
from hypothesis import strategies as st

from sdplan.render.diagram.order import forward

arrows = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=20)
ranks = st.fixed_dictionaries({name: st.integers(0, 3) for name in "abcdef"})


def acyclic(kept: frozenset[tuple[str, str]]) -> bool:
    try:
        list(graphlib.TopologicalSorter({a: {b for x, b in kept if x == a} for a, _ in kept}).static_order())
    except graphlib.CycleError:
        return False
    return True


def test_a_chain_is_kept_whole() -> None:
    assert forward([("a", "b"), ("b", "c")], {"a": 0, "b": 1, "c": 2}) == {("a", "b"), ("b", "c")}


def test_of_a_circle_the_step_back_gives_way() -> None:
    circle = [("store", "web"), ("web", "store")]

    assert forward(circle, {"web": 1, "store": 2}) == {("web", "store")}


def test_a_step_back_that_closes_no_circle_still_counts() -> None:
    assert forward([("stream", "worker")], {"stream": 3, "worker": 1}) == {("stream", "worker")}


@given(arrows, ranks)
def test_what_is_kept_never_runs_in_a_circle(given_arrows, rank) -> None:
    assert acyclic(forward(given_arrows, rank))


@given(arrows, ranks)
def test_what_is_left_out_would_close_a_circle(given_arrows, rank) -> None:
    kept = forward(given_arrows, rank)

    assert not any(acyclic(kept | {arrow}) for arrow in set(given_arrows) - kept)


@given(st.permutations(list(itertools.pairwise("abcdef"))))
def test_the_order_in_which_a_chain_is_given_does_not_matter(chain) -> None:
    rank = {name: index for index, name in enumerate("abcdef")}

    assert forward(chain, rank) == set(itertools.pairwise("abcdef"))
