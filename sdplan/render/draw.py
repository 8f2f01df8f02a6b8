"""Graphviz, from outside this process: `dot` where it is installed, else pygraphviz in a child.

Graphviz can abort the interpreter that it is loaded into, so it never is loaded into ours.  Run as a
script, this file is that child: DOT on its standard input, SVG on its standard output.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

TIME_LIMIT = 30.0  # s, for each attempt
_CHILD_FAILED = 3


class DrawingFailed(Exception):
    """No picture could be drawn; the message says why, in a sentence."""


def drawings(dot: str) -> Iterator[str]:
    """The SVG of each renderer that there is, best first; when the last has failed, why."""
    faults = []
    for name, command in _renderers():
        svg, fault = _run(name, command, dot)
        if svg:
            yield svg
        else:
            faults.append(fault)
    if faults:
        raise DrawingFailed(" ".join(faults))


def _renderers() -> Iterator[tuple[str, list[str]]]:
    import shutil

    program = shutil.which("dot")
    if program is not None:
        yield "dot", [program, "-Tsvg"]
    # The file by its own path and -P: the folder that is being checked must not lend it modules.
    yield "pygraphviz", [sys.executable, "-P", __file__]


def _run(name: str, command: list[str], dot: str) -> tuple[str, str]:
    """The SVG, or why there is none."""
    try:
        done = subprocess.run(command, input=dot.encode(), capture_output=True, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return "", f"{name} had not finished the drawing after {TIME_LIMIT:g} s."
    except OSError as error:
        return "", f"{name} could not be started: {error.strerror}."
    if done.returncode == 0 and done.stdout:
        return done.stdout.decode("utf-8", "replace"), ""
    return "", f"{name} ended with status {done.returncode}{_last_line(done.stderr)}."


def _last_line(stderr: bytes) -> str:
    from sdplan.findings import safe_text

    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return f": {safe_text(lines[-1], limit=200).rstrip('.')}" if lines else ""


def _child() -> int:
    try:
        import pygraphviz
    except ImportError:
        print("neither `dot` nor the Python package pygraphviz is installed", file=sys.stderr)
        return _CHILD_FAILED
    drawn: bytes = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode()).draw(format="svg", prog="dot")
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(_child())
