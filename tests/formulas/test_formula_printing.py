"""Equations as people read them."""

import pytest

from sdplan.formulas.availability import k_of_n_unavailability, series_unavailability
from sdplan.formulas.caches import che_characteristic_time, che_hit_ratio
from sdplan.formulas.queueing import erlang_b, erlang_c, response_time_mmc, utilization, wait_mmc
from sdplan.formulas.queueing_general import wait_ggc_allen_cunneen
from sdplan.formulas.queueing_tails import response_time_quantile_mmc
from sdplan.formulas.scaling import usl_throughput
from sdplan.formulas.storage import grown_amount

EQUATIONS = {
    utilization: (r"\rho = \frac{a}{c}", "ρ = a/c"),
    erlang_b: (
        r"B(a, c) = \frac{a^{c}}{c! \sum_{k=0}^{c} \frac{a^{k}}{k!}}",
        "B(a, c) = a^c/(c! Σ[k = 0..c](a^k/k!))",
    ),
    erlang_c: (r"C(a, c) = \frac{c B(a, c)}{a B(a, c) + c - a}", "C(a, c) = c B(a, c)/(a B(a, c) + c - a)"),
    wait_mmc: (r"W_q = \frac{S C(a, c)}{c - a}", "W_q = S C(a, c)/(c - a)"),
    response_time_mmc: ("W = S + W_q", "W = S + W_q"),
    wait_ggc_allen_cunneen: (
        r"W_q^{G/G/c} = \frac{\left(C_a^2 + C_s^2\right) W_q}{2}",
        "W_q^G/G/c = (C_a^2 + C_s^2) W_q/2",
    ),
    response_time_quantile_mmc: ("F(R(q)) = 1 - q", "F(R(q)) = 1 - q"),
    usl_throughput: (r"X(N) = \gamma C(N)", "X(N) = γ C(N)"),
    grown_amount: (r"V_y = V_0 \left(1 + g\right)^{y}", "V_y = V_0 (1 + g)^y"),
    series_unavailability: (
        r"u = 1 - \prod_{i=1}^{n} \left(1 - {u}_{i}\right)",
        "u = 1 - Π[i = 1..n](1 - u_i)",
    ),
    k_of_n_unavailability: (
        r"Q(u, n, k) = \sum_{j=1 + n - k}^{n} u^{j} \left(1 - u\right)^{n - j} {\binom{n}{j}}",
        "Q(u, n, k) = Σ[j = 1 + n - k..n](u^j (1 - u)^(n - j) choose(n, j))",
    ),
    che_characteristic_time: (
        r"\sum_{i=1}^{N} \left(1 - e^{- T p_i}\right) = K",
        "Σ[i = 1..N](1 - exp(-T p_i)) = K",
    ),
    che_hit_ratio: (
        r"h = \sum_{i=1}^{N} \left(1 - e^{- T p_i}\right) p_i",
        "h = Σ[i = 1..N]((1 - exp(-T p_i)) p_i)",
    ),
}


@pytest.mark.parametrize("formula", EQUATIONS, ids=lambda formula: formula.name)
def test_an_equation_reads_as_in_a_textbook(formula):
    assert (formula.latex(), formula.text()) == EQUATIONS[formula]


def test_numbers_stand_in_for_quantities_and_inner_formulas():
    shown = {"erlang_c": "0.4", "service_time": r"2\,\mathrm{ms}", "servers": "3", "offered_load": "2"}

    assert wait_mmc.latex(shown) == r"W_q = \frac{2\,\mathrm{ms} \cdot 0.4}{3 - 2}"


def test_numbers_stand_in_plain_text_as_they_were_given():
    shown = {"erlang_c": "0.4", "service_time": "2 ms", "servers": "3", "offered_load": "2"}

    assert wait_mmc.text(shown) == "W_q = 2 ms * 0.4/(3 - 2)"


def test_what_is_not_shown_keeps_its_symbol():
    assert utilization.text({"servers": "4"}) == "ρ = a/4"
