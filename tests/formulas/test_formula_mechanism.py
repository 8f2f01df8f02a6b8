"""How a formula behaves, whatever it computes."""

import math
import subprocess
import sys
import timeit

import numpy as np
import pytest
import sympy as sp

from sdplan.formulas import Formula, families, formula, registry
from sdplan.formulas._symbolic import unfold
from sdplan.formulas.availability import series_unavailability
from sdplan.formulas.queueing import erlang_b, erlang_c, offered_load, utilization, wait_mmc


def test_plain_numbers_give_a_plain_float():
    assert type(wait_mmc(arrival_rate=6.4, service_time=1.0, servers=8)) is float


def test_numpy_scalars_give_a_plain_float_too():
    value = wait_mmc(arrival_rate=np.float64(6.4), service_time=1.0, servers=np.int64(8))

    assert type(value) is float
    assert value == wait_mmc(arrival_rate=6.4, service_time=1.0, servers=8)


def test_arrays_broadcast():
    rates, servers = np.array([[1.0], [2.0], [7.0]]), np.array([4, 8])
    waits = wait_mmc(arrival_rate=rates, service_time=1.0, servers=servers)

    assert waits.shape == (3, 2)
    assert waits[2].tolist() == [math.inf, wait_mmc(arrival_rate=7.0, service_time=1.0, servers=8)]


def test_an_empty_array_gives_an_empty_array():
    assert wait_mmc(arrival_rate=np.array([]), service_time=1.0, servers=2).shape == (0,)


def test_parts_may_be_arrays():
    sweep = series_unavailability(unavailabilities=[np.array([0.1, 0.2]), 0.5])

    assert sweep == pytest.approx([0.55, 0.6])


def test_a_symbol_gives_the_folded_formula():
    a, c = sp.symbols("a c")

    assert erlang_c(offered_load=a, servers=c) == sp.Function("erlang_c")(a, c)


def test_a_folded_formula_unfolds_one_level_at_a_time():
    rate, time, servers = sp.symbols("rate time servers")
    once = unfold(wait_mmc(arrival_rate=rate, service_time=time, servers=servers))
    load = offered_load(arrival_rate=rate, service_time=time)

    assert once == erlang_c(offered_load=load, servers=servers) * time / (servers - load)
    assert unfold(once).has(sp.Function("erlang_b"))


def test_a_folded_formula_can_be_differentiated_and_evaluated_after_unfolding():
    rate = sp.Symbol("rate", positive=True)
    load = unfold(utilization(arrival_rate=rate, service_time=sp.Rational(1, 10), servers=4))

    assert sp.diff(unfold(load), rate) == sp.Rational(1, 40)


def test_a_wrong_or_missing_name_is_an_error():
    with pytest.raises(TypeError):
        wait_mmc(arrival_rate=1.0, service_time=1.0)
    with pytest.raises(TypeError):
        wait_mmc(arrival_rate=1.0, service_time=1.0, replicas=2)


def test_a_parameter_without_a_glossary_row_is_refused():
    def body(*, flux_capacity: float) -> float:
        """Flux."""
        return flux_capacity

    with pytest.raises(TypeError, match="flux_capacity"):
        formula("f", source="nowhere")(body)


def test_an_indeterminate_form_gives_the_limit():
    assert offered_load(arrival_rate=0.0, service_time=math.inf) == math.inf


def test_the_registry_finds_each_formula_under_its_own_name_and_family():
    found = registry()

    assert found["erlang_b"] is erlang_b
    assert all(isinstance(each, Formula) and each.name == name for name, each in found.items())
    assert sum(len(family) for family in families().values()) == len(found)
    assert wait_mmc in families()["queueing"]
    assert "glossary" not in families()


def test_the_title_and_the_unit_come_from_the_docstring():
    assert (wait_mmc.title, wait_mmc.unit) == ("Mean wait in the queue, M/M/c", "s")
    assert wait_mmc.parameters == ("arrival_rate", "service_time", "servers")


def test_numbers_need_neither_numpy_nor_sympy():
    program = (
        "import sys; from sdplan.formulas.queueing import wait_mmc; "
        "wait_mmc(arrival_rate=7.0, service_time=1.0, servers=8); "
        "sys.exit(any(name in sys.modules for name in ('numpy', 'sympy', 'scipy')))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_formula_costs_little_more_than_its_body():
    arguments = {"arrival_rate": 2.0, "service_time": 0.1}
    whole = min(timeit.repeat(lambda: offered_load(**arguments), number=2000, repeat=20))
    body = min(timeit.repeat(lambda: offered_load.body(**arguments), number=2000, repeat=20))

    assert (whole - body) / 2000 < 2e-6
