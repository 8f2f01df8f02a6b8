"""Service mixes: the service time of a queue that serves several operations, each with a law of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sdplan.distributions.laws import Deterministic, Exponential, Gamma, Law, Lognormal

_TAIL = 1e-10  # the share of the service times that numeric moments may leave out
_POINTS = 600


class ServiceMix(NamedTuple):
    """The laws of the operations that come to a queue, and the share of each."""

    laws: tuple[Law, ...]
    shares: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean service time [s]."""
        return sum(share * law.mean for law, share in zip(self.laws, self.shares, strict=True))

    @property
    def scv(self) -> float:
        """Squared coefficient of variation of the mixture, never less than 0."""
        square = sum(s * law.mean**2 * (1.0 + law.scv) for law, s in zip(self.laws, self.shares, strict=True))
        return max(0.0, square / self.mean**2 - 1.0)

    @property
    def is_exponential(self) -> bool:
        """Whether all service times are exponential with one mean."""
        return all(isinstance(law, Exponential) and law.mean == self.laws[0].mean for law in self.laws)

    def third_moment(self) -> float:
        """E[S^3] over E[S]^3."""
        third = sum(share * _third(law) for law, share in zip(self.laws, self.shares, strict=True))
        return third / self.mean**3

    def first_free(self, servers: float) -> tuple[float, float]:
        """Mean and mean square of the time until the first of so many busy servers is free, in mean times.

        Each server is taken to be busy for an independent residual service time (Tijms et al. 1981).
        """
        reach = max(law.reach(_TAIL) for law in self.laws)
        at = np.geomspace(1e-5 * self.mean / servers, reach, _POINTS)
        left = sum(
            share * np.maximum(law.mean - law.lev(at), 0.0)
            for law, share in zip(self.laws, self.shares, strict=True)
        )
        all_busy = (left / self.mean) ** servers
        log = np.log(at)
        first = at[0] + float(np.trapezoid(all_busy * at, log))
        second = at[0] ** 2 + 2.0 * float(np.trapezoid(all_busy * at**2, log))
        return first / self.mean, second / self.mean**2


def service_mix(laws: Mapping[str, Law], shares: Mapping[str, float]) -> ServiceMix:
    """The mix of operations by their laws and shares; the shares of those with a law add up to one."""
    whole = sum(shares[op] for op in laws)
    return ServiceMix(tuple(laws.values()), tuple(shares[op] / whole for op in laws))


def _third(law: Law) -> float:
    """E[S^3] in cubic seconds: in closed form for the plain laws, else from the survival function."""
    match law:
        case Exponential(mean):
            return 6.0 * mean**3
        case Deterministic(value):
            return value**3
        case Gamma(mean, scv):
            return mean**3 * (1.0 + scv) * (1.0 + 2.0 * scv)
        case Lognormal():
            return law.mean**3 * (1.0 + law.scv) ** 3
    if law.mean <= 0.0:
        return 0.0
    at = np.geomspace(1e-6 * law.mean, law.reach(_TAIL), _POINTS)
    survival = np.asarray(law.sf(at))
    return float(3.0 * np.trapezoid(survival * at**3, np.log(at)))
