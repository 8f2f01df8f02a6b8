"""How long an item stays in a cache: the delay equation of LRU with a time to live, and five policies.

A policy says, for items that are asked for at a rate and never again within a silence after a request,
which share of the requests finds them and which share of the time they hold their room.
"""

from __future__ import annotations

import math
from typing import Any

_STEPS = 40  # lifetimes after which the slowest decay is all that is left
_TERMS = 14  # the next term of the polynomial is below 1e-16


def hits_per_fill(rate: Any, lifetime: float, ttl: float) -> Any:
    """Expected hits between two fills of an LRU cache whose items also expire a fixed time after the fill.

    Solves m'(u) = r(1 - e^(-rT)) - r e^(-rT) m(u - T) after T, m(u) = ru before, one lifetime T at a time:
    within each the solution is a polynomial, whose terms are summed with the signs of a bounded one.
    """
    import numpy as np

    if not lifetime > 0:
        return np.zeros_like(rate)
    if not ttl > lifetime:
        return rate * ttl
    if math.isinf(ttl):
        return np.expm1(np.minimum(rate * lifetime, 600.0))
    load = rate * lifetime
    stays = load * np.exp(-load)
    growth = load - stays
    terms = np.zeros((_TERMS, len(load)))
    terms[1] = load
    ages = ttl / lifetime
    whole = math.ceil(ages) - 1
    for _ in range(min(whole, _STEPS)):
        start = terms.sum(axis=0)
        terms[1:] = -stays * terms[:-1] / np.arange(1, _TERMS)[:, None]
        terms[1] += growth
        terms[0] = start
    if whole <= _STEPS:
        return np.power(ages - whole, np.arange(_TERMS)) @ terms
    return _later(load, stays, growth, terms, ages - _STEPS - 1)


def _later(load: Any, stays: Any, growth: Any, terms: Any, further: float) -> Any:
    """The rest of the way to its limit, at the rate at which it is then approached."""
    import numpy as np

    now, before = terms.sum(axis=0), terms[0]
    slope = np.maximum(growth - stays * before, 0.0)
    left = np.maximum(np.expm1(np.minimum(load, 600.0)) - now, 1e-300)
    decay = np.maximum(slope / left, 1e-300)
    return now + np.where(slope > 0, -slope * np.expm1(-decay * further) / decay, 0.0)


def found_lru(rate: Any, silence: Any, lifetime: float) -> Any:
    """Share of the requests that come within a lifetime after the one before."""
    import numpy as np

    opened = rate / np.maximum(1 - rate * silence, 1e-12)
    return -np.expm1(-opened * np.maximum(lifetime - silence, 0.0))


def held_lru(rate: Any, silence: Any, lifetime: float) -> Any:
    """Share of the time within a lifetime after a request."""
    import numpy as np

    waiting = np.maximum(1 - rate * silence, 0.0)
    return rate * np.minimum(lifetime, silence) + waiting * found_lru(rate, silence, lifetime)


def found_fifo(rate: Any, silence: Any, lifetime: float) -> Any:
    """Share of the requests that come within a lifetime after a fill."""
    import numpy as np

    hits = rate * np.maximum(lifetime - silence, 0.0)
    return hits / (1 + hits)


def held_fifo(rate: Any, silence: Any, lifetime: float, ttl: float) -> Any:
    """Share of the time in which the room is held; an expired item gives it back when it is asked for."""
    import numpy as np

    fresh = min(lifetime, ttl)
    waits = -np.expm1(-rate * (lifetime - fresh)) / np.maximum(rate, 1e-300)
    return rate * (fresh + waits) / (1 + rate * np.maximum(fresh - silence, 0.0))


def found_random(rate: Any, silence: Any, lifetime: float, ttl: float) -> Any:
    """Share of the requests that find an item which is dropped at random, after a lifetime on average."""
    import numpy as np

    stays = -lifetime * math.expm1(-ttl / lifetime)  # until it is dropped or expires
    opened = rate / np.maximum(1 - rate * silence, 1e-12)
    return np.exp(-silence / lifetime) * opened * stays / (1 + opened * stays)


def held_random(rate: Any, silence: Any, lifetime: float) -> Any:
    """Share of the time in which the room is held."""
    import numpy as np

    opened = rate * lifetime / np.maximum(1 - rate * silence, 1e-12)
    return rate * lifetime * (1 - opened * np.expm1(-silence / lifetime)) / (1 + opened)
