"""Storage: items, bytes, copies, growth and what the device sees."""

from __future__ import annotations

from sdplan.formulas import xp
from sdplan.formulas._formula import formula

_DEFINITION = "definition"


@formula("N", source="Little 1961, A Proof for the Queuing Formula: L = λW, Operations Research 9(3)")
def items_kept(*, arrival_rate: float, retention: float) -> float:
    """Items kept when they come at this rate and each is kept for this time.

    Exact once the store has run for as long as it keeps an item; before that it is a bound from above.
    """
    return arrival_rate * retention


@formula("V", source=_DEFINITION)
def stored_bytes(*, items: float, item_size: float) -> float:
    """Bytes of all items, before copies and overhead [B]."""
    return items * item_size


@formula("V_r", source=_DEFINITION)
def replicated_bytes(*, logical_bytes: float, replication_factor: float) -> float:
    """Bytes of all full copies [B]."""
    return logical_bytes * replication_factor


@formula(
    "V_e",
    source="Reed and Solomon 1960, Polynomial Codes over Certain Finite Fields; k data and m parity chunks",
    outside="A code needs a data chunk.",
    domain=lambda logical_bytes, data_chunks, parity_chunks: data_chunks > 0,
)
def erasure_coded_bytes(*, logical_bytes: float, data_chunks: float, parity_chunks: float) -> float:
    """Bytes under an erasure code of data and parity chunks [B]."""
    return logical_bytes * (data_chunks + parity_chunks) / data_chunks


@formula("V_y", source="compound growth")
def grown_amount(*, initial_amount: float, growth: float, periods: float) -> float:
    """Amount after so many periods of compound growth, in the unit of the amount."""
    return initial_amount * xp.power(1 + growth, periods)


@formula(
    "V_c",
    source="definition of headroom: a share of the capacity, not of the load",
    outside="With no share left for the load no capacity is enough.",
    domain=lambda amount, headroom: headroom < 1,
)
def capacity_with_headroom(*, amount: float, headroom: float) -> float:
    """Capacity that holds the amount and leaves the headroom free, in the unit of the amount."""
    return amount / (1 - headroom)


@formula(
    "V_s",
    source="definition of an even split",
    label="bound",
    validity="A lower bound for the fullest shard: an uneven hash adds to it.",
    outside="No shard holds nothing.",
    domain=lambda amount, shards: shards > 0,
)
def amount_per_shard(*, amount: float, shards: float) -> float:
    """What one of several equal shards holds or passes, in the unit of the amount."""
    return amount / shards


@formula(
    "x_w", source="O'Neil, Cheng, Gawlick and O'Neil 1996, The Log-Structured Merge-Tree, Acta Informatica 33"
)
def device_write_bandwidth(*, ingest: float, write_amplification: float) -> float:
    """Bytes per second that the device must write for what the application writes [B/s]."""
    return ingest * write_amplification
