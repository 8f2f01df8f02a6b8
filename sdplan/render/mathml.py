"""LaTeX to MathML, so that pages show equations without a script or a font from elsewhere."""

from __future__ import annotations

import html
import re
from functools import lru_cache

_NUMBERED = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_REFUSED = re.compile(r"\\begin\{(?!cases\})")
_ALIGNED = re.compile(r"&(?!#?\w{1,8};)")
"""What the converter prints wrongly without saying so: alignments."""


@lru_cache(maxsize=4096)
def mathml(latex: str, *, block: bool = False) -> str:
    """An equation as MathML, or as code where it cannot be converted."""
    from latex2mathml.converter import convert

    if _REFUSED.search(latex) or (r"\begin{cases}" not in latex and _ALIGNED.search(latex)):
        return _as_code(latex)
    try:
        element: str = convert(latex, display="block" if block else "inline")
    except Exception:  # the converter raises many kinds, and a page without an equation still has its text
        return _as_code(latex)
    return _short(element)


def _short(element: str) -> str:
    """Without what HTML does not need: the name space, and numbers for printable characters."""
    plain = _NUMBERED.sub(lambda match: _plain(int(match.group(1), 16)), element)
    return plain.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "").replace("\n", " ")


def _plain(point: int) -> str:
    return html.escape(chr(point)) if chr(point).isprintable() else f"&#x{point:x};"


def text(words: str) -> str:
    r"""Plain words inside LaTeX, `\text{347k/s}`: neither LaTeX nor HTML reads anything else in them."""
    spelled = re.sub(r"[{}\\]", lambda match: f"&#x{ord(match.group()):x};", html.escape(words))
    return rf"\text{{{spelled}}}"


def _as_code(latex: str) -> str:
    return f'<code class="sd-latex">{html.escape(latex)}</code>'
