"""Each law of delay against scipy.stats, quadrature, and its own definition."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats

from sdplan.distributions import (
    Deterministic,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Mixture,
    Shifted,
    Sojourn,
    Uniform,
    Wait,
    Weibull,
)

LAWS: dict[str, Law] = {
    "deterministic": Deterministic(0.02),
    "exponential": Exponential(0.3),
    "lognormal": Lognormal(math.log(0.01), 1.1),
    "narrow lognormal": Lognormal(math.log(5.0), 0.01),
    "gamma below one": Gamma(0.004, 0.2),
    "gamma above one": Gamma(2.0, 6.0),
    "erlang": Gamma(3.0, 1 / 3),
    "wait": Wait(0.4, 12.0),
    "sojourn": Sojourn(1.0, 0.7, 0.4),
    "sojourn at the textbook's singularity": Sojourn(1.0, 0.6353160175364294, 1.0),
    "mixture": Mixture((Exponential(0.1), Lognormal(1.0, 0.5)), (0.9, 0.1)),
    "shifted": Shifted(Exponential(0.5), 0.25),
    "weibull with a heavy tail": Weibull(0.02, 0.45),
    "weibull with a light tail": Weibull(3.0, 4.0),
    "uniform": Uniform(0.1, 0.4),
}
SCIPY = {
    "exponential": stats.expon(scale=0.3),
    "lognormal": stats.lognorm(1.1, scale=0.01),
    "narrow lognormal": stats.lognorm(0.01, scale=5.0),
    "gamma below one": stats.gamma(5.0, scale=0.004 / 5.0),
    "gamma above one": stats.gamma(1 / 6, scale=12.0),
    "erlang": stats.erlang(3, scale=1.0),
    "shifted": stats.expon(loc=0.25, scale=0.5),
    "weibull with a heavy tail": stats.weibull_min(0.45, scale=0.02),
    "weibull with a light tail": stats.weibull_min(4.0, scale=3.0),
    "uniform": stats.uniform(0.1, 0.3),
}
LEVELS = (0.01, 0.5, 0.95, 0.99, 0.999, 0.999999)


@pytest.mark.parametrize("name", SCIPY)
def test_a_law_agrees_with_scipy(name):
    law, oracle = LAWS[name], SCIPY[name]
    x = oracle.ppf(np.linspace(0.001, 0.9999, 200))

    assert law.mean == pytest.approx(oracle.mean(), rel=1e-12)
    assert law.scv == pytest.approx(oracle.var() / oracle.mean() ** 2, rel=1e-10)
    assert law.sf(x) == pytest.approx(oracle.sf(x), abs=2e-14)
    assert law.cdf(x) == pytest.approx(oracle.cdf(x), abs=2e-14)
    assert [law.quantile(p) for p in LEVELS] == pytest.approx(oracle.ppf(LEVELS), rel=1e-8)


@pytest.mark.parametrize("name", LAWS)
def test_the_limited_expected_value_is_the_integral_of_the_survival(name):
    law = LAWS[name]
    ends = np.array([0.1, 0.6, 1.0, 1.7, 6.0]) * law.mean

    expected = [_integral(law, 0.0, end) for end in ends]

    assert law.lev(ends) == pytest.approx(expected, rel=1e-8)


def _integral(law: Law, low: float, high: float) -> float:
    jumps = [jump for jump in (0.02, 0.25, low + 1e-4 * high) if low < jump < high]
    return _quadrature(lambda x: float(law.sf(np.array(x))), low, high, points=jumps or None)


def _quadrature(function, low: float, high: float, points: list[float] | None = None) -> float:
    value, _ = integrate.quad(function, low, high, points=points, limit=400)
    return value


@pytest.mark.parametrize("name", LAWS)
def test_the_limited_expected_value_tends_to_the_mean(name):
    law = LAWS[name]

    assert float(law.lev(np.array(1e6 * law.mean))) == pytest.approx(law.mean, rel=1e-12)


@pytest.mark.parametrize("name", [name for name in LAWS if name != "deterministic"])
def test_the_variation_is_the_second_moment_of_the_survival(name):
    law = LAWS[name]
    ends = (0.0, law.mean, 20 * law.mean, max(law.tail_quantile(1e-13), 21 * law.mean))

    second = sum(
        _quadrature(lambda x: 2 * x * float(law.sf(np.array(x))), low, high) for low, high in pairwise(ends)
    )

    assert law.scv == pytest.approx(second / law.mean**2 - 1, rel=1e-6)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", [n for n in LAWS if n not in ("deterministic", "wait")])
def test_the_cdf_at_a_quantile_is_the_level(name, level):
    law = LAWS[name]

    assert float(law.cdf(np.array(law.quantile(level)))) == pytest.approx(level, abs=1e-12)


@pytest.mark.parametrize("tail", [0.3, 1e-3, 1e-6])
@pytest.mark.parametrize("name", LAWS)
def test_no_more_than_the_tail_lies_beyond_the_reach(name, tail):
    law = LAWS[name]

    assert law.reach(tail) >= law.tail_quantile(tail) * (1 - 1e-12)


def test_a_wait_that_most_are_spared_has_a_median_of_zero():
    wait = Wait(0.4, 12.0)

    assert wait.quantile(0.5) == 0.0
    assert wait.quantile(0.9) == pytest.approx(math.log(4.0) / 12.0)


def test_a_deterministic_law_jumps_at_its_value():
    law = Deterministic(0.02)

    assert law.cdf(np.array([0.0, 0.0199, 0.02, 1.0])).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert (law.quantile(0.001), law.quantile(0.999), law.scv) == (0.02, 0.02, 0.0)


def test_a_sojourn_of_a_busy_station_does_not_overflow():
    law = Sojourn(1e-3, 0.999, 1e-4)
    x = np.array([0.0, 1.0, 1e3, 1e5, 1e7])

    expected = 0.999 * np.exp(-1e-4 * x)

    assert law.sf(x)[1:] == pytest.approx(expected[1:], rel=1e-6, abs=1e-300)


def test_a_sojourn_is_the_convolution_of_its_wait_and_its_service():
    service, waiting, rate = 0.8, 0.45, 0.9
    x = 2.1

    def longer(served: float) -> float:
        return math.exp(-served / service) / service * waiting * math.exp(-rate * (x - served))

    convolved = _quadrature(longer, 0, x)

    assert float(Sojourn(service, waiting, rate).sf(np.array(x))) == pytest.approx(
        math.exp(-x / service) + convolved, rel=1e-12
    )


def test_equal_parameters_of_different_laws_are_different_keys():
    laws = [Exponential(1.0), Deterministic(1.0), Gamma(1.0, 2.0), Wait(1.0, 2.0), Lognormal(1.0, 2.0)]

    assert len({law.key for law in laws}) == len(set(laws)) == 5
    assert Exponential(1.0).key == Exponential(1.0).key


def test_a_law_with_a_number_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="The mean of a law of delay is a finite number, not inf"):
        Exponential(math.inf)


@pytest.mark.parametrize("weights", [(0.5, 0.4), (1.0,), (1.5, -0.5)])
def test_weights_of_a_mixture_that_are_no_probabilities_are_refused(weights):
    with pytest.raises(ValueError, match="mixture"):
        Mixture((Exponential(1.0), Exponential(2.0)), weights)
