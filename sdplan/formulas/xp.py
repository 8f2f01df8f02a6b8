"""Elementary functions over a float, a NumPy array or a SymPy expression.

The bodies of formulas use these in place of `math`, `numpy` and `sympy`.  NumPy and SymPy are imported
only when a value of theirs arrives.  For floats the functions are total: they give a limit (`log(0)` is
minus infinity) or nan where `math` would raise, and the formula's own limit then replaces the nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any


def symbolic(*values: Any) -> bool:
    """Whether any of the values belongs to SymPy."""
    return any(hasattr(value, "free_symbols") for value in values)


def plain(*values: Any) -> bool:
    """Whether all of the values are Python numbers."""
    return all(isinstance(value, (float, int)) for value in values)


def _elsewhere(numpy_name: str, sympy_name: str, *values: Any) -> Any:
    if symbolic(*values):
        import sympy

        return getattr(sympy, sympy_name)(*values)
    import numpy

    return getattr(numpy, numpy_name)(*values)


def exp(x: float) -> float:
    """e to the power of x; infinite where a float would overflow."""
    if not plain(x):
        return _elsewhere("exp", "exp", x)  # type: ignore[no-any-return]
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def expm1(x: float) -> float:
    """e to the power of x, minus one, without loss for small x."""
    if symbolic(x):
        return _elsewhere("exp", "exp", x) - 1  # type: ignore[no-any-return]
    if not plain(x):
        return _elsewhere("expm1", "", x)  # type: ignore[no-any-return]
    try:
        return math.expm1(x)
    except OverflowError:
        return math.inf


def log(x: float) -> float:
    """Natural logarithm; minus infinity at zero."""
    if not plain(x):
        return _elsewhere("log", "log", x)  # type: ignore[no-any-return]
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def log1p(x: float) -> float:
    """Logarithm of one plus x, without loss for small x; minus infinity at minus one."""
    if symbolic(x):
        return _elsewhere("log", "log", 1 + x)  # type: ignore[no-any-return]
    if not plain(x):
        return _elsewhere("log1p", "", x)  # type: ignore[no-any-return]
    return math.log1p(x) if x > -1 else -math.inf if x == -1 else math.nan


def log2(x: float) -> float:
    """Binary logarithm, exact at powers of two; minus infinity at zero."""
    if symbolic(x):
        import sympy

        return sympy.log(x, 2)  # type: ignore[no-any-return]
    if not plain(x):
        return _elsewhere("log2", "", x)  # type: ignore[no-any-return]
    return math.log2(x) if x > 0 else -math.inf if x == 0 else math.nan


def sqrt(x: float) -> float:
    """Square root; nan for a negative x."""
    if not plain(x):
        return _elsewhere("sqrt", "sqrt", x)  # type: ignore[no-any-return]
    return math.sqrt(x) if x >= 0 else math.nan


def power(base: float, exponent: float) -> float:
    """Base to the exponent; infinite where a float would overflow or divide by zero."""
    if not plain(base, exponent):
        return base**exponent  # type: ignore[no-any-return]
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def ceil(x: float) -> float:
    """The smallest whole number not below x, as a float."""
    if not plain(x):
        return _elsewhere("ceil", "ceiling", x)  # type: ignore[no-any-return]
    return float(math.ceil(x)) if math.isfinite(x) else x


def floor(x: float) -> float:
    """The largest whole number not above x, as a float."""
    if not plain(x):
        return _elsewhere("floor", "floor", x)  # type: ignore[no-any-return]
    return float(math.floor(x)) if math.isfinite(x) else x


def minimum(a: float, b: float) -> float:
    """The smaller of two values."""
    return min(a, b) if plain(a, b) else _elsewhere("minimum", "Min", a, b)


def maximum(a: float, b: float) -> float:
    """The larger of two values."""
    return max(a, b) if plain(a, b) else _elsewhere("maximum", "Max", a, b)


def product(values: Iterable[float]) -> float:
    """The product of several values, one when there is none."""
    result: float = 1
    for value in values:
        result = result * value
    return result


def elementwise(function: Callable[..., float], *values: float) -> float:
    """The function of floats applied to floats, or to each element of broadcast arrays."""
    if plain(*values):
        return function(*values)
    import numpy

    return numpy.vectorize(function, otypes=[float])(*values)  # type: ignore[no-any-return]


def over_parts(join: str, term: Callable[..., Any], *parts: Any) -> Any:
    """The term of each part, joined by SymPy's `Sum` or `Product`, in a definition.

    The parts are tuples of symbols, or indexed families that stand for any number of parts.
    """
    import sympy

    if isinstance(parts[0], sympy.Tuple):
        joined = {"Sum": sympy.Add, "Product": sympy.Mul}[join]
        return joined(*(term(*values) for values in zip(*parts, strict=True)))
    i, n = sympy.Symbol("i", integer=True), sympy.Symbol("n", integer=True)
    return getattr(sympy, join)(term(*(part[i] for part in parts)), (i, 1, n))
