"""Modules that libraries import and a design hardly ever needs: they are loaded when they are first used.

Pydantic imports the metadata of installed packages (for plugins, which are off) and a source of secrets,
numpy the texts of its help.  Together they would be a tenth of a check.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

RARELY_USED = frozenset(
    {
        "importlib.metadata._adapters",  # and with it email and socket
        "zipfile",
        "csv",
        "secrets",  # hashlib, hmac and random
        "numpy._core._add_newdocs",
        "numpy._core._add_newdocs_scalars",
    }
)


class _Later:
    """Finds the modules of the list as others would, and puts off their loading."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in RARELY_USED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def load_later() -> None:
    """Put off the loading of the modules in the list, from now on."""
    sys.meta_path.insert(0, _Later)
