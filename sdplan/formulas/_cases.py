"""The reference cases that each formula reproduces: published and independently computed values.

`cases.json` is written from the project's reference cases by the test that holds every formula to them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("cases.json")


class ReferenceCase(NamedTuple):
    """One value that a formula has to give, in base units."""

    id: str
    inputs: Mapping[str, Any]
    expected: float
    relative: float  # allowed deviation as a share of the expected value
    absolute: float
    source: str

    @property
    def allowed(self) -> float:
        """The largest deviation that still counts as agreement."""
        return max(self.relative * abs(self.expected), self.absolute)


@cache
def reference_cases() -> Mapping[str, tuple[ReferenceCase, ...]]:
    """The cases by the name of the formula."""
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: tuple(ReferenceCase(**case) for case in cases) for name, cases in raw.items()}
