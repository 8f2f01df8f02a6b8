"""Every hostile sample through `check`, each in its own process: a finding, at once, and nothing else."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hostile_samples import FOLDER, GENERATED, content, expected
from tests.processes import MAIN, ROOT, python
from tests.small_designs import GOOD, MISSPELT

SAMPLES = sorted({path.stem for path in FOLDER.glob("*.yaml")} | set(GENERATED))
EXPECTED = expected()
SECONDS, KILOBYTES = 0.05, 60_000  # beyond what a small design needs that comes as far
SECONDS_A_LINE = 0.1 / 2000  # what a long design may take to read and to validate
TRIES = 5  # the least of several is the sample's own need, and not that of its neighbours

# The process says what it has used when it ends.  Its peak is its own (VmHWM): the one that is counted for
# children begins with that of their parent.
MEASURED = f"""
import json, os, sys, time
def leave(code):
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    with open("used.json", "w") as file:
        json.dump([time.process_time(), peak], file)
    end(code)
end, os._exit = os._exit, leave
{MAIN}
"""


class Ran(NamedTuple):
    """What came of one run."""

    code: int
    stdout: bytes
    stderr: bytes
    seconds: float
    kilobytes: int


def check(folder: Path, raw: bytes) -> Ran:
    (folder / "sample.yaml").write_bytes(raw)
    done = python("-c", MEASURED, "check", "sample.yaml", cwd=folder, XDG_CACHE_HOME=str(folder))
    seconds, kilobytes = json.loads((folder / "used.json").read_text())
    return Ran(done.returncode, done.stdout, done.stderr, seconds, kilobytes)


@cache
def needed(folder: Path, raw: bytes) -> tuple[float, int]:
    runs = [check(folder, raw) for _ in range(TRIES)]
    return min(run.seconds for run in runs), min(run.kilobytes for run in runs)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("small")


def as_far_as(ran: Ran) -> str:
    """A small design with the same outcome, found at the same stage."""
    if ran.code == 0:
        return GOOD
    if b"SP305" in ran.stdout or b"SP306" in ran.stdout:
        return GOOD + "inputs: {nothing: = 1 / 0}\n"
    return MISSPELT


def allowed(raw: bytes, ran: Ran) -> float:
    """Seconds for a sample: its length counts only where it was read to its end."""
    was_read = not re.search(rb"error SP1\d\d", ran.stdout)
    return SECONDS + (SECONDS_A_LINE * raw.count(b"\n") if was_read else 0)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_hostile_sample_ends_as_expected_and_at_once(sample: str, tmp_path: Path, small: Path) -> None:
    raw = content(sample)
    ran = check(tmp_path, raw)
    seconds, kilobytes = needed(small, as_far_as(ran).encode())
    most = seconds + allowed(raw, ran), kilobytes + KILOBYTES
    tries = 1
    while (ran.seconds > most[0] or ran.kilobytes > most[1]) and tries < TRIES:
        ran, tries = check(tmp_path, raw), tries + 1

    assert ran.code in (0, 1, 2)
    assert b"Traceback" not in ran.stdout + ran.stderr
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]", ran.stdout)
    assert ran.seconds <= most[0]
    assert ran.kilobytes <= most[1]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["sample.yaml", "used.json"]


@pytest.mark.parametrize("sample", EXPECTED)
def test_a_hostile_sample_is_told_by_its_code(sample: str, tmp_path: Path) -> None:
    row = EXPECTED[sample]
    ran = check(tmp_path, content(sample))
    places = re.findall(r"^sample\.yaml:(\d+:\d+): error (\w+) \S", ran.stdout.decode(), re.MULTILINE)

    assert ran.code == row.exit, ran.stdout.decode()
    assert ran.stderr == b""
    assert bool(places) == bool(row.exit)
    assert {code for _, code in places} <= row.codes
    assert len(places) == len(set(places))
    assert max(map(len, ran.stdout.decode().splitlines())) < 700


def test_nothing_was_left_behind_by_what_the_samples_tried() -> None:
    assert not list(ROOT.glob("PWNED*"))
    assert not list(Path("/tmp").glob("PWNED*"))
