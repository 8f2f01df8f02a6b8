"""The mechanism: one plain function becomes a formula with three readings.

A body is a keyword-only function over numbers whose parameters are glossary quantities.  The decorator
adds where it holds, what it tends to outside, its source and its label.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, overload

from sdplan.formulas.glossary import GLOSSARY
from sdplan.formulas.xp import symbolic

Label = Literal["exact", "approximation", "bound"]

Limit = float | Callable[..., float]


class Formula(NamedTuple):
    """A named quantity as a function of others, with its unit, source, label and range.

    `validity` says for which systems it holds and how far an approximation may be off, `domain` where
    its arguments make sense, `limit` what it gives elsewhere and `outside` says so in words.
    """

    name: str
    family: str
    symbol: str  # the left side as LaTeX, such as W_q or C(a, c)
    unit: str
    title: str
    parameters: tuple[str, ...]
    source: str
    label: Label
    validity: str
    outside: str
    documentation: str
    body: Callable[..., Any]
    domain: Callable[..., Any] | None
    limit: Limit
    define: Callable[..., Any] | None

    @overload
    def __call__(self, **arguments: float) -> float: ...
    @overload
    def __call__(self, **arguments: Any) -> Any: ...
    def __call__(self, **arguments: Any) -> Any:
        """The number, the array or the folded expression; never an exception for a number, never nan."""
        for value in arguments.values():
            if type(value) is not float and type(value) is not int:
                return self._reading(arguments)
        return self._number(arguments)

    def _number(self, arguments: dict[str, Any]) -> float:
        if self.domain is None or self.domain(**arguments):
            value: float = self.body(**arguments)
            if value == value:  # an indeterminate form such as 0 times infinity counts as outside
                return value
        return self._limit(arguments)

    def _limit(self, arguments: dict[str, Any]) -> float:
        return self.limit(**arguments) if callable(self.limit) else self.limit

    def _reading(self, arguments: dict[str, Any]) -> Any:
        """Everything but plain numbers: parts in a sequence, NumPy scalars, arrays, symbols."""
        parts = [part for value in arguments.values() for part in _parts(value)]
        if symbolic(*parts):
            from sdplan.formulas._symbolic import folded

            return folded(self, arguments)
        if all(isinstance(part, (float, int)) or getattr(part, "shape", None) == () for part in parts):
            return self._number({name: _as_numbers(value) for name, value in arguments.items()})
        return self._sweep(arguments)

    def _sweep(self, arguments: dict[str, Any]) -> Any:
        import numpy as np

        arrays = {name: _as_arrays(value) for name, value in arguments.items()}
        with np.errstate(all="ignore"):
            value = self.body(**arrays)
            inside = True if self.domain is None else self.domain(**arrays)
            return np.where(np.isnan(value) | np.logical_not(inside), self._limit(arrays), value)

    def unfolded(self) -> Any:
        """The textbook expression in the parameters' symbols; formulas inside it stay folded."""
        from sdplan.formulas._symbolic import unfolded

        return unfolded(self)

    def latex(self, shown: Mapping[str, str] | None = None) -> str:
        """The equation as LaTeX; a quantity or formula named in `shown` prints as the text given for it."""
        from sdplan.formulas._symbolic import latex_equation

        return latex_equation(self, shown or {})

    def text(self, shown: Mapping[str, str] | None = None) -> str:
        """The equation as plain text, `W_q = S C(a, c)/(c - a)`; `shown` as for LaTeX."""
        from sdplan.formulas._symbolic import text_equation

        return text_equation(self, shown or {})


def _parts(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (tuple, list)) else (value,)


def _as_numbers(value: Any) -> Any:
    return tuple(float(x) for x in value) if isinstance(value, (tuple, list)) else float(value)


def _as_arrays(value: Any) -> Any:
    import numpy as np

    if isinstance(value, (tuple, list)):
        return tuple(np.asarray(part, dtype=float) for part in value)
    return np.asarray(value, dtype=float)


def formula(
    symbol: str,
    *,
    source: str,
    label: Label = "exact",
    validity: str = "",
    outside: str = "",
    domain: Callable[..., Any] | None = None,
    limit: Limit = math.inf,
    define: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], Formula]:
    """Make a formula of a keyword-only function whose first docstring line ends in its unit, `[s]`."""

    def decorate(body: Callable[..., Any]) -> Formula:
        title, unit = _title(body.__doc__ or "")
        code = body.__code__
        parameters = code.co_varnames[: code.co_kwonlyargcount]
        missing = [name for name in parameters if name not in GLOSSARY]
        if missing or code.co_argcount or not title:
            raise TypeError(f"{body.__name__}: keyword-only glossary quantities are needed, not {missing}")
        return Formula(
            name=body.__name__,
            family=body.__module__.rpartition(".")[2],
            symbol=symbol,
            unit=unit,
            title=title,
            parameters=parameters,
            source=source,
            label=label,
            validity=validity,
            outside=outside,
            documentation=body.__doc__ or "",
            body=body,
            domain=domain,
            limit=limit,
            define=define,
        )

    return decorate


def _title(documentation: str) -> tuple[str, str]:
    first = documentation.partition("\n")[0].strip().rstrip(".")
    if first.endswith("]"):
        title, _, unit = first[:-1].rpartition("[")
        return title.strip(), unit
    return first, ""
