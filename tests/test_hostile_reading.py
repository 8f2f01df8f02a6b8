"""Every hostile sample is read or refused in its own process: quickly, in little memory, with no crash."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sdplan.source import read_bytes
from tests.hostile_samples import FOLDER, GENERATED, Expected, content, expected

_READING_CODES = {f"SP1{n:02}" for n in range(100)}
_SAMPLES = sorted({path.stem for path in FOLDER.glob("*.yaml")} | set(GENERATED))
_ROOT = Path(__file__).parents[1]

# Peak memory is the process's own (VmHWM): libyaml's share of it would escape tracemalloc.
_CHILD = """
import json, os, resource, sys, time
from sdplan.source import read_bytes
def peak():
    if not os.path.exists("/proc/self/status"):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
raw = sys.stdin.buffer.read()
for warm in (b"a: {b: 1}", b"a: b: c", b"a: &a b"):
    read_bytes(warm, "warm")
before, times = peak(), []
for _ in range(3):
    started = time.process_time()
    document, findings = read_bytes(raw, "sample.yaml")
    times.append(time.process_time() - started)
print(json.dumps({
    "read": document is not None,
    "findings": [[finding.code, finding.message + finding.hint, finding.span] for finding in findings],
    "seconds": min(times), "kilobytes": peak() - before,
}))
"""


@pytest.mark.parametrize("sample", _SAMPLES)
def test_a_hostile_sample_ends_in_a_process_of_its_own(sample: str) -> None:
    child = subprocess.run(
        [sys.executable, "-c", _CHILD],
        input=content(sample),
        capture_output=True,
        cwd=_ROOT,
        timeout=60,
        check=False,
    )

    assert child.returncode == 0, child.stderr.decode()
    assert child.stderr == b""
    outcome = json.loads(child.stdout)
    assert outcome["read"] == (not outcome["findings"])
    assert outcome["seconds"] < (0.3 if outcome["read"] else 0.05)
    assert outcome["kilobytes"] < 60_000
    assert all(len(text) < 600 and span for _, text, span in outcome["findings"])


@pytest.mark.parametrize("row", expected().values(), ids=lambda row: row.sample)
def test_reading_refuses_what_it_is_expected_to_refuse(row: Expected) -> None:
    document, findings = read_bytes(content(row.sample), row.sample)
    wanted = row.codes & _READING_CODES

    assert (document is None) == bool(wanted)
    assert {finding.code for finding in findings} <= row.codes


def test_every_row_names_a_sample_and_every_reading_sample_has_a_row() -> None:
    rows = expected()

    assert set(rows) <= set(_SAMPLES)
    assert {
        sample for sample in _SAMPLES if sample[:2] in {"01", "02", "03", "04", "05", "08", "09", "12", "13"}
    } <= set(rows)


def test_one_refusal_is_one_finding() -> None:
    several = {"02-nonstring-key", "01-many-duplicates"}

    for row in expected().values():
        _, findings = read_bytes(content(row.sample), row.sample)
        assert len(findings) <= (20 if row.sample in several else 1), row.sample


def test_no_sample_touches_a_file() -> None:
    for sample in _SAMPLES:
        read_bytes(content(sample), sample)

    assert not list(_ROOT.glob("PWNED*"))
    assert not list(FOLDER.glob("PWNED*"))
