"""What all tests share: golden files, which `pytest --bless` writes anew for a person to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
