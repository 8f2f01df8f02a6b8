"""Random numbers of a design: from nothing to absurd, as text with a unit."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Options = Mapping[str, SearchStrategy[object]]

whole = st.sampled_from(["1", "2", "3", "7", "64", "100k"])
few = st.sampled_from(["1", "2", "3", "12"])
shares = st.sampled_from(["0%", "0.001%", "10%", "50%", "99.9%", "100%", "9 nines"])
times = st.sampled_from(["0s", "1ns", "1us", "5ms", "1s", "3h", "100y"])
delays = st.sampled_from(["2ns", "1us", "5ms", "1s", "3h", "100y"])
sizes = st.sampled_from(["0B", "1B", "4KB", "1GB", "999PB"])
rates = st.sampled_from(["0/s", "1/year", "1/s", "1k/s", "20M/s", "999T/s", "every 3h"])
counts = st.sampled_from(["0", "10%", "1", "2.5", "3", "120", "1M"])
periods = st.sampled_from(["1us", "60s", "1y"])
limits = st.sampled_from(["1/year", "1k/s", "999T/s"])
batches = st.sampled_from(["0.5", "1", "500"])
factors = st.sampled_from(["0", "0.1", "1", "3", "1M"])
attempts = st.sampled_from(["0", "0.3", "1", "2", "7.5", "40"])
yes = st.just("true")


def some(draw: DrawFn, options: Options, chance: int = 3) -> dict[str, object]:
    """A few of the options; each is a strategy by its key."""
    return {key: draw(value) for key, value in options.items() if draw(st.integers(0, chance)) == 0}


@st.composite
def laws(draw: DrawFn) -> object:
    """A service time in each of its forms."""
    return draw(
        st.one_of(
            times,
            st.builds(lambda time: {"fixed": time}, times),
            st.builds(lambda time, scv: {"mean": time, "scv": scv}, times, factors),
            st.sampled_from([{"p50": "1ms", "p99": "1.001ms"}, {"p50": "1us", "p99": "30s"}]),
            st.sampled_from([{"p50": "1ms", "p99": "9ms", "law": law} for law in ("gamma", "weibull")]),
            st.builds(lambda scv: {"mean": "1ms", "scv": scv, "law": "weibull"}, factors),
            st.sampled_from([{"mean": "1s", "p99": "1.5s"}, {"mean": "1ms", "p99": "3ms"}]),
        )
    )
