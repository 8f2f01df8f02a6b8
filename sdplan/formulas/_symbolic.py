"""The symbolic reading of formulas: folding, unfolding, LaTeX and plain text.

This module imports SymPy and is itself imported only when a formula meets a symbol or is printed.
A folded call prints as its formula's symbol, with its arguments only where they differ from the
formula's own parameters: so `C(a, c)` and `W_q` read as in a textbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from sdplan.formulas._formula import Formula
from sdplan.formulas.glossary import GLOSSARY

_GREEK = {
    r"\Delta": "Δ",
    r"\lambda": "λ",
    r"\mu": "μ",
    r"\rho": "ρ",
    r"\alpha": "α",
    r"\beta": "β",
    r"\gamma": "γ",
    r"\kappa": "κ",
    r"\sigma": "σ",
    r"\tau": "τ",
    r"\theta": "θ",
    r"\omega": "ω",
}

_PLAIN_NAMES = {"ceiling": "ceil", "log": "ln", "binomial": "choose"}


def symbol(name: str) -> Any:
    """The symbol of a quantity; of an indexed family where the quantity stands for several values."""
    quantity = GLOSSARY.get(name)
    if quantity is not None and quantity.many:
        return sp.IndexedBase(sp.Symbol(name, positive=True))
    return sp.Symbol(name, positive=True, integer=True if quantity is not None and quantity.integer else None)


def folded(formula: Formula, arguments: Mapping[str, Any]) -> Any:
    """The formula as an unevaluated function of its arguments, in the order of its parameters."""
    values = [arguments[name] for name in formula.parameters]
    return sp.Function(formula.name)(*(sp.Tuple(*v) if isinstance(v, (tuple, list)) else v for v in values))


def unfolded(formula: Formula) -> Any:
    """The formula's definition one level down, in the symbols of its parameters."""
    return _definition(formula)(**{name: symbol(name) for name in formula.parameters})


def unfold(expression: Any) -> Any:
    """The expression with each folded call replaced by its definition, one level down.

    A formula that is defined by an equation, without a closed form, stays folded.
    """
    from sdplan.formulas import registry

    calls = [call for call in expression.atoms(AppliedUndef) if call.func.__name__ in registry()]
    definitions = {call: _unfolded_call(registry()[call.func.__name__], call.args) for call in calls}
    return expression.xreplace({call: d for call, d in definitions.items() if not isinstance(d, sp.Eq)})


def _unfolded_call(formula: Formula, arguments: Sequence[Any]) -> Any:
    values = dict(zip(formula.parameters, arguments, strict=True))
    return _definition(formula)(**values)


def _definition(formula: Formula) -> Any:
    return formula.define or formula.body


def latex_equation(formula: Formula, shown: Mapping[str, str]) -> str:
    """`symbol = definition` as LaTeX, or the defining equation where there is no closed form."""
    definition = unfolded(formula)
    right: str = _LatexFormula(shown).doprint(definition)
    return right if isinstance(definition, sp.Eq) else f"{formula.symbol} = {right}"


def text_equation(formula: Formula, shown: Mapping[str, str]) -> str:
    """`symbol = definition` as plain text, or the defining equation where there is no closed form."""
    definition = unfolded(formula)
    right: str = _TextFormula(shown).doprint(definition)
    return right if isinstance(definition, sp.Eq) else f"{plain_text(formula.symbol)} = {right}"


def text_of(expression: Any, shown: Mapping[str, str]) -> str:
    """An expression in the symbols of quantities as plain text; `shown` as for an equation."""
    text: str = _TextFormula(shown).doprint(expression)
    return text.replace(" * ", " ")


def latex_of(expression: Any, shown: Mapping[str, str]) -> str:
    """An expression in the symbols of quantities as LaTeX; `shown` as for an equation."""
    printer = _LatexFormula(shown)
    printer._settings["mul_symbol_latex"] = " "
    text: str = printer.doprint(expression)
    return text


def plain_text(latex: str) -> str:
    """A short LaTeX symbol for a terminal: Greek letters spelled in Unicode, braces and commands dropped."""
    for command, letter in _GREEK.items():
        latex = latex.replace(command, letter)
    for mark in (r"\mathrm", "{", "}", "\\"):
        latex = latex.replace(mark, "")
    return latex


def _symbol_of(name: str) -> str:
    """The LaTeX symbol of the quantity, or else of the formula, of that name."""
    from sdplan.formulas import registry

    return GLOSSARY[name].symbol if name in GLOSSARY else registry()[name].symbol


def _known(name: str) -> bool:
    from sdplan.formulas import registry

    return name in GLOSSARY or name in registry()


def _own(name: str) -> list[Any]:
    from sdplan.formulas import registry

    return [symbol(parameter) for parameter in registry()[name].parameters] if name in registry() else []


def _call(head: str, arguments: Sequence[str], own: Sequence[str]) -> str:
    """A folded call: its symbol where the arguments are the formula's own, else symbol and arguments.

    A symbol such as `C(a, c)` names the arguments that matter: the others show only when they differ.
    """
    if list(arguments) == list(own):
        return head
    head, _, listed = head.partition("(")
    main = [own.index(each) for each in listed.rstrip(")").split(", ") if each in own]
    if main and all(arguments[k] == own[k] for k in range(len(own)) if k not in main):
        arguments = [arguments[k] for k in main]
    return f"{head}({', '.join(arguments)})"


class _Shown:
    """What both printers share: values shown in place of names, and positive terms before negative ones."""

    _shown: Mapping[str, str]

    def _spell(self, latex: str) -> str:
        return latex

    def _name(self, name: str) -> str:
        return self._shown.get(name) or (self._spell(_symbol_of(name)) if _known(name) else name)

    def _folded(self, expr: Any) -> str:
        """A folded call: the value shown for it, else its symbol as `_call` writes it."""
        name = expr.func.__name__
        if name in self._shown:
            return self._shown[name]
        printed = [[self._print(x) for x in values] for values in (expr.args, _own(name))]  # type: ignore[attr-defined]
        return _call(self._name(name), *printed)

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        terms = super()._as_ordered_terms(expr, order=order)  # type: ignore[misc]
        return sorted(terms, key=lambda term: (bool(term.could_extract_minus_sign()), not term.is_Number))


class _LatexFormula(_Shown, LatexPrinter):  # type: ignore[misc]
    def __init__(self, shown: Mapping[str, str]) -> None:
        super().__init__({"mul_symbol": "dot" if shown else None, "ln_notation": True})
        self._shown = shown

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:  # noqa: N802
        return self._name(expr.name)

    def _print_IndexedBase(self, expr: Any) -> str:  # noqa: N802
        return self._name(str(expr.label))

    def _print_Function(self, expr: Any, exp: Any = None) -> str:  # noqa: N802
        if not _own(expr.func.__name__):
            text: str = super()._print_Function(expr, exp)
            return text
        text = self._folded(expr)
        return text if exp is None else f"{text}^{{{exp}}}"


class _TextFormula(_Shown, StrPrinter):  # type: ignore[misc]
    printmethod = "_sdplan_text"  # else an indexed quantity prints itself, with brackets

    def __init__(self, shown: Mapping[str, str]) -> None:
        super().__init__()
        self._shown = shown

    def _spell(self, latex: str) -> str:
        return plain_text(latex)

    def doprint(self, expr: Any) -> str:
        """The expression with powers as `^` and products as a space."""
        text: str = super().doprint(expr)
        return text.replace("**", "^").replace("*", " * " if self._shown else " ")

    def _print_Symbol(self, expr: Any) -> str:  # noqa: N802
        return self._name(expr.name)

    def _print_Indexed(self, expr: Any) -> str:  # noqa: N802
        return f"{self._name(str(expr.base.label))}_{self._print(expr.indices[0])}"

    def _print_Relational(self, expr: Any) -> str:  # noqa: N802
        return f"{self._print(expr.lhs)} = {self._print(expr.rhs)}"

    def _print_Sum(self, expr: Any) -> str:  # noqa: N802
        return self._over("Σ", expr)

    def _print_Product(self, expr: Any) -> str:  # noqa: N802
        return self._over("Π", expr)

    def _over(self, sign: str, expr: Any) -> str:
        index, low, high = (self._print(part) for part in expr.limits[0])
        return f"{sign}[{index} = {low}..{high}]({self._print(expr.function)})"

    def _print_factorial(self, expr: Any) -> str:
        return f"{self.parenthesize(expr.args[0], PRECEDENCE['Func'])}!"

    def _print_Max(self, expr: Any) -> str:  # noqa: N802
        return f"max({', '.join(self._print(x) for x in expr.args)})"

    def _print_Min(self, expr: Any) -> str:  # noqa: N802
        return f"min({', '.join(self._print(x) for x in expr.args)})"

    def _print_Function(self, expr: Any) -> str:  # noqa: N802
        name = expr.func.__name__
        if _own(name):
            return self._folded(expr)
        return f"{_PLAIN_NAMES.get(name, name)}({', '.join(self._print(x) for x in expr.args)})"
