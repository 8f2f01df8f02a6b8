"""What must hold for each formula that is ever added: three readings, one value; and no nan, ever."""

import functools
import itertools
import math
import random

import mpmath
import numpy as np
import pytest
import sympy as sp
from latex2mathml.converter import convert
from sympy.core.function import AppliedUndef

from sdplan.formulas import GLOSSARY, Formula, registry
from sdplan.formulas._symbolic import unfold

FORMULAS = registry()
DRAWS = 40
PARTS = 3
# a definition that is a long sum is evaluated term by term in 30 digits
SMALL = {
    "distinct_items": (20, 250),
    "cache_items": (2, 100),
    "tier_items": (10, 200),
    "idle_time": (100, 600),
    "virtual_nodes": (1, 30),
    "items_per_shard": (1, 30),
}

each_formula = pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS.keys())


def drawn(name: str, source: random.Random) -> float:
    quantity = GLOSSARY[name]
    low, high = SMALL.get(name, quantity.typical)
    spread = low > 0 and high / low > 20
    value = low * (high / low) ** source.random() if spread else source.uniform(low, high)
    return round(value) if quantity.integer else value


def draw(name: str, source: random.Random) -> float | tuple[float, ...]:
    if GLOSSARY[name].many:
        return tuple(drawn(name, source) for _ in range(PARTS))
    return drawn(name, source)


def points(formula: Formula) -> list[dict]:
    source = random.Random(formula.name)
    return [{name: draw(name, source) for name in formula.parameters} for _ in range(DRAWS)]


def holds(formula: Formula, point: dict) -> bool:
    return formula.domain is None or bool(formula.domain(**point))


def columns(formula: Formula, rows: list[dict]) -> dict:
    found = {}
    for name in formula.parameters:
        values = np.array([row[name] for row in rows], dtype=float)
        found[name] = tuple(values.T) if GLOSSARY[name].many else values
    return found


def symbols(formula: Formula) -> dict:
    found = {}
    for name in formula.parameters:
        positive = sp.Symbol(name, positive=True, integer=GLOSSARY[name].integer or None)
        many = sp.Tuple(*(sp.Symbol(f"{name}_{k}", positive=True) for k in range(PARTS)))
        found[name] = many if GLOSSARY[name].many else positive
    return found


@functools.cache
def zipf_total(items: int, exponent):
    return mpmath.fsum(mpmath.mpf(rank) ** -exponent for rank in range(1, items + 1))


def supplied(formula: Formula):
    """What stands in for a folded call: the number itself, and the Zipf share in full precision."""
    if formula.name == "zipf_share":
        return lambda rank, items, exponent: mpmath.mpf(rank) ** -exponent / zipf_total(items, exponent)
    return lambda *values: formula(**dict(zip(formula.parameters, map(plain, values), strict=True)))


def plain(value):
    return [float(part) for part in value] if isinstance(value, (tuple, list)) else float(value)


def definition(formula: Formula):
    """The definition, unfolded as far as it goes; for an equation, its relative residual."""
    names = symbols(formula)
    expression = (formula.define or formula.body)(**names)
    if isinstance(expression, sp.Eq):
        expression = (expression.lhs - expression.rhs) / expression.rhs
    while True:
        further = unfold(expression)
        shares = {call for call in expression.atoms(AppliedUndef) if call.func.__name__ == "zipf_share"}
        if shares or further == expression:
            return expression
        expression = further


def evaluator(formula: Formula):
    """The definition as a function in 30 digits, and whether it is an equation's residual."""
    expression = definition(formula).xreplace({sp.oo: sp.Integer(150)})  # beyond it nothing is left to add
    known = {
        call.func.__name__: supplied(FORMULAS[call.func.__name__]) for call in expression.atoms(AppliedUndef)
    }
    result = sp.Symbol(formula.name, positive=True)
    arguments = [
        tuple(value) if isinstance(value, sp.Tuple) else value for value in symbols(formula).values()
    ]
    known["quad"] = lambda f, ends: mpmath.quad(f, [ends[0], 5, 10, 20, 40, 80, ends[1]])
    known["floor"] = lambda value: int(mpmath.floor(value))  # a sum may run up to it
    compute = sp.lambdify([*arguments, result], expression, modules=[known, "mpmath"])
    return compute, result in expression.free_symbols


def exact(value):
    if isinstance(value, tuple):
        return [mpmath.mpf(part) for part in value]
    return value if isinstance(value, int) else mpmath.mpf(value)


@each_formula
def test_a_number_an_array_and_a_symbol_give_the_same_value(formula):
    rows = points(formula)
    sweep = formula(**columns(formula, rows))
    compute, is_equation = evaluator(formula)
    inside = [row for row in rows if holds(formula, row)]
    assert len(inside) >= 5

    for row, from_array in zip(rows, sweep, strict=True):
        value = formula(**row)
        assert from_array == pytest.approx(value, rel=1e-12, abs=0)
        if row not in inside:
            continue
        with mpmath.workdps(30):
            reference = compute(*map(exact, row.values()), mpmath.mpf(value))
        expected = value * (1 + reference) if is_equation else reference
        assert value == pytest.approx(float(expected), rel=1e-9, abs=1e-307)  # below, floats lose digits


@each_formula
def test_outside_its_domain_a_formula_gives_its_limit(formula):
    for row in points(formula):
        if not holds(formula, row):
            limit = formula.limit(**row) if callable(formula.limit) else formula.limit
            assert formula(**row) == limit


@each_formula
def test_no_number_raises_or_gives_nan(formula):
    source = random.Random(formula.name)
    choices = [
        [
            (v,) * PARTS if GLOSSARY[name].many else v
            for v in (0.0, 1.0, *GLOSSARY[name].typical, 1e6, math.inf)
        ]
        for name in formula.parameters
    ]
    corners = list(itertools.product(*choices))
    for corner in source.sample(corners, min(60, len(corners))):
        point = dict(zip(formula.parameters, corner, strict=True))
        assert not math.isnan(formula(**point)), point
        assert not np.isnan(formula(**{n: arrays(v) for n, v in point.items()})).any(), point


def arrays(value):
    return tuple(np.array([part]) for part in value) if isinstance(value, tuple) else np.array([value])


@each_formula
def test_a_formula_says_what_it_is_and_where_it_holds(formula):
    assert formula.title.endswith(tuple("abcdefghijklmnopqrstuvwxyz0123456789"))
    assert formula.unit in {"", "s", "1/s", "B", "B/s", "money"}
    assert formula.label in {"exact", "approximation", "bound"}
    assert formula.source
    assert formula.validity or formula.label == "exact"
    assert bool(formula.outside) == (formula.domain is not None)
    assert formula.documentation.partition("\n")[0].endswith(".")


@each_formula
def test_its_equation_prints_as_latex_that_becomes_mathml(formula):
    latex = formula.latex()

    assert "=" in latex
    assert "&" not in latex
    assert r"\operatorname" not in latex
    assert "<math" in convert(latex)


@each_formula
def test_its_equation_prints_as_plain_text(formula):
    text = formula.text()

    assert "=" in text
    assert not set(text) & set("\\{}")
    assert not set(text) & set("*")


@pytest.mark.parametrize("name", GLOSSARY)
def test_a_glossary_row_is_used_and_complete(name):
    quantity = GLOSSARY[name]

    assert any(name in formula.parameters for formula in FORMULAS.values())
    assert quantity.symbol
    assert quantity.meaning
    assert quantity.typical[0] < quantity.typical[1]
    assert quantity.unit in {"", "s", "1/s", "B", "B/s", "money", "money/s"}
