"""Writing an expression: as text with its names replaced, and as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sdplan.expressions.tree import Call, Chain, Constant, Expression, Literal, Name, Power

_LATEX_CALLS = {
    "min": (r"\min\left(", r"\right)"),
    "max": (r"\max\left(", r"\right)"),
    "log": (r"\ln\left(", r"\right)"),
    "ceil": (r"\left\lceil ", r"\right\rceil"),
    "floor": (r"\left\lfloor ", r"\right\rfloor"),
    "sqrt": (r"\sqrt{", "}"),
}
_LITERAL = re.compile(r"([0-9.]+)(?:[eE]([+-]?)0*([0-9]+))?(.*)")


def to_text(expression: Expression, show: Callable[[str], str]) -> str:
    """The expression with each name replaced by what `show` gives for it, in as few brackets as it takes."""
    match expression:
        case Literal(text) | Constant(text):
            return text
        case Name(text):
            return show(text)
        case Chain(first, steps):
            parts = [_text_operand(first, expression, "", show)]
            for step in steps:
                parts += [step.operator, _text_operand(step.operand, expression, step.operator, show)]
            return " ".join(parts)
        case Power(base, exponent):
            below, above = to_text(base, show), to_text(exponent, show)
            return (
                f"{_bracketed(below, _is_compound(base) or ' ' in below)}^{_bracketed(above, ' ' in above)}"
            )
        case Call(function, arguments):
            return f"{function}({', '.join(to_text(one, show) for one in arguments)})"


def _text_operand(operand: Expression, chain: Chain, operator: str, show: Callable[[str], str]) -> str:
    text = to_text(operand, show)
    shown_quotient = isinstance(operand, Name) and operator == "/" and "/" in text
    return _bracketed(text, shown_quotient or _needs_brackets(operand, chain, operator))


def _needs_brackets(operand: Expression, chain: Chain, operator: str) -> bool:
    if not isinstance(operand, Chain):
        return False
    if operand.is_sum:
        return not chain.is_sum or operator == "-"
    return operator == "/"


def _is_compound(expression: Expression) -> bool:
    return isinstance(expression, Chain | Power)


def _bracketed(text: str, brackets: bool) -> str:
    return f"({text})" if brackets else text


def to_latex(expression: Expression, symbol: Callable[[str], str]) -> str:
    """The expression as LaTeX with each name as `symbol` gives it; quotients are fractions."""
    match expression:
        case Literal(text):
            return _latex_literal(text)
        case Constant(unit):
            return rf"\mathrm{{{unit}}}"
        case Name(text):
            return symbol(text)
        case Chain():
            return _latex_sum(expression, symbol) if expression.is_sum else _latex_product(expression, symbol)
        case Power(base, exponent):
            below = _latex_bracketed(to_latex(base, symbol), _is_compound(base))
            return f"{{{below}}}^{{{to_latex(exponent, symbol)}}}"
        case Call(function, arguments):
            opening, closing = _LATEX_CALLS[function]
            return opening + ", ".join(to_latex(one, symbol) for one in arguments) + closing


def _latex_sum(chain: Chain, symbol: Callable[[str], str]) -> str:
    parts = [to_latex(chain.first, symbol)]
    for step in chain.steps:
        brackets = _needs_brackets(step.operand, chain, step.operator)
        parts += [step.operator, _latex_bracketed(to_latex(step.operand, symbol), brackets)]
    return " ".join(parts)


def _latex_product(chain: Chain, symbol: Callable[[str], str]) -> str:
    above = [chain.first, *(step.operand for step in chain.steps if step.operator == "*")]
    below = [step.operand for step in chain.steps if step.operator == "/"]
    if not below:
        return _latex_factors(above, symbol)
    return rf"\frac{{{_latex_factors(above, symbol)}}}{{{_latex_factors(below, symbol)}}}"


def _latex_factors(factors: Sequence[Expression], symbol: Callable[[str], str]) -> str:
    if len(factors) == 1:
        return to_latex(factors[0], symbol)
    return r" \cdot ".join(
        _latex_bracketed(to_latex(factor, symbol), isinstance(factor, Chain) and factor.is_sum)
        for factor in factors
    )


def _latex_bracketed(text: str, brackets: bool) -> str:
    return rf"\left({text}\right)" if brackets else text


def _latex_literal(text: str) -> str:
    found = _LITERAL.fullmatch(text)
    if not found:
        return rf"\mathrm{{{text}}}"
    number, sign, power, unit = found.groups()
    scaled = rf"{number} \cdot 10^{{{sign.replace('+', '')}{power}}}" if power else number
    if unit in ("", "x"):
        return scaled
    return rf"{scaled}\,\%" if unit == "%" else rf"{scaled}\,\mathrm{{{unit}}}"
