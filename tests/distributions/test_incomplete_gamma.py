import numpy as np
import pytest
from mpmath import gammainc
from scipy import special

from sdplan.distributions.incomplete_gamma import gamma_factor, upper_gamma


@pytest.mark.parametrize("shape", [0.005, 0.1, 1.0, 2.0, 9.9, 10.1, 19.9, 33.0, 1e3, 1e4, 1e6])
def test_the_upper_incomplete_gamma_function_agrees_with_scipy(shape):
    x = np.concatenate([[0.0], np.geomspace(1e-6, 30.0, 1000) * max(shape, 1.0)])

    assert np.abs(upper_gamma(np.array(shape), x) - special.gammaincc(shape, x)).max() < 1e-14


@pytest.mark.parametrize(("shape", "x"), [(0.5, 25.0), (3.0, 60.0), (20.0, 120.0), (400.0, 900.0)])
def test_the_far_tail_keeps_its_relative_precision(shape, x):
    exact = float(gammainc(shape, x, regularized=True))

    assert float(upper_gamma(np.array(shape), np.array(x))) == pytest.approx(exact, rel=1e-11)


def test_shapes_and_arguments_broadcast():
    shapes, x = np.array([[0.5], [2.0], [50.0]]), np.linspace(0.0, 80.0, 7)

    expected = special.gammaincc(shapes, x)

    assert upper_gamma(shapes, x) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("shape", [0.2, 3.0, 25.0, 1e5])
def test_the_factor_is_what_a_shape_one_higher_takes_away(shape):
    x = shape * np.array([0.3, 0.9, 1.0, 1.2, 3.0])

    expected = special.gammainc(shape, x) - special.gammainc(shape + 1, x)

    assert gamma_factor(np.array(shape), x) == pytest.approx(expected, abs=1e-13)
