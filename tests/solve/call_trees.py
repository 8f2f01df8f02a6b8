"""Random call trees as plain data, and their availability by enumerating what may be up and what is drawn.

Nothing of the solver is used here: a tree is a YAML-like structure, its availability an exact fraction.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import comb

from hypothesis import strategies as st

SERVICES = ["s0", "s1", "s2"]
CACHES, EDGES = ["c0"], ["e0"]
COMPONENTS = {
    **{name: {"kind": "service"} for name in SERVICES},
    **{name: {"kind": "cache"} for name in CACHES},
    **{name: {"kind": "cdn"} for name in EDGES},
}
UP = {name: Fraction(100 - 7 * (n + 1), 100) for n, name in enumerate(COMPONENTS)}
COUNTS = [Fraction(1, 10), Fraction(1, 2), Fraction(2), Fraction(5, 2), Fraction(3)]
HITS = [Fraction(0), Fraction(1, 4), Fraction(9, 10), Fraction(1)]


def percent(share):
    return f"{float(share * 100):g}%"


def plain_options(draw):
    options = {}
    for name in ("async", "optional"):
        if draw(st.integers(0, 9)) == 0:
            options[name] = True
    for name in ("times", "fan_out"):
        if draw(st.integers(0, 5)) == 0:
            options[name] = draw(st.sampled_from(COUNTS))
    if "fan_out" in options:
        options["need"] = draw(
            st.sampled_from(["all", "any", "2"] if options["fan_out"] > 1 else ["all", "any"])
        )
    return options


@st.composite
def call_steps(draw, depth):
    """One call with its options; the keys are those of the language."""
    kind = draw(st.sampled_from(["plain", "plain", "cache", "edge"])) if depth else "plain"
    options = plain_options(draw)
    if kind == "plain":
        name = draw(st.sampled_from(SERVICES))
    else:
        name = draw(st.sampled_from(CACHES if kind == "cache" else EDGES))
        options["miss"] = draw(step_lists(depth - 1))
        options["hit"] = draw(st.sampled_from(HITS))
        if draw(st.booleans()):
            options["entity"] = "item"
            options["hit"] = Fraction(3, 4)
    if depth and draw(st.integers(0, 2)) == 0:
        options["calls"] = draw(step_lists(depth - 1))
    if depth and draw(st.integers(0, 4)) == 0:
        options["fallback"] = draw(step_lists(depth - 1))
    return ("call", name, options)


@st.composite
def steps(draw, depth):
    kind = draw(st.sampled_from(["call", "call", "call", "parallel", "choose"])) if depth else "call"
    if kind == "call":
        return draw(call_steps(depth))
    if kind == "parallel":
        branches = draw(step_lists(depth - 1))
        needs = ["all", "any", "1", "2"] if len(branches) > 1 else ["all", "any", "1"]
        return ("parallel", draw(st.sampled_from(needs)), branches)
    shares = draw(st.sampled_from([(1, 3), (1, 2, 1), (5, 5), (0, 4)]))
    whole = sum(shares)
    ways = [(Fraction(share, whole), draw(step_lists(depth - 1))) for share in shares]
    return ("choose", ways)


def step_lists(depth):
    return st.lists(steps(depth), min_size=1, max_size=3)


def written(items):
    """The tree as the language has it."""
    return [written_step(item) for item in items]


def written_step(item):
    if item[0] == "parallel":
        return {"parallel": {"need": item[1], "calls": written(item[2])}}
    if item[0] == "choose":
        ways = {
            f"w{n}": {"share": percent(share), "calls": written(way)}
            for n, (share, way) in enumerate(item[1])
        }
        ways[f"w{len(item[1]) - 1}"]["share"] = "rest"
        return {"choose": ways}
    options = {}
    for key, value in item[2].items():
        if key in ("miss", "calls", "fallback"):
            options[key] = written(value)
        else:
            options[key] = percent(value) if isinstance(value, Fraction) else value
    return {item[1]: options}


def availability(items, *, undegraded=False):
    """The probability that a run of these steps succeeds: over all states, and all shared looks."""
    keys = sorted(set(shared_looks(items)))
    used = sorted(set(called(items)))
    total = Fraction(0)
    for states in product([True, False], repeat=len(used)):
        up = dict(zip(used, states, strict=True))
        weight = Fraction(1)
        for name, is_up in up.items():
            weight *= UP[name] if is_up else 1 - UP[name]
        for looks in product([True, False], repeat=len(keys)):
            hit = dict(zip(keys, looks, strict=True))
            chance = weight
            for is_hit in looks:
                chance *= Fraction(3, 4) if is_hit else Fraction(1, 4)
            total += chance * sequence(items, up, hit, undegraded)
    return total


def calls(items) -> Iterator[tuple]:
    """Every call at any depth."""
    for item in items:
        if item[0] == "choose":
            for _, way in item[1]:
                yield from calls(way)
        elif item[0] == "parallel":
            yield from calls(item[2])
        else:
            yield item
            for key in ("miss", "calls", "fallback"):
                yield from calls(item[2].get(key, []))


def called(items) -> Iterator[str]:
    return (name for _, name, _ in calls(items))


def shared_looks(items) -> Iterator[str]:
    return (name for _, name, options in calls(items) if "entity" in options)


def sequence(items, up, hit, undegraded):
    chance = Fraction(1)
    for item in items:
        chance *= step(item, up, hit, undegraded)
    return chance


def step(item, up, hit, undegraded):
    """Given the states and the shared looks, all other draws are independent of each other."""
    if item[0] == "choose":
        return sum(share * sequence(way, up, hit, undegraded) for share, way in item[1])
    if item[0] == "parallel":
        branches = [step(branch, up, hit, undegraded) for branch in item[2]]
        return at_least(wanted(item[1], len(branches)), branches)
    return call(item[1], item[2], up, hit, undegraded)


def wanted(need, count):
    return count if need == "all" else min(count, 1 if need == "any" else int(need))


def at_least(needed, chances):
    counts = [Fraction(1)]
    for chance in chances:
        counts = [
            (counts[k] * (1 - chance) if k < len(counts) else 0) + (counts[k - 1] * chance if k else 0)
            for k in range(len(counts) + 1)
        ]
    return sum(counts[needed:], Fraction(0))


def call(name, options, up, hit, undegraded):
    if options.get("async"):
        return Fraction(1)
    if options.get("optional") and not undegraded and "miss" not in options:
        return Fraction(1)
    one = once(name, options, up, hit, undegraded)

    def copies(count):
        needed = wanted(options.get("need", "all"), count)
        return sum(
            (comb(count, k) * one**k * (1 - one) ** (count - k) for k in range(needed, count + 1)),
            Fraction(0),
        )

    group = mixed(options.get("fan_out", Fraction(1)), copies)
    return mixed(options.get("times", Fraction(1)), lambda count: group**count)


def mixed(mean, whole):
    low = int(mean)
    return (1 - (mean - low)) * whole(low) + (mean - low) * whole(low + 1)


def once(name, options, up, hit, undegraded):
    look = (1 if up[name] else 0) * sequence(options.get("calls", []), up, hit, undegraded)
    chance = Fraction(look)
    if "miss" in options:
        missed = sequence(options["miss"], up, hit, undegraded)
        ratio = Fraction(hit[name]) if "entity" in options else options["hit"]
        through = ratio + (1 - ratio) * missed
        if COMPONENTS[name]["kind"] == "cdn" or undegraded:
            chance = look * through
        else:
            chance = look * through + (1 - look) * missed
    if "fallback" in options and not undegraded:
        chance += (1 - chance) * sequence(options["fallback"], up, hit, undegraded)
    return chance
