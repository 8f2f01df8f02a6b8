import numpy as np
import pytest
from scipy import special

from sdplan.distributions.normal import normal_cdf, normal_upper_quantile


def test_the_normal_cdf_agrees_with_scipy_between_and_on_its_nodes():
    z = np.concatenate([np.linspace(-8.9, 8.9, 50_001), np.arange(-2000, 2000) / 256])

    assert np.abs(normal_cdf(z) - special.ndtr(z)).max() < 1e-15


def test_the_normal_cdf_is_flat_far_out():
    assert normal_cdf(np.array([-1e300, -40.0, 40.0, 1e300])) == pytest.approx([0, 0, 1, 1], abs=1e-18)


def test_the_normal_cdf_keeps_the_shape_of_its_argument():
    assert normal_cdf(np.zeros((3, 2))).shape == (3, 2)
    assert float(normal_cdf(np.array(0.0))) == 0.5


@pytest.mark.parametrize("tail", [0.999, 0.5, 0.05, 0.01, 1e-3, 1e-6, 1e-12, 1e-100])
def test_the_upper_quantile_inverts_the_tail(tail):
    assert special.ndtr(-normal_upper_quantile(tail)) == pytest.approx(tail, rel=1e-11)


def test_the_quantile_of_the_textbook():
    assert normal_upper_quantile(0.01) == pytest.approx(2.3263478740408408, rel=1e-14)
