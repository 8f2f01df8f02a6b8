"""How a command ends: with its exit code, or with one sentence that says why it could not begin."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from sdplan.cli.output import Refusal, tell


class Unsolved(Exception):
    """A design has errors that keep it from being solved; they have been told."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def end(command: Callable[[], int]) -> NoReturn:
    """Run a command and end the program."""
    try:
        code = command()
    except Unsolved as unsolved:
        code = unsolved.code
    except Refusal as refusal:
        tell(f"sdplan: {refusal.message}")
        if refusal.hint:
            tell(f"  help: {refusal.hint}")
        code = 2
    raise SystemExit(code)
