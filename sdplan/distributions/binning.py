"""The laws of a tree in the bins of one grid after another.

Laws of one family are computed in one call, each only as far as it reaches: beyond, its `lev` is its mean.
A mixture is binned part by part, because masses mix as their laws do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from sdplan.distributions.grids import Grid, counting, from_survival
from sdplan.distributions.laws import Law, LevForm
from sdplan.distributions.normal import Array
from sdplan.distributions.queue_laws import Mixture

_BEYOND = 1e-16  # the share of a law that its reach may leave out


class _Family(NamedTuple):
    """Laws of one form: their places, parameters, how far each of them reaches [s], and its mean [s]."""

    form: LevForm
    places: list[int]
    columns: list[Array]
    reaches: Array
    means: list[float]


class Binning:
    """The masses of laws on any grid, each law at the place where it was added."""

    def __init__(self) -> None:
        self.places: dict[Law, int] = {}
        self.mixtures: list[tuple[int, tuple[float, ...], list[int]]] = []
        self.families: list[_Family] | None = None

    def place(self, law: Law) -> int:
        """Where the masses of this law will stand."""
        place = self.places.get(law)
        if place is not None:
            return place
        if type(law) is Mixture:  # not isinstance, which is slow for abstract classes
            parts = [self.place(part) for part in law.laws]
            self.mixtures.append((len(self.places), law.weights, parts))
        self.places[law] = len(self.places)
        return self.places[law]

    def on(self, grid: Grid) -> list[Array]:
        """The masses of each law at 0, h, 2h, ...; what lies beyond the last cell is left out."""
        if self.families is None:
            self.families = list(_families(self.places))
        found: list[Array] = [_NOTHING] * len(self.places)
        for family in self.families:
            for place, row in zip(family.places, from_survival(_survival(family, grid)), strict=True):
                found[place] = row
        for place, weights, parts in self.mixtures:
            found[place] = np.dot(weights, np.stack([found[part] for part in parts]))
        return found


def masses(law: Law, grid: Grid) -> Array:
    """The masses of one law on one grid."""
    binning = Binning()
    place = binning.place(law)
    return binning.on(grid)[place]


_NOTHING: Array = np.zeros(0)


def _families(places: Mapping[Law, int]) -> Iterator[_Family]:
    members: dict[LevForm, list[tuple[Law, tuple[float, ...]]]] = {}
    for law in places:
        if type(law) is not Mixture:
            form, parameters = law.lev_form()
            members.setdefault(form, []).append((law, parameters))
    for form, found in members.items():
        laws = [law for law, _ in found]
        columns = [np.array(column) for column in zip(*(p for _, p in found), strict=True)]
        reaches, means = ([law.reach(_BEYOND) for law in laws], [law.mean for law in laws])
        yield _Family(form, [places[law] for law in laws], columns, np.array(reaches), means)


def _survival(family: _Family, grid: Grid) -> Array:
    """The mean survival of each law over each cell."""
    lengths = np.minimum(family.reaches / grid.step + 2.0, grid.cells).astype(np.intp)
    at = counting(grid.cells + 1)[1:] * grid.step
    each = lengths.tolist()
    columns = [column.repeat(lengths) for column in family.columns]
    values = family.form(np.concatenate([at[:length] for length in each]), *columns)
    lev = np.empty((len(each), grid.cells + 1))
    lev[:, 0] = 0.0
    begin = 0
    for row, length, mean in zip(lev, each, family.means, strict=True):
        row[1 : length + 1] = values[begin : begin + length]
        row[length + 1 :] = mean
        begin += length
    survival: Array = lev[:, 1:] - lev[:, :-1]
    survival /= grid.step
    return survival
