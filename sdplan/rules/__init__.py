"""Rules: one file each, holding its page, its examples and its check.

A rule is found by standing in a folder of its area, so adding one is adding a file.  Its docstring is its
page, and its examples are its tests: `FAIL` marks the lines that are found with `# <- CODE`, `PASS` is
free of that finding.  A fault that keeps a design from being solved is found by an earlier stage; its file
holds the page and the examples, and no check.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Literal, NamedTuple

from sdplan.findings import Finding, Severity

if TYPE_CHECKING:
    from sdplan.solve.solution import Solution
    from sdplan.spec.design import Design

Confidence = Literal["high", "medium", "low"]
Check = Callable[["Design", "Solution"], Iterator[Finding]]


class Rule(NamedTuple):
    """One fault: how it is called, how bad and how sure it is, what its page says, and what finds it."""

    code: str
    name: str  # the fault, as in its file's name: single-replica
    area: str  # the folder that it stands in: availability
    severity: Severity
    confidence: Confidence
    title: str
    page: str  # the whole docstring, Markdown
    fail: tuple[str, ...]
    passes: tuple[str, ...]
    check: Check | None  # None where an earlier stage finds it


@cache
def registry() -> Mapping[str, Rule]:
    """Every rule by its code, in the order of the codes."""
    found = [_rule(area, name) for area in _below(__path__, folders=True) for name in _files(area)]
    return MappingProxyType({rule.code: rule for rule in sorted(found)})


def _below(path: list[str], *, folders: bool) -> list[str]:
    return [info.name for info in pkgutil.iter_modules(path) if info.ispkg is folders]


def _files(area: str) -> list[str]:
    package = importlib.import_module(f"{__name__}.{area}")
    return _below(list(package.__path__), folders=False)


def _rule(area: str, name: str) -> Rule:
    module: ModuleType = importlib.import_module(f"{__name__}.{area}.{name}")
    page = (module.__doc__ or "").strip()
    return Rule(
        code=module.CODE,
        name=name.replace("_", "-"),
        area=area,
        severity=module.SEVERITY,
        confidence=module.CONFIDENCE,
        title=page.split("\n", 1)[0].rstrip("."),
        page=page,
        fail=tuple(text.lstrip("\n") for text in module.FAIL),
        passes=tuple(text.lstrip("\n") for text in module.PASS),
        check=getattr(module, "check", None),
    )
