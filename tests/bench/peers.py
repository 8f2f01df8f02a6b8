"""What others take for the same work, in rounds that they take turns in."""

from __future__ import annotations

import statistics

from tests.bench import networks, simulating

ROUNDS = 5
CUSTOMERS = {"ours": 1_000_000, "SimPy": 60_000, "Ciw": 30_000}  # compared as rates
MOST_SHARE_OF_LINE, TIMES_SIMPY, TIMES_CIW = 0.1, 10, 30


def network() -> str:
    """A hundred stations: our formula beside LINE's exact mean value analysis."""
    pairs = [(networks.ours(), networks.line()) for _ in range(ROUNDS + 1)][1:]
    own, other = (statistics.median(pair[which].seconds for pair in pairs) for which in (0, 1))
    apart = max(abs(a / b - 1.0) for a, b in zip(pairs[0][0].lengths, pairs[0][1].lengths, strict=True))
    rows = [
        f"| open network of {networks.STATIONS} M/M/{networks.SERVERS} stations | time | ratio |",
        "|---|---:|---:|",
        f"| sdplan | {1e3 * own:.3g} ms | {other / own:.0f} times faster, at least {1 / MOST_SHARE_OF_LINE:.0f} |",
        f"| LINE | {1e3 * other:.3g} ms | |",
    ]
    return "\n".join(rows) + f"\n\nThe mean numbers at the stations differ by {apart:.0e} at most.\n"


def simulation() -> str:
    """An M/M/8 queue at 80 %, as customers a second."""
    runs = {"ours": simulating.ours, "SimPy": simulating.simpy, "Ciw": simulating.ciw}
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            rates[name].append(run(CUSTOMERS[name]))
    median = {name: statistics.median(each) for name, each in rates.items()}
    own = median["ours"]
    rows = [
        "| simulation of M/M/8 at 80 % | customers | customers a second | ratio |",
        "|---|---:|---:|---:|",
        f"| sdplan | {CUSTOMERS['ours']:,} | {own:,.0f} | |",
        f"| SimPy | {CUSTOMERS['SimPy']:,} | {median['SimPy']:,.0f} "
        f"| {own / median['SimPy']:.0f} times faster, at least {TIMES_SIMPY} |",
        f"| Ciw | {CUSTOMERS['Ciw']:,} | {median['Ciw']:,.0f} "
        f"| {own / median['Ciw']:.0f} times faster, at least {TIMES_CIW} |",
    ]
    return "\n".join(rows) + "\n"
