import numpy as np
import pytest
from scipy import stats

from sdplan.distributions import Exponential, Gamma, Lognormal, Mixture, Sojourn
from sdplan.distributions.binning import Binning, masses
from sdplan.distributions.grids import (
    Grid,
    GridError,
    convolved,
    from_survival,
    quantiles,
    share_below,
    shifted,
)

LAWS = (Exponential(1.0), Exponential(0.01), Lognormal(0.0, 0.5), Lognormal(-3.0, 1.0), Gamma(2.0, 0.3))


@pytest.mark.parametrize("step", [1.0, 0.1, 0.004])
def test_the_bins_keep_mass_and_mean_however_wide_they_are(step):
    grid = Grid(step, int(40 / step))

    for law in LAWS:
        binned = masses(law, grid)
        assert binned.min() > -1e-12
        assert binned.sum() == pytest.approx(1.0, abs=1e-9)
        assert step * (binned * np.arange(grid.cells)).sum() == pytest.approx(law.mean, rel=1e-7)


def test_laws_of_one_family_in_one_call_are_the_same_as_one_by_one():
    grid = Grid(0.05, 64)
    laws = (*LAWS, Sojourn(1.0, 0.5, 0.3), Mixture((LAWS[0], LAWS[2]), (0.5, 0.5)))

    binning = Binning()
    places = [binning.place(law) for law in laws]
    together = binning.on(grid)

    for law, place in zip(laws, places, strict=True):
        assert together[place].tolist() == masses(law, grid).tolist()


def test_nothing_below_the_end_of_a_grid_depends_on_what_lies_beyond():
    law = Exponential(1.0)
    short, long = Grid(0.01, 100), Grid(0.01, 2000)

    both = [convolved(np.stack([masses(law, grid)] * 3))[:100] for grid in (short, long)]

    assert both[0] == pytest.approx(both[1], abs=1e-9)


def test_a_convolution_is_the_sum_of_all_products():
    rows = np.random.default_rng(7).random((3, 50))
    rows /= rows.sum(axis=1, keepdims=True)

    expected = np.convolve(np.convolve(rows[0], rows[1]), rows[2])[:50]

    assert convolved(rows) == pytest.approx(expected, abs=1e-9)


def test_three_exponentials_make_an_erlang_law():
    grid = Grid(0.01, 2000)
    law = Exponential(1.0)
    total = convolved(np.stack([masses(law, grid)] * 3))

    read = quantiles(total, grid, (0.5, 0.95, 0.99, 0.999), 1.0)

    assert read == pytest.approx(stats.erlang(3).ppf((0.5, 0.95, 0.99, 0.999)), rel=1e-5)


def test_a_survival_that_rises_is_refused():
    with pytest.raises(GridError, match=r"loses 1.0e-02 of its mass"):
        from_survival(np.array([0.5, 0.3, 0.31, 0.1]))


def test_masses_that_are_shifted_by_half_a_cell_are_shared():
    assert shifted(np.array([1.0, 0.5, 0.0, 0.0]), 1.5).tolist() == [0.0, 0.5, 0.75, 0.25]
    assert shifted(np.array([1.0, 0.5]), 2.0).tolist() == [0.0, 0.0]
    assert shifted(np.array([1.0, 0.5]), 1.25).tolist() == [0.0, 0.75]


def test_a_percentile_that_the_grid_does_not_hold_is_its_end():
    grid = Grid(0.5, 4)

    assert quantiles(np.full(4, 0.2), grid, (0.9,), 1.0) == [2.0]


def test_the_share_below_a_percentile_is_its_level():
    grid = Grid(0.002, 4000)
    law = Exponential(1.0)
    binned = masses(law, grid)

    assert share_below(binned, grid, 2.0) == pytest.approx(1 - np.exp(-2.0), abs=1e-6)
