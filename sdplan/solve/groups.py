"""Groups: the replicas of one component in one region, and when too many of them are down.

A group is judged for every number of replicas that its zones leave and every number that a load needs, so
it keeps what all of these have in common.
"""

from __future__ import annotations

from typing import NamedTuple

from sdplan.formulas.availability import k_of_n_unavailability
from sdplan.formulas.redundancy import (
    failover_unavailability,
    failure_frequency,
    left_in_zones,
    repaired_unavailability,
    zone_states,
)


class Group(NamedTuple):
    """Equal replicas of which some are needed, with what they share."""

    unavailability: float  # of one replica
    replicas: float = 1.0
    needed: float = 1.0
    common_cause: float = 0.0  # share of the failures that strikes all at once
    mtbf: float = 0.0  # of one replica, s; 0 where nobody says
    mttr: float = 0.0
    crews: float = 0.0  # repairs at once; 0 where each replica has its own
    coverage: float = 1.0  # share of the primary's downtime in which another serves
    has_primary: bool = False
    zones: int = 0  # 0 where it lies in none

    def left(self, lost_zones: int) -> float:
        """Replicas that are left when so many of its zones are lost."""
        return left_in_zones(self.replicas, self.zones, lost_zones) if self.zones else self.replicas

    def down(self, left: float, needed: float) -> float:
        """Probability that fewer than needed of those that are left work."""
        if needed > left:
            return 1.0
        alone = self._down_alone(left, needed)
        together = self.common_cause * self.unavailability
        return alone + together - alone * together

    def _down_alone(self, left: float, needed: float) -> float:
        own = (1.0 - self.common_cause) * self.unavailability
        if self.crews and self.crews < left and self.common_cause < 1.0:
            mtbf = self.mtbf / (1.0 - self.common_cause)
            value = repaired_unavailability(
                mtbf=mtbf, mttr=self.mttr, replicas=left, needed=needed, crews=self.crews
            )
        elif self.has_primary and self.coverage < 1.0:
            value = failover_unavailability(
                unavailability=own, replicas=left, needed=needed, coverage=self.coverage
            )
        else:
            value = k_of_n_unavailability(unavailability=own, replicas=left, needed=needed)
        return float(value)

    def over_zones(self, zone_unavailability: float) -> float:
        """Probability that the group is down, over all states of its zones."""
        states = zone_states(self.zones, zone_unavailability)
        return sum(share * self.down(self.left(lost), self.needed) for lost, share in enumerate(states))

    def frequency(self, left: float, needed: float) -> float | None:
        """How often the group stops working [1/s]; None where that is not known."""
        if self.unavailability == 0.0:
            return 0.0
        if not self.mtbf or not self.mttr or self.coverage < 1.0 or needed > left:
            return None
        if self.crews and self.crews < left:
            return self._frequency_with_crews(left, needed)
        together = self.common_cause * self.unavailability
        own = (1.0 - self.common_cause) * self.unavailability
        mtbf = self.mtbf / (1.0 - self.common_cause) if self.common_cause < 1.0 else 0.0
        alone = failure_frequency(unavailability=own, replicas=left, needed=needed, mtbf=mtbf)
        down = k_of_n_unavailability(unavailability=own, replicas=left, needed=needed)
        return float(alone * (1.0 - together) + (1.0 - down) * together / self.mttr)

    def _frequency_with_crews(self, left: float, needed: float) -> float | None:
        """Exactly the needed ones work in the difference of two tails, and each of them may fail."""
        if self.common_cause:
            return None
        tails = (
            repaired_unavailability(mtbf=self.mtbf, mttr=self.mttr, replicas=left, needed=k, crews=self.crews)
            if k <= left
            else 1.0
            for k in (needed + 1, needed)
        )
        just_enough = next(tails) - next(tails)
        return max(0.0, float(just_enough)) * needed / self.mtbf
