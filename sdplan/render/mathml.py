"""LaTeX to MathML, so that pages show equations without a script or a font from elsewhere."""

from __future__ import annotations

import html
import re
from functools import lru_cache

_REFUSED = re.compile(r"\\begin\{(?!cases\})")
"""What the converter prints wrongly without saying so: alignments."""


@lru_cache(maxsize=4096)
def mathml(latex: str, *, block: bool = False) -> str:
    """An equation as MathML, or as code where it cannot be converted."""
    from latex2mathml.converter import convert

    if _REFUSED.search(latex) or ("&" in latex and r"\begin{cases}" not in latex):
        return _as_code(latex)
    try:
        element: str = convert(latex, display="block" if block else "inline")
    except Exception:  # the converter raises many kinds, and a page without an equation still has its text
        return _as_code(latex)
    return element.replace("\n", " ")


def text(words: str) -> str:
    r"""Plain words inside LaTeX: `\text{347k/s}`."""
    escaped = re.sub(r"([%#$_{}])", r"\\\1", re.sub(r"[\\&^~]", " ", words))
    return rf"\text{{{escaped}}}"


def _as_code(latex: str) -> str:
    return f'<code class="sd-latex">{html.escape(latex)}</code>'
