"""The reference cases by id, and how a computed value is held to one at its tolerance."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "cases"
CASES = {
    case["id"]: case
    for name in ("queueing", "reliability_caches_latency")
    for case in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
}


def pairs(covered):
    """Each case id with the function that computes it."""
    return [
        pytest.param(identity, compute, id=identity)
        for compute, ids in covered.items()
        for identity in ids.split()
    ]


def reproduce(identity, compute):
    case = CASES[identity]
    found, expected = compute(**case["inputs"]), case["expected"]
    common = {name: value for name, value in found.items() if name in expected}

    assert common
    agree(common, expected, allowed(case["tolerance"]))


def allowed(tolerance):
    """The tolerance as pytest takes it; the kind that is not stated is as good as zero."""
    if "kind" in tolerance:
        tolerance = {tolerance["kind"]: tolerance["value"]}
    return {"rel": tolerance.get("rel", 0), "abs": tolerance.get("abs", tolerance.get("che_abs", 1e-300))}


def agree(computed, expected, tolerance):
    if isinstance(expected, dict):
        for name in computed:
            agree(computed[name], expected[name], tolerance)
    elif isinstance(expected, list) and isinstance(expected[0], list):
        for found, published in zip(computed, expected, strict=True):
            agree(found, published, tolerance)
    else:
        assert computed == pytest.approx(expected, **tolerance)
