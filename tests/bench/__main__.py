"""Prints the tables of the floors, each with its ratio to a peer or to a limit, as Markdown."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.bench import computing, peers, solving
from tests.bench.long_design import long_design
from tests.bench.test_reading_time import FLOOR, read_and_validate
from tests.bench.timing import Command, Took, clean_environment, interleaved, median

ROOT = Path(__file__).parents[2]
DESIGN = ROOT / "designs" / "url-shortener.yaml"
SMALL = ROOT / "designs" / "order-service.yaml"
ROUNDS = 15
MAIN = "from sdplan.entry import main; main()"
GROUPS = 12


def main() -> None:
    """Measure everything, and print it as Markdown."""
    with tempfile.TemporaryDirectory(prefix="sdplan-bench-") as folder:
        environment = {**clean_environment(folder), "PYTHONPATH": str(ROOT)}
        times = interleaved(commands(folder), ROUNDS, environment)
        said = f"{DESIGN.relative_to(ROOT)}, small: {SMALL.relative_to(ROOT)}"
        print(f"Medians of {ROUNDS} interleaved rounds on {said}.\n")
        print(ratios({name: median(each) for name, each in times.items()}))
        print(reading())
        for table in (solving.table, computing.table, peers.network, peers.simulation):
            print(table())
        print(where_it_goes(environment))


def commands(folder: str) -> dict[str, Command]:
    """What is run beside each other; the schema is written first."""
    schema = Path(folder) / "schema.json"
    with schema.open("wb") as file:
        subprocess.run([sys.executable, "-c", MAIN, "schema"], cwd=ROOT, stdout=file, check=True)
    peer = Path(sys.executable).with_name("check-jsonschema")
    check = [*launcher(), "check", str(DESIGN)]
    forget = partial(shutil.rmtree, f"{folder}/cache", ignore_errors=True)
    return {
        "python -c pass": Command([sys.executable, "-c", "pass"]),
        "check-jsonschema": Command([str(peer), "--schemafile", str(schema), str(DESIGN)]),
        "sdplan check, cold": Command(check, forget),
        "sdplan check, repeated": Command(check),
        "check-jsonschema, small": Command([str(peer), "--schemafile", str(schema), str(SMALL)]),
        "sdplan check, cold, small": Command([*launcher(), "check", str(SMALL)], forget),
    }


def launcher() -> list[str]:
    """The console script that is installed beside this interpreter, or what it would do."""
    script = Path(sys.executable).with_name("sdplan")
    return [str(script)] if script.exists() else [sys.executable, "-c", MAIN]


def ratios(times: Mapping[str, Took]) -> str:
    """The table of times and of what they are held to."""
    against = {
        "sdplan check, cold": ("check-jsonschema", "at most 0.75, goal 0.6"),
        "sdplan check, repeated": ("python -c pass", "at most 3"),
        "sdplan check, cold, small": ("check-jsonschema, small", "at most 0.75, goal 0.6"),
    }
    rows = ["| | wall | processor | ratio (wall, processor) | floor |", "|---|---:|---:|---:|---|"]
    for name, took in times.items():
        other, floor = against.get(name, ("", ""))
        beside = times.get(other)
        ratio = "" if beside is None else f"{took.wall / beside.wall:.2f}, {took.cpu / beside.cpu:.2f}"
        rows.append(f"| {name} | {1e3 * took.wall:.0f} ms | {1e3 * took.cpu:.0f} ms | {ratio} | {floor} |")
    return "\n".join(rows) + "\n"


def reading() -> str:
    """How long a design of 2,000 lines takes to read and to validate."""
    text = long_design(2000)
    read_and_validate(long_design(40))
    best = min(read_and_validate(text) for _ in range(5))
    lines = text.count("\n")
    return f"Reading and validating {lines:,} lines: {1e3 * best:.0f} ms (at most {1e3 * FLOOR:.0f} ms).\n"


def where_it_goes(environment: Mapping[str, str]) -> str:
    """The time of imports in a cold check, by package, as the interpreter reports it."""
    arguments = [sys.executable, "-X", "importtime", "-c", MAIN, "check", str(DESIGN)]
    shutil.rmtree(environment["XDG_CACHE_HOME"], ignore_errors=True)
    done = subprocess.run(arguments, env=dict(environment), capture_output=True, text=True, check=False)
    spent: Counter[str] = Counter()
    for line in done.stderr.splitlines():
        cells = line.removeprefix("import time:").split("|")
        if len(cells) == 3 and cells[0].strip().isdigit():
            spent[_group(cells[2].strip())] += int(cells[0])
    rows = [
        f"| {group} | {microseconds / 1000:.1f} ms |" for group, microseconds in spent.most_common(GROUPS)
    ]
    return "\n".join(["| imports of a cold check | own time |", "|---|---:|", *rows]) + "\n"


def _group(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "sdplan" else parts[0]


main()
