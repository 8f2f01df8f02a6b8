"""Expressions such as `= new_links * reads_per_link`: read, evaluated and written out."""

from sdplan.expressions.arithmetic import LARGEST
from sdplan.expressions.compiled import Arithmetic, arithmetic
from sdplan.expressions.evaluation import Lookup, compare, evaluate
from sdplan.expressions.parsing import parse_comparison, parse_expression
from sdplan.expressions.tree import (
    Call,
    Chain,
    Comparison,
    Constant,
    Expression,
    ExpressionError,
    Literal,
    Name,
    NoValue,
    Power,
    Step,
    names,
)
from sdplan.expressions.writing import to_latex, to_text

__all__ = [
    "LARGEST",
    "Arithmetic",
    "Call",
    "Chain",
    "Comparison",
    "Constant",
    "Expression",
    "ExpressionError",
    "Literal",
    "Lookup",
    "Name",
    "NoValue",
    "Power",
    "Step",
    "arithmetic",
    "compare",
    "evaluate",
    "names",
    "parse_comparison",
    "parse_expression",
    "to_latex",
    "to_text",
]
