"""What all tests share: the same random examples in every run, and golden files.

`pytest --bless` writes golden files anew for a person to read; `pytest --hypothesis-profile default` draws
other examples.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bless", action="store_true", help="write golden files anew instead of comparing with them"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name, to the last byte."""

    def compare(name: str, actual: str) -> None:
        expected = GOLDEN / name
        if request.config.getoption("--bless"):
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_bytes(actual.encode())
        assert expected.exists(), f"there is no {name} yet: read what `pytest --bless` writes"
        assert actual.encode() == expected.read_bytes()

    return compare
