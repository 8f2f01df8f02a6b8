"""Which files are designs, and their bytes: nothing is read that the arguments did not name or hold."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator

from sdplan.findings import Finding, safe_text
from sdplan.source.document import Document
from sdplan.source.encoding import MOST_BYTES
from sdplan.source.reading import read_bytes

STDIN = "-"
_SUFFIXES = (".yaml", ".yml")
_SNIFFED = 1 << 16


class Unreadable(Exception):
    """A file or folder can't be read, or holds no design: one sentence for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def read_file(path: str) -> tuple[Document | None, list[Finding]]:
    """Read one design by its path; `-` is the standard input."""
    return read_bytes(load(path), shown_name(path))


def shown_name(path: str) -> str:
    """What findings call a file."""
    return "<stdin>" if path == STDIN else path


def load(path: str) -> bytes:
    """The bytes of a file, at most one more than a design may have; `-` is the standard input."""
    if path == STDIN:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        # A pipe or a device is never opened: it could wait for ever, or have no end.
        if not stat.S_ISREG(os.stat(path).st_mode):
            what = "a folder" if os.path.isdir(path) else "not a regular file"
            raise Unreadable(f"cannot read {safe_text(path)}: it is {what}")
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise _unreadable(path, wrong) from None
    except ValueError:
        raise Unreadable(f"cannot read {safe_text(path)}: this is not a file name") from None


def find_designs(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The design files that arguments name, in their order and each once, with notes on what was passed over.

    A named file always counts; a folder gives its *.yaml and *.yml files, at any depth, that have `sdplan:`
    at the beginning of a line.  Links that lead out of the folder are not followed.
    """
    paths: dict[str, str] = {}  # by real path, so that no design is read twice
    notes: list[str] = []
    for argument in arguments:
        found = list(_expand(argument, notes))
        if not found and os.path.isdir(argument):
            raise Unreadable(_because(f"there is no design in {safe_text(argument)}", notes))
        for path in found:
            paths.setdefault(path if path == STDIN else os.path.realpath(path), path)
    if not paths:
        raise Unreadable(_because("there is no design to read", notes))
    return list(paths.values()), notes


def _because(message: str, notes: list[str]) -> str:
    return f"{message}: {'; '.join(notes)}" if notes else message


def _expand(argument: str, notes: list[str]) -> Iterator[str]:
    if argument == STDIN:
        yield argument
    elif _is_there(argument):
        yield from _named(argument, notes)
    elif any(sign in argument for sign in "*?["):
        from glob import glob

        found = sorted(glob(argument, recursive=True))
        if not found:
            raise Unreadable(f"no file matches {safe_text(argument)}")
        for path in found:
            yield from _named(path, notes)
    else:
        load(argument)  # says why it can't be read


def _is_there(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a NUL in the name
        return False


def _named(path: str, notes: list[str]) -> Iterator[str]:
    if os.path.islink(path) and not _may_follow(path, (".", os.path.dirname(path) or "."), notes):
        return
    if os.path.isdir(path):
        yield from _folder(path, os.path.realpath(path), notes)
    else:
        yield path


def _folder(folder: str, root: str, notes: list[str]) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as wrong:
        raise _unreadable(folder, wrong) from None
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith("."):
                yield from _folder(entry.path, root, notes)
        elif entry.is_symlink() and os.path.isdir(entry.path):
            notes.append(f"{safe_text(entry.path)} is a link to a folder and was not followed")
        elif entry.name.endswith(_SUFFIXES):
            if entry.is_symlink() and not _may_follow(entry.path, (root,), notes):
                continue
            if os.path.isfile(entry.path) and _is_design(entry.path):
                yield entry.path


def _may_follow(link: str, roots: tuple[str, ...], notes: list[str]) -> bool:
    """Whether a link leads to a file inside one of the folders; if not, a note says so."""
    if not os.path.exists(link):
        notes.append(f"{safe_text(link)} is a link that leads nowhere and was not read")
        return False
    target = os.path.realpath(link)
    if any(_is_inside(target, os.path.realpath(root)) for root in roots):
        return True
    notes.append(f"{safe_text(link)} is a link that leads out of its folder and was not read")
    return False


def _is_inside(path: str, root: str) -> bool:
    return path.startswith(root.rstrip(os.sep) + os.sep)


def _is_design(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            beginning = file.read(_SNIFFED).removeprefix(b"\xef\xbb\xbf")
    except OSError as wrong:
        raise _unreadable(path, wrong) from None
    return beginning.startswith(b"sdplan:") or b"\nsdplan:" in beginning


def _unreadable(path: str, wrong: OSError) -> Unreadable:
    reason = {
        "FileNotFoundError": "there is no such file",
        "PermissionError": "reading it is not permitted",
        "NotADirectoryError": "a part of its path is not a folder",
    }.get(type(wrong).__name__, (wrong.strerror or "it can't be opened").lower())
    return Unreadable(f"cannot read {safe_text(path)}: {reason}")
