"""The way to a callee: round trips within a zone, to another zone or region, and to connect; cold starts.

A call goes to the callee's zones alike often, so that all but one of them are another zone.  A new
connection takes some round trips before the request is sent: TCP one, TLS 1.3 one more, TLS 1.2 two more
(RFC 9293, RFC 8446, RFC 5246); QUIC takes one in all (RFC 9000).
"""

from __future__ import annotations

from sdplan.distributions.laws import Deterministic, Law
from sdplan.distributions.queue_laws import Mixture
from sdplan.findings import Path
from sdplan.solve.ledger import Ledger
from sdplan.solve.tree import Call


def way(call: Call, ledger: Ledger) -> Law:
    """The time of the round trips that a call takes [s]."""
    options = ways(call, ledger)
    if len(options) == 1:
        return Deterministic(options[0][1])
    return Mixture(tuple(Deterministic(time) for _, time in options), tuple(share for share, _ in options))


def ways(call: Call, ledger: Ledger) -> list[tuple[float, float]]:
    """The times that the way may take [s], each with its share of the calls."""
    path: Path = ("components", call.place[0])
    near = ledger.value((*path, "rtt")) + call.distance
    across = ledger.value(("zones", "rtt"))
    zones = ledger.value((*path, "zones"), 1.0)
    trips = [(1.0, near)]
    if call.has_caller and across > 0.0 and zones > 1.0 and call.distance == 0.0:
        trips = [(1.0 / zones, near), (1.0 - 1.0 / zones, near + across)]
    handshakes = ledger.value((*path, "handshakes"))
    new = 1.0 - ledger.value((*path, "reuse"))
    if handshakes > 0.0 and new > 0.0:
        connected = [(share * (1.0 - new), trip) for share, trip in trips if new < 1.0]
        trips = connected + [(share * new, trip * (1.0 + handshakes)) for share, trip in trips]
    return _started(path, trips, ledger)


def _started(path: Path, trips: list[tuple[float, float]], ledger: Ledger) -> list[tuple[float, float]]:
    """A function that finds no instance running is started first."""
    cold, start = ledger.value((*path, "cold_share")), ledger.value((*path, "cold_start"))
    if cold <= 0.0 or start <= 0.0:
        return trips
    warm = [(share * (1.0 - cold), trip) for share, trip in trips if cold < 1.0]
    return warm + [(share * cold, trip + start) for share, trip in trips]


def distance(near: str, far: str, ledger: Ledger) -> float:
    """The round trip from one region to another [s], stated in either direction; none within one."""
    if near == far or not near or not far:
        return 0.0
    there, back = ("regions", near, "rtt", far), ("regions", far, "rtt", near)
    return ledger.value(there, ledger.value(back))


def longest_way(call: Call, ledger: Ledger) -> float:
    """The longest time that the way may take [s]."""
    return max(time for _, time in ways(call, ledger))
