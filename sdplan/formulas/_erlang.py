"""Erlang's loss formula for any number of servers, in bounded time and to nine digits at least.

The inverse of the blocking probability is a sum of positive terms,
1/B = 1 + c/a + c(c-1)/a^2 + ..., so nothing cancels.  The terms that matter number a few times the
square root of c; where the sum overflows, B is below the smallest float.  Beyond `_SUMMED` servers the
sum becomes the integral 1/B = integral of exp(-u) (1 + u/a)^c over u > 0, taken by
Simpson's rule.
"""

from __future__ import annotations

import math
from typing import Any

_SUMMED = 1e6
_NEGLIGIBLE = 1e-17
_CUT = 37  # the integrand is left out where it is below e^-37 of its peak
_POINTS = 3000  # even; leaves an error below 1e-9


def blocking(load: float, servers: float) -> float:
    """Blocking probability of so many erlang on so many servers."""
    servers = math.floor(servers) if math.isfinite(servers) else servers
    if load <= 0:
        return 0.0 if servers > 0 else 1.0
    if math.isinf(load):
        return 1.0 if servers < load else math.nan
    return 1 / (_sum(load, servers) if servers <= _SUMMED else _integral(load, servers))


def _sum(load: float, servers: float) -> float:
    total = term = 1.0
    while servers > 0:
        ratio = servers / load
        term *= ratio
        total += term
        if (ratio < 1 and term < total * _NEGLIGIBLE * (1 - ratio)) or total == math.inf:
            break
        servers -= 1
    return total


def _integral(load: float, servers: float) -> float:
    """The same sum as an integral over x = u / load, cut where the exponent has fallen by `_CUT`."""

    def exponent(x: float) -> float:
        return servers * _log1p_less_x(x) + (servers - load) * x

    peak = max(0.0, servers / load - 1)
    top = exponent(peak)
    if top > 700:
        return math.inf
    width = math.sqrt(2 * _CUT / servers) * (1 + peak)
    low, high = max(0.0, peak - width), peak + _reach(exponent, peak, top, width)
    step = (high - low) / _POINTS
    weights = (1, *(4, 2) * (_POINTS // 2 - 1), 4, 1)
    values = (w * math.exp(exponent(low + k * step)) for k, w in enumerate(weights))
    return load * step / 3 * math.fsum(values)


def _reach(exponent: Any, peak: float, top: float, width: float) -> float:
    """How far right of the peak the exponent has fallen by `_CUT`, within a quarter."""
    reach = width
    while exponent(peak + reach) > top - _CUT:
        reach *= 1.25
    while exponent(peak + reach / 1.25) < top - _CUT:
        reach /= 1.25
    return reach


def _log1p_less_x(x: float) -> float:
    """log(1 + x) - x, which cancels for small x and is then summed as a series."""
    if x > 0.02:
        return math.log1p(x) - x
    return -x * x * math.fsum((-x) ** k / (k + 2) for k in range(9))


def blocking_sweep(load: Any, servers: Any) -> Any:
    """The blocking probability over arrays, all points advancing through the sum together."""
    import numpy as np

    load, servers = np.broadcast_arrays(load, np.floor(servers))
    if servers.size == 0 or not np.all((servers <= _SUMMED) & (load > 0)):
        return np.vectorize(blocking, otypes=[float])(load, servers)
    total, term = np.ones(load.shape), np.ones(load.shape)
    for k in range(int(servers.max())):
        ratio = np.maximum(servers - k, 0) / load
        term = np.where(np.isinf(total), 0.0, term * ratio)
        total = total + term
        settled = (ratio < 1) & (term <= total * _NEGLIGIBLE * (1 - ratio)) | np.isinf(total)
        if np.all(settled):
            break
    return 1 / total
