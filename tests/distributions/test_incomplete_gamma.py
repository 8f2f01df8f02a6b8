import numpy as np
import pytest
from mpmath import gammainc
from scipy import special

from sdplan.distributions.incomplete_gamma import gamma_shares


@pytest.mark.parametrize("shape", [0.005, 0.1, 1.0, 2.0, 9.9, 10.1, 19.9, 33.0, 1e3, 1e4, 1e6])
def test_both_shares_agree_with_scipy(shape):
    x = np.concatenate([[0.0], np.geomspace(1e-6, 30.0, 1000) * max(shape, 1.0)])

    above, next_below = gamma_shares(np.array(shape), x)

    assert np.abs(above - special.gammaincc(shape, x)).max() < 1e-14
    assert np.abs(next_below - special.gammainc(shape + 1, x)).max() < 1e-14


@pytest.mark.parametrize(("shape", "x"), [(0.5, 25.0), (3.0, 60.0), (20.0, 120.0), (400.0, 900.0)])
def test_the_far_tail_keeps_its_relative_precision(shape, x):
    exact = float(gammainc(shape, x, regularized=True))

    assert float(gamma_shares(np.array(shape), np.array(x))[0]) == pytest.approx(exact, rel=1e-11)


@pytest.mark.parametrize(("shape", "x"), [(0.5, 1e-9), (4.0, 1e-6), (30.0, 2.0), (1000.0, 600.0)])
def test_the_small_share_below_keeps_its_relative_precision(shape, x):
    exact = float(gammainc(shape + 1, 0, x, regularized=True))

    assert float(gamma_shares(np.array(shape), np.array(x))[1]) == pytest.approx(exact, rel=1e-11)


def test_shapes_and_arguments_broadcast():
    shapes, x = np.array([[0.5], [2.0], [50.0]]), np.linspace(0.0, 80.0, 7)

    expected = special.gammaincc(shapes, x)

    assert gamma_shares(shapes, x)[0] == pytest.approx(expected, abs=1e-14)
