"""The version that is installed."""

from __future__ import annotations


def version() -> str:
    """The version of the installed package, or that it is not installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("sdplan")
    except PackageNotFoundError:
        return "0+not.installed"
