"""Formulas: every quantity the solver computes, each written once.

Called with floats a formula gives the number, with arrays a whole sweep, with SymPy symbols a folded
expression that prints as LaTeX.  A family is one module of this package; adding a module adds its
formulas, and only new quantities need a row in the glossary.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sdplan.formulas._formula import Formula, Label, formula
from sdplan.formulas.glossary import GLOSSARY, Quantity

__all__ = ["GLOSSARY", "Formula", "Label", "Quantity", "families", "formula", "registry"]


@cache
def families() -> Mapping[str, tuple[Formula, ...]]:
    """Every family by module name, with its formulas in the order in which the module states them."""
    from importlib import import_module
    from pkgutil import iter_modules

    found: dict[str, tuple[Formula, ...]] = {}
    for module in sorted(info.name for info in iter_modules(__path__)):
        if not module.startswith("_"):
            contents = vars(import_module(f"{__name__}.{module}")).values()
            own = tuple(x for x in contents if isinstance(x, Formula) and x.family == module)
            found.update({module: own} if own else {})
    return found


@cache
def registry() -> Mapping[str, Formula]:
    """Every formula by its name; importing all families, so only for pages, tests and symbols."""
    everything = [each for family in families().values() for each in family]
    found = {each.name: each for each in everything}
    if len(found) < len(everything):
        names = [each.name for each in everything]
        raise ValueError(f"two formulas share a name: {sorted({n for n in names if names.count(n) > 1})}")
    return found
