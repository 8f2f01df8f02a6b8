import math

import numpy as np
import pytest
from scipy import stats

from sdplan.distributions import (
    Deterministic,
    Exponential,
    Gamma,
    Lognormal,
    exponential,
    fixed,
    from_mean_and_scv,
    gamma_from_quantiles,
    lognormal_from_mean_and_p99,
    lognormal_from_quantiles,
    weibull_from_mean_and_scv,
    weibull_from_quantiles,
)


def test_the_median_and_the_p99_come_back():
    law = lognormal_from_quantiles(p50=0.01, p99=0.2)

    assert law.quantile(0.5) == pytest.approx(0.01, rel=1e-12)
    assert law.quantile(0.99) == pytest.approx(0.2, rel=1e-12)


@pytest.mark.parametrize(("mean", "p99"), [(0.01, 0.0101), (0.01, 0.03), (2.0, 20.0), (1.0, 14.9)])
def test_the_mean_and_the_p99_come_back(mean, p99):
    law = lognormal_from_mean_and_p99(mean=mean, p99=p99)

    assert law.mean == pytest.approx(mean, rel=1e-12)
    assert law.quantile(0.99) == pytest.approx(p99, rel=1e-10)


def test_of_two_lognormal_laws_with_this_mean_and_p99_the_narrower_is_taken():
    z = stats.norm.ppf(0.99)
    wide = 2 * z - lognormal_from_mean_and_p99(mean=1.0, p99=4.0).sigma

    assert stats.lognorm(wide, scale=math.exp(-(wide**2) / 2)).ppf(0.99) == pytest.approx(4.0, rel=1e-9)
    assert lognormal_from_mean_and_p99(mean=1.0, p99=4.0).sigma < wide


def test_a_p99_too_far_above_the_mean_is_refused_with_the_limit():
    with pytest.raises(ValueError, match="the most is 15 times"):
        lognormal_from_mean_and_p99(mean=1.0, p99=15.1)


@pytest.mark.parametrize(("p50", "p99"), [(0.2, 0.2), (0.2, 0.1), (0.0, 1.0), (1.0, 0.5), (-1.0, 1.0)])
def test_a_p99_that_is_not_above_the_median_is_refused(p50, p99):
    with pytest.raises(ValueError, match="p50"):
        lognormal_from_quantiles(p50=p50, p99=p99)


@pytest.mark.parametrize(("mean", "p99"), [(0.2, 0.2), (0.2, 0.1), (0.0, 1.0), (math.nan, 1.0)])
def test_a_p99_that_is_not_above_the_mean_is_refused(mean, p99):
    with pytest.raises(ValueError, match="mean"):
        lognormal_from_mean_and_p99(mean=mean, p99=p99)


@pytest.mark.parametrize(
    ("scv", "kind"), [(0.0, Deterministic), (1.0, Exponential), (1e-5, Lognormal), (0.5, Gamma), (9.0, Gamma)]
)
def test_a_mean_and_a_variation_choose_the_law(scv, kind):
    law = from_mean_and_scv(mean=0.02, scv=scv)

    assert type(law) is kind
    assert (law.mean, law.scv) == pytest.approx((0.02, scv), rel=1e-10)


def test_where_the_lognormal_law_stands_in_for_a_gamma_law_they_hardly_differ():
    law = from_mean_and_scv(mean=1.0, scv=0.99999e-4)

    expected = stats.gamma(1e4, scale=1e-4).ppf(0.999)

    assert law.quantile(0.999) == pytest.approx(expected, rel=2e-4)


@pytest.mark.parametrize("scv", [-0.1, math.nan, math.inf])
def test_a_variation_that_is_none_is_refused(scv):
    with pytest.raises(ValueError, match="squared coefficient of variation is 0 or more"):
        from_mean_and_scv(mean=1.0, scv=scv)


def test_a_service_time_of_zero_is_no_delay():
    assert exponential(0.0) == Deterministic(0.0) == fixed(0.0) == from_mean_and_scv(mean=0.0, scv=3.0)


@pytest.mark.parametrize("make", [exponential, fixed])
def test_a_negative_service_time_is_refused(make):
    with pytest.raises(ValueError, match="duration of 0 s or more, not -1 s"):
        make(-1.0)


def test_an_exponential_service_has_its_mean():
    assert float(exponential(0.25).sf(np.array(0.25))) == pytest.approx(math.exp(-1))


@pytest.mark.parametrize("ratio", [1.03, 2.0, 20.0, 1e4])
def test_a_weibull_law_meets_its_median_and_its_p99(ratio):
    law = weibull_from_quantiles(p50=0.01, p99=0.01 * ratio)

    assert (law.quantile(0.5), law.quantile(0.99)) == pytest.approx((0.01, 0.01 * ratio), rel=1e-10)


@pytest.mark.parametrize("ratio", [1.001, 1.03, 2.0, 20.0, 1e4])
def test_a_gamma_law_meets_its_median_and_its_p99(ratio):
    law = gamma_from_quantiles(p50=0.01, p99=0.01 * ratio)

    assert (law.quantile(0.5), law.quantile(0.99)) == pytest.approx((0.01, 0.01 * ratio), rel=1e-8)


def test_the_same_median_and_p99_leave_the_p999_open():
    laws = (lognormal_from_quantiles, weibull_from_quantiles, gamma_from_quantiles)

    read = [law(p50=10.0, p99=200.0).quantile(0.999) for law in laws]

    assert read == pytest.approx([535, 380, 335], abs=0.6)


@pytest.mark.parametrize("scv", [1e-4, 0.3, 1.0, 7.0, 1e4])
def test_a_weibull_law_meets_its_mean_and_its_variation(scv):
    law = weibull_from_mean_and_scv(mean=0.02, scv=scv)

    assert (law.mean, law.scv) == pytest.approx((0.02, scv), rel=1e-9)


@pytest.mark.parametrize("made", [weibull_from_quantiles, gamma_from_quantiles])
@pytest.mark.parametrize(("p50", "p99"), [(0.0, 1.0), (2.0, 1.0), (1.0, 1.0), (math.nan, 1.0), (1.0, 1e300)])
def test_quantiles_that_no_law_has_are_refused(made, p50, p99):
    with pytest.raises(ValueError, match=r"law|p50|service time"):
        made(p50=p50, p99=p99)


@pytest.mark.parametrize("scv", [-1.0, math.inf, 1e200])
def test_a_variation_that_no_weibull_law_has_is_refused(scv):
    with pytest.raises(ValueError, match="coefficient of variation"):
        weibull_from_mean_and_scv(mean=1.0, scv=scv)
