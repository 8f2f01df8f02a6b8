"""The colours of a diagram, light and dark, and the style sheet that swaps them.

DOT carries the light colours.  In the SVG each of them stands for its role: the style sheet gives the
role its colour for the reader's scheme, so the roles must have different light colours.  Contrast
against the panel is at least 4.5:1 for text in both schemes (WCAG 2.1, success criterion 1.4.3).
"""

from __future__ import annotations

from typing import NamedTuple


class Shade(NamedTuple):
    """One role's colour on a light and on a dark ground."""

    light: str
    dark: str


ROLES: dict[str, Shade] = {
    "ink": Shade("#1b1f24", "#e6e9ef"),
    "muted": Shade("#57606a", "#a9b1bf"),
    "line": Shade("#6b7580", "#8b95a5"),
    "panel": Shade("#fbfcfd", "#262a33"),
    "track": Shade("#dde2e8", "#434a57"),
    "ok": Shade("#0072b2", "#56b4e9"),
    "warn": Shade("#b35c00", "#e69f00"),
    "bad": Shade("#a1175a", "#f092c0"),
}
TEXT_ROLES = ("ink", "muted", "ok", "warn", "bad")
_SMALLEST = 0.75
GROUNDS = Shade("#ffffff", "#1e2129")
"""What a page lies on when a diagram is read: plain white, and the dark of mkdocs-material."""


def light(role: str) -> str:
    """A role's colour as DOT carries it."""
    return ROLES[role].light


def style_sheet(scope: str, width: float) -> str:
    """The rules for one diagram of that width [px], all of them for the element with the id `scope`.

    A page that wraps the diagram in a `sdplan-scroll` with `overflow-x: auto` keeps its text readable:
    there it shrinks no further than to three quarters and scrolls from then on.
    """
    bright = _variables("light")
    dim = _variables("dark")
    return "".join(
        (
            f"#{scope}{{max-width:100%;height:auto;{bright}}}",
            f".sdplan-scroll #{scope}{{min-width:{_SMALLEST * width:.0f}px}}",
            f"@media (prefers-color-scheme:dark){{#{scope}{{{dim}}}}}",
            f"[data-md-color-scheme=default] #{scope}{{{bright}}}",
            f"[data-md-color-scheme=slate] #{scope}{{{dim}}}",
            f"@media print{{#{scope},[data-md-color-scheme] #{scope}{{{bright}}}}}",
            *(_rule(scope, role, shade.light) for role, shade in ROLES.items()),
            f"#{scope} .fallback path{{stroke-dasharray:2,3}}",
            f"#{scope} text{{font-variant-numeric:tabular-nums}}",
        )
    )


def _variables(scheme: str) -> str:
    return "".join(f"--{role}:{getattr(shade, scheme)};" for role, shade in ROLES.items())


def _rule(scope: str, role: str, colour: str) -> str:
    fill = f'#{scope} [fill="{colour}"]{{fill:var(--{role})}}'
    return fill + f'#{scope} [stroke="{colour}"]{{stroke:var(--{role})}}'
