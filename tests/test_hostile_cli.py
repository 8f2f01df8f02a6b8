"""Every hostile sample through `check`, each in a process of its own: a finding, at once, and nothing else."""

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
SECONDS, KILOBYTES = 0.05, 60_000  # beyond what a small design with the same outcome needs
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


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_hostile_sample_ends_as_expected_and_at_once(sample: str, tmp_path: Path, small: Path) -> None:
    ran = check(tmp_path, content(sample))
    seconds, kilobytes = needed(small, (GOOD if ran.code == 0 else MISSPELT).encode())
    tries = 1
    while (ran.seconds > seconds + SECONDS or ran.kilobytes > kilobytes + KILOBYTES) and tries < TRIES:
        ran, tries = check(tmp_path, content(sample)), tries + 1

    assert ran.code in (0, 1, 2)
    assert b"Traceback" not in ran.stdout + ran.stderr
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]", ran.stdout)
    assert ran.seconds <= seconds + SECONDS
    assert ran.kilobytes <= kilobytes + KILOBYTES
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
    assert len(places) == len({place for place, _ in places})
    assert max(map(len, ran.stdout.decode().splitlines())) < 700


def test_nothing_was_left_behind_by_what_the_samples_tried() -> None:
    assert not list(ROOT.glob("PWNED*"))
    assert not list(Path("/tmp").glob("PWNED*"))
