"""Bandwidth: bytes and bits per second, links and transfer times."""

from __future__ import annotations

from sdplan.formulas._formula import formula

_DEFINITION = "definition"


@formula("v", source=_DEFINITION)
def message_bandwidth(*, arrival_rate: float, message_size: float) -> float:
    """Bytes per second of messages of this size at this rate [B/s].

    Headers and retransmissions come on top.
    """
    return arrival_rate * message_size


@formula("v_b", source="a byte has eight bits (IEC 80000-13)")
def bits_per_second(*, bandwidth: float) -> float:
    """Bandwidth in bits per second, as network links are sold [1/s]."""
    return 8 * bandwidth


@formula(
    r"\rho",
    source="Denning and Buzen 1978, The Operational Analysis of Queueing Network Models: utilization law",
    outside="A link without capacity is overloaded.",
    domain=lambda bandwidth, link_capacity: link_capacity > 0,
)
def link_utilization(*, bandwidth: float, link_capacity: float) -> float:
    """Share of a link's capacity that the traffic takes."""
    return bandwidth / link_capacity


@formula(
    "t",
    source=_DEFINITION,
    label="bound",
    validity="A lower bound: slow start, round trips and other traffic on the link add to it.",
    outside="A link without capacity never finishes.",
    domain=lambda message_size, link_capacity: link_capacity > 0,
)
def transfer_time(*, message_size: float, link_capacity: float) -> float:
    """Time to put a message on a link [s]."""
    return message_size / link_capacity


@formula("V_f", source="Stevens 1994, TCP/IP Illustrated, Volume 1, ch. 20")
def bandwidth_delay_product(*, link_capacity: float, round_trip_time: float) -> float:
    """Bytes in flight that keep a link full [B]."""
    return link_capacity * round_trip_time


@formula(
    "t_c",
    source="RFC 8446 (TLS 1.3) and RFC 9000 (QUIC)",
    validity="TCP with TLS 1.2 takes three round trips, with TLS 1.3 two, QUIC one.",
)
def handshake_time(*, round_trips: float, round_trip_time: float) -> float:
    """Time until the first request can leave on a new connection [s]."""
    return round_trips * round_trip_time
