"""A scatter plot on two logarithmic axes as SVG: what was computed over what was simulated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

Points = Sequence[tuple[float, float]]
_WIDTH, _HEIGHT = 360.0, 330.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 16.0, 10.0, 62.0
_COLOURS = ("var(--sd-ok, #0072b2)", "var(--sd-warn, #b35c00)", "var(--sd-bad, #a1175a)")
_MOST_TICKS = 7


def scatter(series: Mapping[str, Points], title: str, unit: str) -> Markup:
    """Points above 0 by what they are; those on the diagonal are the same on both axes."""
    every = [value for points in series.values() for point in points for value in point]
    low, high = _decades(every)
    parts = [
        f'<svg class="sd-scatter" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
        f'aria-label="{_plain(title)}" style="width:100%;max-width:30rem;height:auto;display:block" '
        'xmlns="http://www.w3.org/2000/svg" font-family="inherit" font-size="11" fill="currentColor">',
        f"<title>{_plain(title)}</title>",
        *_grid(low, high, unit),
        *_clouds(series, low, high),
        *_key(list(series)),
        "</svg>",
    ]
    return Markup("".join(parts))


def _plain(text: str) -> str:
    return str(Markup.escape(text))


def _decades(values: Iterable[float]) -> tuple[int, int]:
    logs = [math.log10(value) for value in values if value > 0.0]
    if not logs:
        return 0, 1
    low = math.floor(min(logs))
    return low, max(low + 1, math.ceil(max(logs)))


def _place(value: float, low: int, high: int, first: float, last: float) -> float:
    return first + (math.log10(value) - low) / (high - low) * (last - first)


def _across(value: float, low: int, high: int) -> float:
    return _place(value, low, high, _LEFT, _WIDTH - _RIGHT)


def _up(value: float, low: int, high: int) -> float:
    return _place(value, low, high, _HEIGHT - _BOTTOM, _TOP)


def _grid(low: int, high: int, unit: str) -> Iterable[str]:
    """Lines at powers of ten, and the diagonal."""
    step = math.ceil((high - low) / _MOST_TICKS)
    line = '<path d="{}" fill="none" stroke="currentColor" stroke-opacity="{}"{}/>'
    for power in range(low, high + 1, step):
        x, y = _across(10.0**power, low, high), _up(10.0**power, low, high)
        yield line.format(f"M{x:.1f} {_TOP:g}V{_HEIGHT - _BOTTOM:g}", 0.15, "")
        yield line.format(f"M{_LEFT:g} {y:.1f}H{_WIDTH - _RIGHT:g}", 0.15, "")
        name = _power(power, unit)
        corner = 0.0 if power == low else 4.0  # where both axes begin, one name is a little higher
        yield f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 15:g}" text-anchor="middle">{name}</text>'
        yield f'<text x="{_LEFT - 5:g}" y="{y + corner:.1f}" text-anchor="end">{name}</text>'
    ends = f"M{_LEFT:g} {_HEIGHT - _BOTTOM:g}L{_WIDTH - _RIGHT:g} {_TOP:g}"
    yield line.format(ends, 0.6, ' stroke-dasharray="4 3"')
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    yield f'<text x="{_WIDTH - _RIGHT:g}" y="{_HEIGHT - _BOTTOM + 29:g}" text-anchor="end">simulated</text>'
    yield (
        f'<text transform="translate(10 {middle:.1f}) rotate(-90)" text-anchor="middle" '
        'dominant-baseline="middle">computed</text>'
    )


def _power(power: int, unit: str) -> str:
    """A power of ten: of seconds in a readable unit, else as a number."""
    if unit != "s":
        return f"{10.0**power:g}"
    for name, least in (("s", 0), ("ms", -3), ("µs", -6), ("ns", -9)):
        if power >= least:
            return f"{10 ** (power - least)} {name}"
    return f"1e{power} s"


def _clouds(series: Mapping[str, Points], low: int, high: int) -> Iterable[str]:
    for number, points in enumerate(series.values()):
        dots = "".join(
            f"M{_across(x, low, high):.1f} {_up(y, low, high):.1f}h0"
            for x, y in points
            if x > 0.0 and y > 0.0
        )
        yield (
            f'<path d="{dots}" fill="none" stroke="{_COLOURS[number % len(_COLOURS)]}" '
            'stroke-width="4" stroke-linecap="round" stroke-opacity="0.55"/>'
        )


def _key(names: Sequence[str]) -> Iterable[str]:
    """What the colours mean, below the axes."""
    wide = (_WIDTH - _LEFT) / max(1, len(names))
    for number, name in enumerate(names):
        x, y = _LEFT + number * wide, _HEIGHT - 12.0
        yield f'<circle cx="{x + 4:.1f}" cy="{y - 4:.1f}" r="4" fill="{_COLOURS[number % len(_COLOURS)]}"/>'
        yield f'<text x="{x + 13:.1f}" y="{y:.1f}">{_plain(name)}</text>'
