"""The pages of rules."""

from __future__ import annotations


def rule_pages() -> dict[str, str]:
    """One page a rule."""
    return {}
