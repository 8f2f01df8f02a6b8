"""The hostile samples: those that are stored, those that are too large for it, and what must come of each."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "cases" / "hostile"
HEAD = "sdplan: 1\nid: hostile\ntitle: A hostile sample\n"


class Expected(NamedTuple):
    """What must come of one sample: the exit code of a check, and the codes of which it must report one."""

    sample: str
    hazard: str
    exit: int
    codes: frozenset[str]


def _block(levels: int) -> str:
    return HEAD + "".join("  " * level + "k:\n" for level in range(levels))


def _map_of(count: int, entry: str) -> str:
    return HEAD + "components:\n" + "".join(entry.format(n=n) for n in range(count))


GENERATED: dict[str, Callable[[], str]] = {
    "01-deep-block": lambda: _block(1500),
    "01-deep-block-short": lambda: _block(200),
    "01-nest-100k": lambda: "x: " + "[" * 100_000 + "]" * 100_000,
    "01-nest-maps": lambda: "x: " + "{a: " * 100_000,
    "01-long-scalar": lambda: HEAD + "summary: '" + "a" * 2_000_000 + "'\n",
    "01-long-text": lambda: HEAD + "summary: '" + "a" * 70_000 + "'\n",
    "01-long-key": lambda: HEAD + "? " + "a" * 70_000 + "\n: b\n",
    "01-many-docs": lambda: "---\na: 1\n" * 20_000,
    "01-many-bytes": lambda: "# " + "x" * 10_000_000,
    "01-many-nodes": lambda: HEAD + "tags: [" + "a," * 300_000 + "]\n",
    "01-many-duplicates": lambda: HEAD + "owner: me\n" * 15_000,
    "01-many-directives": lambda: "%TAG !a! tag:x\n" * 60_000 + "---\n" + HEAD,
    "01-many-findings": lambda: _map_of(5000, "  bad-{n}: {{kind: service, replicas: -1}}\n"),
    "11-markdown-70k": lambda: HEAD + "summary: '" + "A" * 70_000 + "'\n",
    "12-redos-spaces": lambda: HEAD + "inputs:\n  a: '1" + " " * 50_000 + "x'\n",
    "12-redos-letters": lambda: HEAD + "inputs:\n  a: '" + "a" * 50_000 + "!'\n",
    "12-redos-key": lambda: HEAD + "components:\n  ? " + "a" * 50_000 + "!\n  : {kind: service}\n",
    "12-redos-colons": lambda: HEAD + "summary: " + "a:b" * 20_000 + ": c\n",
    "12-redos-braces": lambda: HEAD + "summary: " + "{{ a" * 15_000 + "\n",
    "12-redos-quotes": lambda: HEAD + 'summary: "' + '\\"' * 30_000 + "\n",
}


def expected() -> dict[str, Expected]:
    """The rows of EXPECTED.tsv by sample."""
    with (FOLDER / "EXPECTED.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {
        row["sample"]: Expected(
            row["sample"], row["hazard"], int(row["exit"]), frozenset(row["codes"].split())
        )
        for row in rows
    }


def content(sample: str) -> bytes:
    """The bytes of a sample, stored or generated."""
    stored = FOLDER / f"{sample}.yaml"
    return stored.read_bytes() if stored.exists() else GENERATED[sample]().encode()
