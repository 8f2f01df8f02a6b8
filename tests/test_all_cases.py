"""Every reference case of the three files is reproduced by a test, or is left here by name with the reason."""

import json
import sys
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from tests import test_seed_cases as seeds

TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS / "formulas"))
MODULES = [import_module(file.stem) for file in sorted((TESTS / "formulas").glob("test_reference_*.py"))]
# each names a file of another project instead of its inputs, under a licence that keeps it out of here
LEFT = {"ft-baobab1", "ft-ne574"}.union(*(getattr(module, "LEFT", ()) for module in MODULES))
TABLES = [
    table
    for module in MODULES
    for table in (getattr(module, "COVERED", {}), getattr(module, "MORE", {}))  # functions to ids
]
REPRODUCED = {identity for table in TABLES for ids in table.values() for identity in ids.split()}.union(
    *(getattr(module, "APART", ()) for module in MODULES)
)


def ids(file):
    read = json.loads if file.endswith(".json") else yaml.safe_load
    return {case["id"] for case in read((TESTS / "cases" / file).read_text(encoding="utf-8"))}


@pytest.mark.parametrize("file", ["reliability_caches_latency.json", "queueing.json"])
def test_every_reference_case_is_reproduced_or_left_by_name(file):
    assert ids(file) - REPRODUCED == LEFT & ids(file)


def test_few_cases_are_left_and_none_of_them_is_reproduced():
    assert len(LEFT) <= 5
    assert not LEFT & REPRODUCED


def test_every_case_of_the_seed_documents_is_reproduced():
    assert ids("seed_cases.yaml") == seeds.COVERED
