"""Answers that were given before: a check whose every input is unchanged is not worked out again.

An answer lies in the user's cache folder, under a key made of the program, the folder, the arguments and the
colour, and it names every file and folder that was looked at with a digest of what was there.  It is good
until the end of the day (UTC), because findings may carry dates.  Whatever is odd about it, it is ignored.

An unchanged check costs little more than the start of the interpreter, so nothing is imported here that the
interpreter has not loaded itself, but for its own hash.
"""

import os
import sys
import time
from _blake2 import blake2b
from stat import S_ISDIR, S_ISLNK, S_ISREG

BROKEN_PIPE = 141  # the exit code of a program that its reader has left
MOST_ANSWERS = 200
MOST_BYTES = (1 << 20) + 1  # of one file: no more is read of a design either
MOST_LOOKED_AT = 5000  # files and folders of one check

_MARK = b"sdplan answer 1\n"
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

Look = tuple[str, str]
"""A path that was looked at, and the digest of what was there."""


class Uncertain(Exception):
    """Something that no digest can stand for: a pipe, a device, a cache inside of what is checked."""


def recall(arguments: list[str], *, colour: bool) -> tuple[int, bytes] | None:
    """The exit code and the output of an earlier check with these arguments, if nothing has changed since."""
    try:
        with open(_place(arguments, colour), "rb") as file:
            mark, digest, stored = file.readline(), file.readline(), file.read()
        if mark != _MARK or digest != _digest(stored) + b"\n":
            return None
        head, _, rest = stored.partition(b"\n")
        day, code, count = map(int, head.split())
        *lines, output = rest.split(b"\n", count)
        if day != today() or not all(_is_same(line) for line in lines):
            return None
    except (OSError, ValueError, Uncertain):
        return None
    return code, output


def remember(arguments: list[str], looks: list[Look], code: int, output: bytes, *, colour: bool) -> None:
    """Keep the answer of a check; `looks` is what was there before it began."""
    try:
        if not looks or looks != look_at(arguments):
            return
        lines = [b"%d %d %d" % (today(), code, len(looks))]
        lines += [digest.encode() + b" " + os.fsencode(path) for path, digest in looks]
        stored = b"\n".join([*lines, output])
        _write(_place(arguments, colour), _MARK + _digest(stored) + b"\n" + stored)
    except (OSError, ValueError, Uncertain):
        return  # an answer that can't be kept is worked out again


def look_at(arguments: list[str]) -> list[Look]:
    """Every file and folder that a check of these arguments looks at, with the digest of what is there.

    The list is empty where no digest can stand for what is there; such a check is never remembered.
    """
    looks: list[Look] = []
    try:
        for path in _paths(arguments):
            if "\n" in path or len(looks) == MOST_LOOKED_AT:
                return []
            looks.append((path, _seen(path)))
    except (OSError, ValueError, Uncertain):
        return []
    return looks


def in_colour() -> bool:
    """Whether the standard output is a terminal whose user has nothing against colour."""
    if sys.stdout is None or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


def today() -> int:
    """The number of the day, the same in every time zone."""
    return int(time.time() // 86400)


def _paths(arguments: list[str]) -> list[str]:
    """The arguments, and below folders every folder and YAML file that is not hidden."""
    paths = []
    for path in arguments:
        paths.append(path)
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            designs = sorted(name for name in files if name.endswith((".yaml", ".yml")))
            paths += [os.path.join(folder, name) for name in [*folders, *designs]]
    return paths


def _is_same(line: bytes) -> bool:
    digest, _, path = line.partition(b" ")
    return _seen(os.fsdecode(path)).encode() == digest


def _seen(path: str) -> str:
    """The digest of a path: of its kind, its target if it is a link, and its names or bytes."""
    mode = os.lstat(path).st_mode
    parts = []
    if S_ISLNK(mode):
        parts.append(b"link " + os.fsencode(os.readlink(path)))
        if not os.path.exists(path):
            return _digest(*parts).decode()
        mode = os.stat(path).st_mode
    if S_ISDIR(mode):
        with os.scandir(path) as entries:
            parts += sorted(b"%s %d" % (os.fsencode(each.name), _kind(each)) for each in entries)
    elif S_ISREG(mode):
        with open(path, "rb") as file:
            parts.append(file.read(MOST_BYTES))
    else:
        raise Uncertain
    return _digest(b"folder" if S_ISDIR(mode) else b"file", *parts).decode()


def _kind(entry: "os.DirEntry[str]") -> int:
    return 2 * entry.is_symlink() + entry.is_dir()


def _digest(*parts: bytes) -> bytes:
    digest = blake2b(digest_size=20)
    for part in parts:
        digest.update(b"%d " % len(part) + part)
    return digest.hexdigest().encode()


def _place(arguments: list[str], colour: bool) -> str:
    """The file that holds the answer, in a folder that is ours alone and outside of what is checked."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.realpath(os.path.join(base, "sdplan"))
    here = os.getcwd()
    for path in (here, *arguments):
        tree = os.path.realpath(path if os.path.isdir(path) else os.path.dirname(path) or ".")
        if folder.startswith(tree.rstrip(os.sep) + os.sep):
            raise Uncertain
    key = _digest(_program(), os.fsencode(here), b"%d" % colour, *map(os.fsencode, arguments))
    return os.path.join(folder, key.decode())


def _program() -> bytes:
    """What stands for this very program: the interpreter, the installed packages, and its own files."""
    installed = [path for path in sys.path if path.endswith("-packages") and os.path.isdir(path)]
    changed = [f"{path} {os.stat(path).st_mtime_ns}" for path in installed]
    return os.fsencode("\n".join([sys.version, *changed, *_stamps(_PACKAGE)]))


def _stamps(folder: str) -> list[str]:
    """Path, size and time of every file of the program: an edited checkout gives no old answers."""
    stamps = []
    with os.scandir(folder) as entries:
        for each in entries:
            if each.name.endswith((".py", ".yaml")):
                found = each.stat()
                stamps.append(f"{each.path} {found.st_size} {found.st_mtime_ns}")
            elif "." not in each.name and each.name != "__pycache__" and each.is_dir():
                stamps += _stamps(each.path)
    return sorted(stamps)


def _write(place: str, content: bytes) -> None:
    folder = os.path.dirname(place)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if _is_open_to_others(folder):
        return
    draft = f"{place}.{os.urandom(8).hex()}"
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        os.replace(draft, place)
    except OSError:
        if os.path.lexists(draft):
            os.unlink(draft)
        raise
    _make_room(folder)


def _is_open_to_others(folder: str) -> bool:
    found = os.stat(folder)
    return os.name == "posix" and (found.st_uid != os.geteuid() or bool(found.st_mode & 0o022))


def _make_room(folder: str) -> None:
    with os.scandir(folder) as entries:
        kept = sorted(((each.stat().st_mtime_ns, each.path) for each in entries), reverse=True)
    for _, path in kept[MOST_ANSWERS:]:
        os.unlink(path)
