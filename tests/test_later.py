"""What is loaded later is the same when it is used."""

from __future__ import annotations

from pathlib import Path

from tests.processes import python

LATER = "from sdplan.cli.later import RARELY_USED, load_later; load_later()\n"


def test_a_module_that_is_loaded_later_works_when_it_is_used(tmp_path: Path) -> None:
    code = """
import sys, importlib.metadata, secrets, zipfile, numpy
assert "email.message" not in sys.modules and "hmac" not in sys.modules
print(importlib.metadata.version("numpy") == numpy.__version__)
print(importlib.metadata.metadata("numpy")["Name"], len(secrets.token_bytes(4)), zipfile.ZIP_STORED)
print("email.message" in sys.modules, "hmac" in sys.modules)
"""
    run = python("-c", LATER + code, cwd=tmp_path)

    assert run.stderr == b""
    assert run.stdout == b"True\nnumpy 4 0\nTrue True\n"


def test_every_module_of_the_list_exists(tmp_path: Path) -> None:
    code = "from importlib.util import find_spec\nprint([n for n in RARELY_USED if find_spec(n) is None])"

    assert python("-c", LATER + code, cwd=tmp_path).stdout == b"[]\n"
