"""What leaves the program: UTF-8 whatever the locale, to the standard output or to a file that was named."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from sdplan.cli.answers import BROKEN_PIPE
from sdplan.findings import safe_text

STDOUT = "-"


class Refusal(Exception):
    """The command can't do what was asked: one sentence, and exit code 2."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def show(text: str) -> None:
    """Write to the standard output."""
    _write(sys.stdout, text.encode("utf-8", "backslashreplace"))


def tell(text: str) -> None:
    """Write a line to the standard error output."""
    _write(sys.stderr, f"{text}\n".encode("utf-8", "backslashreplace"))


def save(path: str, text: str) -> None:
    """Write a file that the user named, or the standard output for `-`."""
    if path == STDOUT:
        show(text)
        return
    try:
        with open(path, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as wrong:
        raise unwritable(path, wrong) from None


def unwritable(path: str, wrong: Exception) -> Refusal:
    """Why a file can't be written."""
    reason = (
        (wrong.strerror or "it can't be opened") if isinstance(wrong, OSError) else "this is no file name"
    )
    return Refusal(f"cannot write {safe_text(path)}: {reason.lower()}")


def _write(stream: TextIO | None, raw: bytes) -> None:
    if stream is None:  # closed before the program began
        return
    try:
        stream.flush()
        stream.buffer.write(raw)
        stream.buffer.flush()
    except BrokenPipeError:
        # The interpreter would flush once more on its way out, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise SystemExit(BROKEN_PIPE) from None
